// “Received” and “read”: told to the server at most every 200 ms per conversation.

import { endOf, isOwn, moveOwn } from "./conversations.js";
import { send } from "./socket.js";

const PACE = 200; // ms
const timers = new Map();

/** Tells that all up to the end of the run was received, if that is news and has no hole. */
export function tellReceived(conversation) {
  const { run, received_seq } = conversation;
  const end = endOf(conversation);
  if (!run.length || run[0].seq > received_seq + 1 || end <= received_seq) return;
  if (saysNews(conversation, received_seq)) tell("received", conversation, end);
}

/** Tells that all up to `seq` was seen: what was read was received. */
export function tellRead(conversation, seq) {
  if (seq <= conversation.read_seq || !saysNews(conversation, conversation.read_seq)) return;
  if (seq > conversation.received_seq) tell("received", conversation, seq);
  tell("read", conversation, seq);
}

/** Whether others wrote anything after `seq`: one's own messages move no cursor. */
function saysNews({ run }, seq) {
  return run.length > 0 && (run[0].seq > seq + 1 || !run.slice(seq + 1 - run[0].seq).every(isOwn));
}

/** Moves a cursor here at once, and on the server soon. */
export function tell(kind, conversation, seq) {
  moveOwn(conversation, kind, seq);
  const key = `${kind} ${conversation.id}`;
  if (timers.has(key)) return;
  timers.set(key, setTimeout(post, PACE, kind, conversation, key));
}

/** Without a connection nothing is lost: `repeat` tells it after the next hello. */
function post(kind, conversation, key) {
  timers.delete(key);
  send({ type: kind, conversation: conversation.id, seq: conversation[`${kind}_seq`] });
}

/** After a hello: tells again what the server, by its own word, has not heard. */
export function repeat(conversation, wire) {
  for (const kind of ["received", "read"]) {
    const seq = conversation[`${kind}_seq`];
    if (seq > wire[`${kind}_seq`]) tell(kind, conversation, seq);
  }
}
