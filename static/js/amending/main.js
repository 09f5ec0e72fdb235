// What can be done with a message that is there: editing, deleting, copying. Fetched when somebody
// first points at one.

import { styled } from "../cards/style.js";
import { startMenu } from "./opening.js";

export { editLast } from "./editor.js";

await styled("cards", "amending");
startMenu();
