// What is open, kept in the address (“#dm:alice:bob”), so that reload, Back and links work.

import { direct, ensure, recount, trim } from "./conversations.js";
import { part, whole } from "./later.js";
import { directId, isName, partnerOf, roomOf } from "./lib/names.js";
import { isOnline } from "./socket.js";
import { loadOlder, onHello } from "./sync.js";
import { state, touch } from "./store.js";

export const STORED = "stored";
const FEW = 30; // messages that fill a screen

/** Opens a conversation by its id, STORED, or nothing (null); at the message of `seq`, if given. */
export function open(id, seq) {
  const from = state.open;
  if (seq && id === from) history.replaceState(stateHere(id), "", `#${id}/${seq}`);
  else if (id === from) return;
  else history.pushState({ from }, "", id ? `#${id}${seq ? `/${seq}` : ""}` : location.pathname);
  show(id, seq);
}

/** What lay over the conversation has its own step in the history, below which is the same one. */
const stateHere = (id) => (history.state?.search ? { from: id } : history.state);

export const openName = (name) => open(direct(name).id);

/** Back to the list: in the browser's history if we came from there. */
export function back() {
  if (history.state && history.state.from === null) history.back();
  else open(null);
}

export function startRouting() {
  window.addEventListener("popstate", () => show(...fromAddress()));
  onHello(() => load(state.open));
  onHello(seek);
  show(...fromAddress());
}

/** “#dm:alice:bob”, or “#dm:alice:bob/12” for one message of it: [id or null, seq]. */
function fromAddress() {
  const [id, seq] = location.hash.slice(1).split("/");
  return [isPlace(id) ? id : null, seq];
}

function isPlace(id) {
  const partner = partnerOf(id, state.me.name);
  return id === STORED || roomOf(id) === id || (partner && isName(partner) && id === directId(state.me.name, partner));
}

function show(id, seq) {
  const left = state.conversations.get(state.open);
  if (left) tidy(left);
  state.open = id;
  state.sought = id && seq > 0 ? { id, seq: Number(seq) } : null;
  if (id !== null && id !== STORED) mark(ensure(id));
  load(id);
  touch("open", "log", "list", "status");
  seek();
}

/** Goes to the message that the address names; without a connection, once there is one. */
function seek() {
  const { sought } = state;
  if (sought) whole("context").then(({ find }) => find(sought), () => isOnline() && forget(sought));
}

/** Stays with what is shown: there is no way to that message. */
function forget(sought) {
  if (state.sought === sought) state.sought = null;
  touch("log");
}

function tidy(conversation) {
  if (conversation.gone) state.conversations.delete(conversation.id);
  conversation.past = null;
  trim(conversation);
  conversation.heads.clear();
  conversation.marker = null;
}

/** “New messages” stands before the first that was unread on opening. */
function mark(conversation) {
  recount(conversation);
  conversation.marker = conversation.unread > 0 ? conversation.read_seq : null;
}

/** Looks for one that is older than those told of so far. */
async function find(conversation) {
  if (conversation.loading || !state.moreConversations) return;
  conversation.loading = true;
  await whole("further").then(({ find }) => find(conversation), () => {});
  conversation.loading = false;
  touch("log");
  if (conversation.onServer && state.open === conversation.id) load(conversation.id);
}

/** Enough to fill the screen and, within reason, to reach the first unread message. */
export function load(id) {
  if (id === STORED) {
    part(STORED)?.load();
    return;
  }
  const conversation = state.conversations.get(id);
  if (!conversation?.onServer) {
    if (conversation) find(conversation);
    return;
  }
  if (conversation.marker === null && conversation.run.length === 0) mark(conversation);
  const wanted = Math.min(100, Math.max(FEW, conversation.unread + 10));
  if (conversation.run.length < wanted) loadOlder(conversation, wanted);
}
