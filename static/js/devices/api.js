// What the server knows of devices, over HTTP.

const ROOT = "/api/v1/devices";
const WITHIN = 10_000; // ms

/** All devices that one may see, and the server's time: what `GET /api/v1/devices` gives. */
export const fetchDevices = () => get(ROOT);

/** One device with its readings in a range (1h, 24h, 7d), summed up over spans of time. */
export const fetchReadings = (name, range) => get(`${ROOT}/${name}/readings?range=${range}`);

/** Rejects where there is no answer, or one that is no success: its `status` says which. */
async function get(path) {
  const signal = AbortSignal.timeout(WITHIN);
  const response = await fetch(path, { headers: { Accept: "application/json" }, signal });
  if (!response.ok) throw { status: response.status };
  return response.json();
}
