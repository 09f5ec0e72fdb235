// The page's state, all of it, and who is told when a part has changed.

export const state = {
  me: { name: "", title: "" },
  limits: { body: 10_000 },
  /** phase: connecting, online, waiting (until retryAt), retrying, or stopped (with reason). */
  link: { phase: "connecting", retryAt: 0, reason: "" },
  /** name → {name, title, kind, online, last_seen} */
  people: new Map(),
  /** id → what conversations.js makes */
  conversations: new Map(),
  moreConversations: false,
  /** The id of the conversation that is looked at, "stored", or null. */
  open: null,
  /** The message there, {id, seq}, that somebody goes to; null once it is shown. */
  sought: null,
  /** conversation → Map(user → timer) of those who are typing, as typing/ keeps it */
  typing: new Map(),
  /** id of a question → the bot's answer so far, as growing/ makes it */
  growing: new Map(),
  /** What the status row complains of. */
  notice: "",
};

const listeners = new Map();
const touched = new Set();

/** Calls `listener` after any of these topics changed, once however often they did. */
export function on(topics, listener) {
  for (const topic of topics) {
    if (!listeners.has(topic)) listeners.set(topic, new Set());
    listeners.get(topic).add(listener);
  }
}

/** Topics: link, people, list (conversations), log (messages of the open one), open, status. */
export function touch(...topics) {
  if (touched.size === 0) schedule();
  for (const topic of topics) touched.add(topic);
}

/** A hidden page is given no frames, but its title must still count. */
function schedule() {
  if (document.hidden) setTimeout(flush, 50);
  else requestAnimationFrame(flush);
}

document.addEventListener("visibilitychange", flush);

function flush() {
  const due = new Set();
  for (const topic of touched) for (const listener of listeners.get(topic) ?? []) due.add(listener);
  touched.clear();
  for (const listener of due) listener();
}

let noticeTimer = 0;

/** Says in the status row, for some seconds, what went wrong. */
export function complain(text) {
  state.notice = text;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(clearNotice, 8_000);
  touch("status");
}

export function clearNotice() {
  clearTimeout(noticeTimer);
  if (state.notice) touch("status");
  state.notice = "";
}

export const titleOf = (name) => state.people.get(name)?.title || name;

/** Whether somebody looks at the page: only then is anything read. */
export const isWatched = () => document.visibilityState === "visible" && document.hasFocus();
