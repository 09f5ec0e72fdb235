// All that shows devices; fetched when somebody first looks at one.

import "./rows.js";
import { startCard } from "./card.js";
import { startFeed } from "./feed.js";
import { styled } from "./style.js";

export { shorten } from "./groups.js";
export { itemsOf } from "./merge.js";

await styled();
startFeed();
startCard();
