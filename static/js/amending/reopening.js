// A correction that is half written waits while somebody looks elsewhere.

import { correctionOf, keepCorrection } from "../drafts.js";
import { on, state } from "../store.js";
import { isLost, reopen } from "./editor.js";
import { canEdit, rowOf, shownOne } from "./messages.js";

let shown; // what is open
let waiting = null; // {id, text}, until the row of its message is drawn

export function startReopening() {
  on(["open", "log"], look);
  look();
}

function look() {
  if (shown !== state.open || isLost()) waiting = correctionOf((shown = state.open));
  const message = waiting && shownOne()?.run.find(({ id }) => id === waiting.id);
  const row = message && rowOf(message);
  if (!row) return;
  if (canEdit(message)) reopen(row, message, waiting.text);
  else keepCorrection(shown, null);
  waiting = null;
}
