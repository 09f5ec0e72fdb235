// Bots' answers that are being written, as far as they have come; bots/ draws them. Fetched with
// the first word of one.

import { state, touch } from "../store.js";

const FORGOTTEN = 90_000; // ms without a word: nobody writes it any more

/** Of a conversation, in the order of their begin: those that the stored message has not replaced,
 * and that go on. */
export const growingIn = ({ id, run, isPast }) =>
  [...state.growing.values()].filter((each) => each.conversation === id && !isPast && !isOver(each, run));

function isOver({ reply_to, sender }, run) {
  const asked = run.findIndex(({ id }) => id === reply_to);
  const ends = ({ kind, data }, at) =>
    data?.reply_to === reply_to || (kind === "notice" && asked >= 0 && at > asked && silences(data, sender));
  return run.some(ends);
}

/** Who was removed from a room says nothing there any more; in a closed one nobody does. */
const silences = (data, sender) =>
  data?.event === "closed" || (data?.event === "removed" && data.user === sender);

/** To be called with each `delta` frame. */
export function heard(frame) {
  const { reply_to } = frame;
  const { since = new Date(), timer } = state.growing.get(reply_to) ?? {};
  clearTimeout(timer);
  state.growing.set(reply_to, { ...frame, since, at: Date.now(), timer: setTimeout(forget, FORGOTTEN, reply_to) });
  touch("log", "list");
}

function forget(question) {
  state.growing.delete(question);
  touch("log", "list");
}
