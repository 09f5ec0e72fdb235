// Conversations and what is held of them: a run of messages without a hole, and cursors.

import { calling, directId, partnerOf } from "./lib/names.js";
import { state, touch } from "./store.js";

const KEPT = 200; // messages held of a conversation that nobody looks at
const FEED_KEPT = 2_000; // of a feed, which goes on for as long as the page is open
const UNCOUNTED = new Set(["reading", "notice"]); // in a room notices are news, too

/** The conversation of this id; made, empty, where it was not known. */
export function ensure(id) {
  return state.conversations.get(id) ?? add(id);
}

export const isRoom = ({ id }) => id.startsWith("room:");
export const direct = (name) => ensure(directId(state.me.name, name));

/** A device's readings: shown with the direct conversation, never by themselves. */
export const isFeed = ({ id }) => id.startsWith("device:");
export const isDevice = ({ partner }) => state.people.get(partner)?.kind === "device";
export const feedOf = ({ partner }) => state.conversations.get(`device:${partner}`);

function add(id) {
  const conversation = {
    id,
    title: "",
    partner: partnerOf(id, state.me.name),
    onServer: false, // whether the server has told of it
    first_seq: 1,
    last_seq: 0,
    last_at: "",
    received_seq: 0,
    read_seq: 0,
    unread: 0,
    run: [], // messages, seq by seq
    base: null, // while the run is empty: the seq that its first message will follow
    ahead: new Map(), // seq → message beyond a hole
    keys: new Map(), // seq → the id under which this page sent it
    waited: [0, 0], // messages beyond the first seq, up to the second, waited on the server
    marker: null, // the seq after which “New messages” stands
    room: null, // what the server says of a room besides
    gone: false, // whether it is this person's no more, though they look at it
    heads: new Set(), // keys of rows that were drawn with a name, and keep it
    changes: 0, // how often messages were edited or deleted
    heard: 0, // how many of those changes this page knows of
    amended: new Map(), // seq → what a message is since a change
    past: null, // what is shown in place of the run, as context/main.js makes it
    loading: false,
    theirs: { received: 0, read: 0 }, // the other side's cursors
  };
  state.conversations.set(id, conversation);
  return conversation;
}

/**
 * Takes over what the server says of a conversation, keeping cursors that are further here.
 * An answer may be older than a message that overtook it; a hello (`first`) never is.
 */
export function learn(wire, first = false) {
  if (state.conversations.get(wire.id)?.gone) state.conversations.delete(wire.id);
  const conversation = ensure(wire.id);
  const { received_seq, read_seq, theirs, run } = conversation;
  const last_seq = first ? wire.last_seq : Math.max(wire.last_seq, conversation.last_seq);
  Object.assign(conversation, wire, { last_seq, onServer: true });
  conversation.waited = [wire.received_seq, wire.last_seq];
  conversation.received_seq = Math.max(wire.received_seq, Math.min(received_seq, last_seq));
  conversation.read_seq = Math.max(wire.read_seq, Math.min(read_seq, last_seq));
  theirs.received = Math.max(theirs.received, wire.their_received_seq ?? 0);
  theirs.read = Math.max(theirs.read, wire.their_read_seq ?? 0);
  if (last_seq < wire.first_seq) conversation.base = last_seq; // nothing can be read yet
  if (!run.length) conversation.heard = conversation.changes; // what will come says them already
  if (isFeed(wire)) direct(conversation.partner);
  recount(conversation);
  touch("list", "open");
  return conversation;
}

/** It is this person's no more; a room that they look at stays, and says so. */
export function forgetConversation(id) {
  const conversation = state.conversations.get(id);
  if (!conversation) return;
  if (id === state.open && isRoom(conversation))
    Object.assign(conversation, { gone: true, onServer: false, unread: 0 });
  else state.conversations.delete(id);
  touch("list", "log", "open");
}

/** What a conversation is called: for a direct one, the other side. */
export function nameOf({ id, title, partner }) {
  if (partner === state.me.name) return "Notes to myself";
  return state.people.get(partner)?.title || title || (partner ?? id.replace("room:", ""));
}

/** How one writes to it: “bob”, “#lobby”. */
export const handleOf = ({ id, partner }) => partner ?? id.replace("room:", "#");

export const isOwn = (message) => message.sender === state.me.name;

/** The last seq held without a hole; null where nothing is held or expected. */
export const endOf = (conversation) => conversation.run.at(-1)?.seq ?? conversation.base;

/** Takes a message in. True unless it lies beyond a hole, which then must be asked for. */
export function accept(message, key = null) {
  const conversation = ensure(message.conversation);
  conversation.onServer = true;
  if (key) conversation.keys.set(message.seq, key);
  note(conversation, message);
  const whole = place(conversation, message);
  if (isFeed(conversation)) trim(conversation, FEED_KEPT);
  recount(conversation);
  touch("list", "log");
  return whole;
}

function note(conversation, message) {
  if (message.seq <= conversation.last_seq) return;
  conversation.last_seq = message.seq;
  conversation.last_at = message.sent_at;
  if (!counts(message)) return;
  conversation.unread += 1;
  if (conversation.room && callsMe(message)) conversation.room.mentions += 1;
}

function place(conversation, message) {
  const end = endOf(conversation) ?? message.seq - 1;
  if (message.seq <= end) return replace(conversation, message);
  if (message.seq > end + 1) {
    conversation.ahead.set(message.seq, message);
    return false;
  }
  conversation.run.push(marked(conversation, message));
  return placeNext(conversation, message.seq + 1);
}

function placeNext(conversation, seq) {
  const next = conversation.ahead.get(seq);
  if (!next) return conversation.ahead.size === 0;
  conversation.ahead.delete(seq);
  return place(conversation, next);
}

/**
 * A message that came before comes again where it was edited or deleted. It is noted, too: an
 * answer that is under way may still bring it as it was.
 */
function replace(conversation, message) {
  const { amended, run, past } = conversation;
  amended.set(message.seq, later(amended.get(message.seq), message));
  if (amended.size > KEPT) amended.delete(amended.keys().next().value);
  for (const held of [run, past?.run ?? []]) {
    const at = message.seq - held[0]?.seq;
    if (held[at]) held[at] = marked(conversation, held[at]);
  }
  return true;
}

/** Takes over what a message is since a change, if it is held or will be. */
export function amend(conversation, message) {
  replace(conversation, message);
  recount(conversation);
  touch("list", "log");
}

/** Of two versions of a message the later one: nothing follows its deletion. */
const later = (one, other) => (!other || age(one) > age(other) ? one : other);
const age = (message) => (message?.kind === "deleted" ? "~" : (message?.edited_at ?? ""));

/** As it is by now; `stored` is true for what came while no page of this person was there. */
export function marked({ waited: [from, to], amended }, message) {
  const waited = message.seq > from && message.seq <= to && !isOwn(message);
  return { ...later(message, amended.get(message.seq)), stored: waited };
}

/** Puts a page of history before the run. */
export function prepend(conversation, messages) {
  const first = conversation.run[0]?.seq ?? Infinity;
  const older = messages.filter((message) => message.seq < first);
  const fits = conversation.run.length === 0 || older.at(-1)?.seq === first - 1;
  if (!fits) return;
  conversation.run.unshift(...older.map((message) => marked(conversation, message)));
  recount(conversation);
  touch("log", "list");
}

/** Drops the run, to begin anew after `base`: too much is missing to fill the hole. */
export function restart(conversation, base) {
  conversation.run = [];
  conversation.ahead.clear();
  conversation.base = base;
  conversation.heard = conversation.changes;
  touch("log");
}

/** Goes on behind a hole that nothing fills. */
export function leap(conversation) {
  const beyond = [...conversation.ahead.values()].sort((one, other) => one.seq - other.seq);
  restart(conversation, beyond[0].seq - 1);
  for (const message of beyond) place(conversation, message);
}

/** Lets go of old messages, which history brings back. */
export function trim(conversation, most = KEPT) {
  if (conversation.run.length > most) conversation.run = conversation.run.slice(-most);
}

/** Where everything unread is held it is counted; elsewhere the server's count is kept up. */
export function recount(conversation) {
  const { run, read_seq, last_seq } = conversation;
  const all = run.length > 0 && run[0].seq <= read_seq + 1 && endOf(conversation) >= last_seq;
  if (!all && read_seq < last_seq) return;
  const unread = run.filter((message) => message.seq > read_seq && counts(message));
  conversation.unread = unread.length;
  if (conversation.room) conversation.room.mentions = unread.filter(callsMe).length;
}

const callsMe = ({ body }) => body.includes("@") && calling(state.me.name).test(body);
const counts = (message) =>
  !isOwn(message) && (isRoom({ id: message.conversation }) || !UNCOUNTED.has(message.kind));

/** Whether older messages can be had. */
export const hasOlder = ({ onServer, first_seq, last_seq, run }) =>
  onServer && last_seq >= first_seq && (run.length === 0 || run[0].seq > first_seq);

/** One's own cursor, moved by another page or device. */
export function moveOwn(conversation, kind, seq) {
  const field = `${kind}_seq`;
  conversation[field] = Math.max(conversation[field], seq);
  recount(conversation);
  touch("list", "log");
}

/** The other side's cursor. */
export function moveTheirs(conversation, kind, seq) {
  if (seq <= conversation.theirs[kind]) return;
  conversation.theirs[kind] = seq;
  touch("log");
}
