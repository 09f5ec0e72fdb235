/**
 * 128 random bits in hex. Not crypto.randomUUID: over plain HTTP with a name other than
 * localhost browsers leave that out, while getRandomValues is always there.
 */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
