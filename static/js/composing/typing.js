// Telling the other side that one is typing.

import { send } from "../socket.js";
import { state } from "../store.js";

const PACE = 3_000; // ms between two frames
let last = { conversation: null, at: 0 };

/** To be called at each keystroke. */
export function tellTyping(id) {
  const conversation = state.conversations.get(id);
  if (!conversation?.onServer || conversation.partner === state.me.name) return;
  if (last.conversation === id && Date.now() - last.at < PACE) return;
  if (send({ type: "typing", conversation: id })) last = { conversation: id, at: Date.now() };
}

/** After a message was sent, the next keystroke is news again. */
export function stopTelling() {
  last = { conversation: null, at: 0 };
}
