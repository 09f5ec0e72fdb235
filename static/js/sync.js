// Hello, live messages and healing: what the server has and this page lacks is asked for.

import * as held from "./conversations.js";
import { repeat, tellReceived } from "./cursors.js";
import { isOnline, onFrame, request } from "./socket.js";
import { state, touch } from "./store.js";

const MOST = 200; // messages fetched of one conversation without anybody looking
const PAGE = 50;
const healing = new Set(); // ids of conversations that a sync is under way for

/** Whoever wants to act when the connection stands: called after each hello. */
const greeters = new Set();
export const onHello = (listener) => greeters.add(listener);

/** Called when presence was told, before it shows. */
export const correctors = new Set();

onFrame("hello", (frame) => {
  Object.assign(state.limits, frame.limits);
  for (const person of state.people.values()) person.online = false;
  takePeople(frame.people);
  state.moreConversations = frame.conversations.length >= 200;
  catchUp(frame.conversations, true);
  for (const listener of greeters) listener();
});

onFrame("resync", resync);

/** Frames may be missing: the same as after a reconnect, without the hello. */
async function resync() {
  try {
    const page = await request({ type: "conversations", before: null, limit: 200 });
    catchUp(page.conversations);
  } catch (error) {
    again(error, resync);
  }
}

/** Tries once more what failed for a passing reason; a closed link is healed by its hello. */
function again(error, action) {
  if (["timeout", "unavailable", "rate_limited"].includes(error.code))
    setTimeout(action, 1000 * (error.retry_after ?? 2));
}

onFrame("presence", (frame) => takePeople(frame.people));

function takePeople(people) {
  for (const person of people) state.people.set(person.name, person);
  for (const correct of correctors) correct();
  touch("people");
}

/** Brings everything held up to what the server says it has. */
function catchUp(list, first = false) {
  healing.clear();
  ask(newsIn(list, first));
  catchUpOthers(new Set(list.map((wire) => wire.id)));
}

/** Takes over what the server says; the seqs after which messages are missing, by id. */
export function newsIn(list, first = false) {
  const since = {};
  for (const wire of list) {
    const conversation = held.learn(wire, first);
    repeat(conversation, wire);
    const from = missingFrom(conversation);
    if (from !== null) since[wire.id] = from;
  }
  return since;
}

/** The seq after which messages are to be fetched, or null where nothing is missing. */
function missingFrom(conversation) {
  const { last_seq, received_seq, first_seq } = conversation;
  const end = held.endOf(conversation);
  if (end === last_seq) return null;
  const goesOn = end !== null && end >= first_seq - 1 && end < last_seq;
  if (goesOn && last_seq - end <= MOST) return end;
  const few = last_seq - received_seq <= MOST;
  const base = Math.max(few ? Math.min(received_seq, last_seq - 1) : last_seq - 1, first_seq - 1, 0);
  held.restart(conversation, base);
  return base;
}

/** What is held but was not among the latest 200 may have news too. */
function catchUpOthers(named) {
  for (const [id, conversation] of state.conversations) {
    if (named.has(id) || !conversation.onServer) continue;
    ask({ [id]: held.endOf(conversation) ?? 0 }, () => held.forgetConversation(id));
  }
}

/** Asks for what is newer, on and on until all is there. */
export async function ask(since, refused = () => {}) {
  const ids = Object.keys(since);
  if (ids.length === 0) return;
  for (const id of ids) healing.add(id);
  try {
    const { more } = await request({ type: "sync", since });
    for (const id of ids) healing.delete(id);
    finish(ids.filter((id) => !more.includes(id)));
    ask(progressed(more, since));
  } catch (error) {
    for (const id of ids) healing.delete(id);
    if (error.code === "not_found") refused();
    again(error, () => ask(since, refused));
  }
}

/** All that exists has come, so no hole can be left; were there one, what came is shown. */
function finish(ids) {
  for (const id of ids) {
    const conversation = held.ensure(id);
    if (conversation.ahead.size) held.leap(conversation);
    tellReceived(conversation);
  }
}

/** The next question; a conversation that did not get further is not asked for again. */
function progressed(more, since) {
  const next = {};
  for (const id of more) {
    const end = held.endOf(held.ensure(id));
    if (end > (since[id] ?? -1)) next[id] = end;
  }
  return next;
}

onFrame("message", ({ message }) => take(message));
onFrame("messages", ({ messages }) => messages.forEach((message) => take(message)));

/** Takes in a message, from wherever it came; `key` is the id by which this page sent it. */
export function take(message, key = null) {
  stopTyping(message.conversation, message.sender);
  const whole = held.accept(message, key);
  const conversation = held.ensure(message.conversation);
  if (whole) tellReceived(conversation);
  else if (!healing.has(conversation.id)) ask({ [conversation.id]: held.endOf(conversation) });
}

onFrame("conversation", ({ conversation }) => held.learn(conversation));
onFrame("left", ({ conversation }) => held.forgetConversation(conversation));

for (const kind of ["received", "read"]) {
  onFrame(kind, ({ conversation, user, seq }) => {
    const move = user === state.me.name ? held.moveOwn : held.moveTheirs;
    move(held.ensure(conversation), kind, seq);
  });
}

const TYPING_LASTS = 5_000; // ms after the last frame

onFrame("typing", ({ conversation, user }) => {
  if (!state.typing.has(conversation)) state.typing.set(conversation, new Map());
  const users = state.typing.get(conversation);
  clearTimeout(users.get(user));
  users.set(user, setTimeout(stopTyping, TYPING_LASTS, conversation, user));
  touch("status", "list");
});

function stopTyping(conversation, user) {
  const users = state.typing.get(conversation);
  if (!users?.has(user)) return;
  clearTimeout(users.get(user));
  users.delete(user);
  touch("status", "list");
}

/** Loads the page of history before what is held. */
export async function loadOlder(conversation, limit = PAGE) {
  if (conversation.loading || !isOnline() || !held.hasOlder(conversation)) return;
  conversation.loading = true;
  const before = conversation.run[0]?.seq ?? null;
  try {
    const page = await request({ type: "history", conversation: conversation.id, before, limit });
    held.prepend(conversation, page.messages);
    if (!page.more && conversation.run.length) conversation.first_seq = conversation.run[0].seq;
    tellReceived(conversation);
    touch("log");
  } catch {
    // The connection bar says what is wrong; scrolling on, or a new hello, asks again.
  }
  conversation.loading = false;
}
