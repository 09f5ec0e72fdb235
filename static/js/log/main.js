// The log of what is open. Fetched with the first that is, and otherwise soon after the start.

import { startLog } from "../view/log.js";

export { wrote } from "../view/log.js";

startLog();
