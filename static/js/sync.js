// Hello, live messages and healing: what the server has and this page lacks is asked for.

import * as held from "./conversations.js";
import { repeat, tellReceived } from "./cursors.js";
import { whole } from "./later.js";
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

/** Takes over what the server says; the ids of those it has news of. */
export function newsIn(list, first = false) {
  const news = list.filter((wire) => {
    const conversation = held.learn(wire, first);
    repeat(conversation, wire);
    return lacks(conversation) || conversation.heard < conversation.changes;
  });
  return news.map(({ id }) => id);
}

/** Whether messages are missing; too many are not fetched, but begun after. */
function lacks(conversation) {
  const { last_seq, received_seq, first_seq } = conversation;
  const end = held.endOf(conversation);
  if (end === last_seq) return false;
  const goesOn = end !== null && end >= first_seq - 1 && end < last_seq;
  if (goesOn && last_seq - end <= MOST) return true;
  const few = last_seq - received_seq <= MOST;
  const base = Math.max(few ? Math.min(received_seq, last_seq - 1) : last_seq - 1, first_seq - 1, 0);
  held.restart(conversation, base);
  return true;
}

/** What is held but was not among the latest 200 may have news too. */
function catchUpOthers(named) {
  for (const [id, conversation] of state.conversations) {
    if (named.has(id) || !conversation.onServer) continue;
    ask([id], () => held.forgetConversation(id));
  }
}

/** Asks for what is newer, and what was changed, on and on until all is there. */
export async function ask(ids, refused = () => {}) {
  if (ids.length === 0) return;
  const asked = ids.map(held.ensure);
  const before = asked.map(standOf);
  const byId = (field) => Object.fromEntries(before.map((stand) => [stand.id, stand[field]]));
  for (const id of ids) healing.add(id);
  try {
    const answer = await request({ type: "sync", since: byId("end"), changes: byId("heard") });
    for (const id of ids) healing.delete(id);
    for (const stand of before) hear(stand, answer);
    finish(ids.filter((id) => !answer.more.includes(id)));
    ask(before.filter((stand) => isUnfinished(stand, answer)).map(({ id }) => id));
  } catch (error) {
    for (const id of ids) healing.delete(id);
    if (error.code === "not_found") refused();
    again(error, () => ask(ids, refused));
  }
}

/** How far this page has come in a conversation. */
const standOf = (conversation) => {
  const { id, heard, changes } = conversation;
  return { id, heard, changes, end: held.endOf(conversation) ?? 0 };
};

/** What was changed up to when it was asked has been told, unless there is more. */
function hear({ id, changes }, { more, changes: told }) {
  const conversation = held.ensure(id);
  const all = more.includes(id) ? 0 : changes;
  conversation.heard = Math.max(conversation.heard, told[id] ?? 0, all);
}

/** Whether to ask once more; not where the last time brought nothing, and nothing is new since. */
function isUnfinished(before, { more }) {
  const { id, end, heard, changes } = standOf(held.ensure(before.id));
  const goesOn = end > before.end || heard > before.heard || changes > before.changes;
  return goesOn && (more.includes(id) || heard < changes);
}

/** All that exists has come, so no hole can be left; were there one, what came is shown. */
function finish(ids) {
  for (const id of ids) {
    const conversation = held.ensure(id);
    if (conversation.ahead.size) held.leap(conversation);
    tellReceived(conversation);
  }
}

onFrame("message", ({ message }) => take(message));
onFrame("messages", ({ messages }) => messages.forEach((message) => take(message)));

/** Takes in a message, from wherever it came; `key` is the id by which this page sent it. */
export function take(message, key = null) {
  stopTyping(message.conversation, message.sender);
  const whole = held.accept(message, key);
  const conversation = held.ensure(message.conversation);
  if (whole) tellReceived(conversation);
  else heal(conversation);
}

/** What is lost is asked for. */
function heal({ id }) {
  if (!healing.has(id)) ask([id]);
}

/** Changes are counted, too, so that a lost one is noticed. */
onFrame("changed", ({ message, number }) => {
  const conversation = state.conversations.get(message.conversation);
  if (!conversation) return;
  held.amend(conversation, message);
  if (number === conversation.heard + 1) conversation.heard = number;
  conversation.changes = Math.max(conversation.changes, number);
  if (conversation.heard < conversation.changes) heal(conversation);
});

onFrame("conversation", ({ conversation }) => held.learn(conversation));
onFrame("left", ({ conversation }) => held.forgetConversation(conversation));

for (const kind of ["received", "read"]) {
  onFrame(kind, ({ conversation, user, seq }) => {
    const move = user === state.me.name ? held.moveOwn : held.moveTheirs;
    move(held.ensure(conversation), kind, seq);
  });
}

for (const [type, part] of [["typing", "typing"], ["delta", "growing"]])
  onFrame(type, (frame) => whole(part).then((its) => its.heard(frame), () => {}));

export function stopTyping(conversation, user) {
  if (state.typing.get(conversation)?.delete(user)) touch("status", "list");
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
