// All that shows bots; fetched when somebody first looks at one.

import { styled } from "../cards/style.js";
import "./rows.js";
import { startCard } from "./card.js";
import { startWriting } from "./writing.js";

export { itemsOf } from "./items.js";

await styled("cards", "bots");
startCard();
startWriting();
