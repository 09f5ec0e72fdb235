// Searching through what was said. Fetched when somebody first does.

import { styled } from "../cards/style.js";

export { show } from "./panel.js";

await styled("search");
