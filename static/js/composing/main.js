// What belongs to writing a message; fetched with the first text in the box.

import { drawChip } from "./chip.js";
import { tellTyping } from "./typing.js";

export { ask } from "./chip.js";
export { stopTelling } from "./typing.js";

/** To be called at each keystroke, with the id of what is open, or null. */
export function typed(conversation) {
  if (document.getElementById("box").value.trim()) tellTyping(conversation);
  drawChip();
}
