// What can be done with a message that is there: editing, deleting, copying. Fetched when somebody
// first points at one, or has left one half edited.

import { styled } from "../cards/style.js";
import { startMenu } from "./opening.js";
import { startReopening } from "./reopening.js";

export { editLast } from "./editor.js";
export { key } from "./opening.js";

await styled("cards", "amending");
startMenu();
startReopening();
