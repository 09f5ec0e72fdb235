// Messages that the server has not acknowledged. Each is kept in localStorage under an id that
// names it for good: it survives a reload, and is stored once however often it is sent.
// In a conversation each waits for the ack of the one before, so the order stays.

import { ensure, isRoom, nameOf } from "./conversations.js";
import { directId, newId, roomOf } from "./lib/names.js";
import { drop, keep, keysOf, load, onOtherTab } from "./lib/storage.js";
import { isOnline, request } from "./socket.js";
import { complain, state, touch } from "./store.js";
import { onHello, take } from "./sync.js";

const KIND = "outbox";
const PASSING = new Set(["closed", "timeout", "unavailable", "rate_limited", "unauthenticated"]);
const PATIENCE = 5_000; // ms before a tab sends what another tab has written
const PAUSE = 2_000; // ms after a passing refusal that names no time

/** id → {id, to, conversation, body, at, order, error: null or {code, detail}} */
const entries = new Map();
const foreign = new Map(); // id → when this tab may send it
const underway = new Set();
let pausedUntil = 0;
let pumpTimer = 0;

/** Loads what is left of earlier visits; it goes out after the first hello. */
export function openOutbox() {
  for (const id of keysOf(KIND)) put(id, load(KIND, id));
  onOtherTab(KIND, (id, entry) => {
    if (!entries.has(id)) foreign.set(id, Date.now() + PATIENCE);
    put(id, entry);
    later(PATIENCE);
  });
  onHello(pump);
}

function put(id, entry) {
  entries.delete(id);
  if (entry?.id === id && entry.to && entry.body && entry.conversation) {
    entries.set(id, entry);
    ensure(entry.conversation);
  }
  touch("log", "list");
}

const sorted = () =>
  [...entries.values()].sort((one, other) => one.order - other.order || (one.id < other.id ? -1 : 1));

/** What waits or was refused in one conversation, oldest first. */
export const entriesOf = (conversation) =>
  sorted().filter((entry) => entry.conversation === conversation);

export const allEntries = sorted;

/** Writes a message to a person or a room, by name or id. Returns the id of its conversation. */
export function write(to, body) {
  const conversation = roomOf(to) ?? directId(state.me.name, to);
  const order = Math.max(Date.now(), 1 + Math.max(0, ...sorted().map((entry) => entry.order)));
  save({ id: newId(), to, conversation, body, at: new Date().toISOString(), order, error: null });
  pump();
  return conversation;
}

/** Keeps an entry as it is now. */
export function save(entry) {
  keep(KIND, entry.id, entry);
  put(entry.id, entry);
}

export function discard(id) {
  drop(KIND, id);
  put(id, null);
}

/** Sends the first of each conversation that is due. */
export function pump() {
  if (!isOnline()) return;
  const now = Date.now();
  if (pausedUntil > now) {
    later(pausedUntil - now);
    return;
  }
  for (const entry of heads()) if (isDue(entry, now)) post(entry);
}

function heads() {
  const first = new Map();
  for (const entry of sorted())
    if (!entry.error && !first.has(entry.conversation)) first.set(entry.conversation, entry);
  return first.values();
}

const isDue = ({ id }, now) => !underway.has(id) && (foreign.get(id) ?? 0) <= now;

function later(delay) {
  clearTimeout(pumpTimer);
  pumpTimer = setTimeout(pump, delay + 50);
}

async function post({ id, to, body }) {
  underway.add(id);
  try {
    const { message } = await request({ type: "send", id, to, body });
    take(message, id);
    discard(id);
  } catch (error) {
    refused(id, error);
  }
  underway.delete(id);
  pump();
}

function refused(id, error) {
  const entry = entries.get(id);
  if (error.code !== "closed" && PASSING.has(error.code))
    pausedUntil = Date.now() + (error.retry_after ? error.retry_after * 1000 : PAUSE);
  if (!entry || PASSING.has(error.code)) return;
  const { code, detail } = error;
  const conversation = ensure(entry.conversation);
  save({ ...entry, error: { code, detail: code === "not_found" ? nobody(conversation) : detail } });
  complain(`Not sent to ${nameOf(conversation)}: ${entries.get(id).error.detail}`);
}

const nobody = (conversation) =>
  isRoom(conversation) ? "You are not in this room." : `There is nobody called “${conversation.partner}” here.`;
