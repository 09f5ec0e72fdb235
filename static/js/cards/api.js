// What the server tells over HTTP.

const WITHIN = 10_000; // ms

/** Rejects where there is no answer, or one that is no success: its `status` says which. */
export async function get(path) {
  const signal = AbortSignal.timeout(WITHIN);
  const response = await fetch(path, { headers: { Accept: "application/json" }, signal });
  if (!response.ok) throw { status: response.status };
  return response.json();
}
