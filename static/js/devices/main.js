// All that shows devices; fetched when somebody first looks at one.

import { styled } from "../cards/style.js";
import "./rows.js";
import { startCard } from "./card.js";
import { startFeed } from "./feed.js";

export { shorten } from "./groups.js";
export { itemsOf } from "./merge.js";
export { seek } from "./seeking.js";

await styled("cards", "devices");
startFeed();
startCard();
