// Names of people and rooms, ids of conversations and of messages.

const NAME = /^[a-z0-9][a-z0-9_.-]{0,31}$/;
const ROOM = /^(?:#|room:)(.*)$/;
const ADDRESSED = /^\s*@?([a-z0-9][a-z0-9_.-]{0,31}):(\s*)(?!\/\/)(\S[\s\S]*)$/i;

export const isName = (text) => NAME.test(text);

/** A name as typed, with “@”, spaces or capitals, as it is compared. */
export const normalise = (text) => text.trim().replace(/^@/, "").toLowerCase();

/** The direct conversation of two people: their names sorted by code point. */
export function directId(one, other) {
  return `dm:${[one, other].sort().join(":")}`;
}

/** The id of the room that is written “#lobby”, or as its id; null where it is none. */
export function roomOf(text) {
  const name = ROOM.exec(text)?.[1];
  return name && isName(name) ? `room:${name}` : null;
}

/** What finds “@name” in a text; the same as chat/rooms/mentions.py does. */
export const calling = (name) =>
  new RegExp(`(?<![\\p{L}\\p{N}_@.-])@${name.replaceAll(".", "\\.")}[._-]*(?![a-z0-9_.-])`, "iu");

/** The other side of a direct conversation (oneself in a notebook), a feed's device, or null. */
export function partnerOf(id, me) {
  const [kind, one, other] = id.split(":");
  if (kind === "device") return one;
  if (kind !== "dm" || !other) return null;
  return one === me ? other : one;
}

/** {name, body, plain} where the text is of the form “bob: hello”, else null. `plain`: written
    just as a name is, in small letters and with a space after the colon. */
export function addressed(text) {
  const match = ADDRESSED.exec(text);
  if (!match) return null;
  const [, typed, space, body] = match;
  const name = typed.toLowerCase();
  return { name, body, plain: typed === name && space !== "" };
}

/**
 * 128 random bits in hex. Not crypto.randomUUID: over plain HTTP with a name other than
 * localhost browsers leave that out, while getRandomValues is always there.
 */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
