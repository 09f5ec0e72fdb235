// All that rooms need beyond their lines in the list; fetched when somebody first looks at one.

import { styled } from "../cards/style.js";
import { startBarrier } from "./barrier.js";
import { startCalling } from "./calling.js";
import { startHeader } from "./header.js";
import { startMembers } from "./members.js";
import { startMentions } from "./mentions.js";
import { startPanel } from "./panel.js";

export { browse } from "./browse.js";
export { itemsOf, shorten } from "./items.js";

await styled("cards", "rooms");
startMembers();
startHeader();
startPanel();
startBarrier();
startMentions();
startCalling();
