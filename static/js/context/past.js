// What was said in a conversation long ago, as far as it was fetched: a run without a hole, as the
// conversation's own, that ends before what is held of the newest.

import { endOf, marked, prepend } from "../conversations.js";
import { isOnline, request } from "../socket.js";
import { touch } from "../store.js";

const PAGE = 50;

/**
 * A conversation that shows `messages` in place of its newest ones, and is in all else the same.
 * Older ones are loaded as ever, newer ones by `loadNewer`; `leave` returns to the newest.
 */
export function pastOf(conversation, messages) {
  const run = messages.map((message) => marked(conversation, message));
  const own = { isPast: true, run, marker: null, heads: new Set(), loading: false, loadingNewer: false };
  const past = Object.assign(Object.create(conversation), own);
  past.loadNewer = () => loadNewer(conversation, past);
  past.leave = () => leave(conversation);
  return past;
}

function leave(conversation) {
  conversation.past = null;
  history.replaceState(history.state, "", `#${conversation.id}`); // a reload shows the newest, too
  touch("log");
}

/** The messages between two seqs, both excluded: an answer may be shorter than what was asked for. */
export async function fetchBetween(id, after, before) {
  const found = [];
  for (let more = true; more && before > after + 1; before = found[0]?.seq ?? 0) {
    const limit = before - after - 1;
    const page = await request({ type: "history", conversation: id, before, limit });
    found.unshift(...page.messages.filter(({ seq }) => seq > after));
    more = page.more && page.messages.length > 0;
  }
  return found;
}

async function loadNewer(conversation, past) {
  if (past.loadingNewer || !isOnline()) return;
  past.loadingNewer = true;
  try {
    const end = endOf(past);
    const newer = await fetchBetween(past.id, end, end + PAGE + 1);
    past.run.push(...newer.map((message) => marked(conversation, message)));
    if (conversation.past === past) rejoin(conversation);
    touch("log");
  } catch {
    // The connection bar says what is wrong; scrolling on asks again.
  }
  past.loadingNewer = false;
}

/** Goes on as ever once the past reaches what is held of the newest. */
export function rejoin(conversation) {
  const { past, run, base } = conversation;
  const first = run[0]?.seq ?? base + 1;
  if (endOf(conversation) === null || endOf(past) < first - 1) return;
  for (const key of past.heads) conversation.heads.add(key);
  prepend(conversation, past.run);
  leave(conversation);
}
