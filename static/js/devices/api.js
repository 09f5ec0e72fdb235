// What the server knows of devices.

import { get } from "../cards/api.js";

const ROOT = "/api/v1/devices";

/** All devices that one may see, and the server's time: what `GET /api/v1/devices` gives. */
export const fetchDevices = () => get(ROOT);

/** One device with its readings in a range (1h, 24h, 7d), summed up over spans of time. */
export const fetchReadings = (name, range) => get(`${ROOT}/${name}/readings?range=${range}`);
