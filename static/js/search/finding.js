// What is looked for, and what was found so far.

import { isOnline, request } from "../socket.js";
import { touch } from "../store.js";
import { onHello } from "../sync.js";

const PAUSE = 250; // ms without a keystroke before the server is asked
const PAGE = 20;
const MOST = 200; // characters that may be looked for
const BEGUN_MOST = 3; // words with “*” in one question
/** The beginning of a word, for more of which there is room; not of a filter, or in quotes. */
const BEGUN = /(?:^|\s)[^\s:"“”]*[\p{L}\p{N}]{3}$/u;
/** No question yet: a filter without its value, or no word at all. */
const NO_QUESTION = /(?:^|\s)(?:from|in|before|after):$|^[^\p{L}\p{N}\p{Extended_Pictographic}]*$/iu;
const QUOTES = /["“”„‟«»＂]/g;

export const found = {
  query: "",
  scope: null, // the id of the only conversation that is searched, or null for all
  messages: [], // the newest first
  terms: [],
  more: false,
  phase: "idle", // asking, answered, or failed (with trouble)
  trouble: "",
};

let turn = 0; // an answer to an earlier question is of no interest
let timer = 0;

onHello(() => found.phase === "failed" && begin());

/** Looks for `text`, soon; in one conversation, or (null) in all. */
export function look(text, scope, pause = PAUSE) {
  clearTimeout(timer);
  turn += 1;
  Object.assign(found, { query: text.trim(), scope });
  if (NO_QUESTION.test(found.query)) {
    Object.assign(found, { messages: [], more: false, phase: "idle" });
  } else {
    found.phase = "asking";
    timer = setTimeout(begin, pause);
  }
  touch("search");
}

const begin = () => fetchPage(null);

/** Adds what was said before the last that was found. */
export function findMore() {
  if (found.more && found.phase === "answered") fetchPage(found.messages.at(-1).id);
}

async function fetchPage(before) {
  const mine = ++turn;
  found.phase = "asking";
  touch("search");
  const { query, scope } = found;
  try {
    const frame = { type: "search", query: widened(query), conversation: scope, before, limit: PAGE };
    const page = await request(frame);
    if (mine === turn) take(page, before);
  } catch (error) {
    if (mine === turn) fail(error, before);
  }
  touch("search");
}

/** The last word may be unfinished: it finds all that begin with it. */
function widened(query) {
  const isQuoted = (query.match(QUOTES) ?? []).length % 2 === 1;
  const hasRoom = query.length < MOST && query.split("*").length <= BEGUN_MOST;
  return BEGUN.test(query) && !isQuoted && hasRoom ? `${query}*` : query;
}

/** Whether `term` stands for all words that begin with it. */
export const isBeginning = (term) => widened(found.query).includes(`${term}*`);

function take({ messages, terms, more }, before) {
  const all = before ? [...found.messages, ...messages] : messages;
  Object.assign(found, { messages: all, terms, more, phase: "answered" });
}

function fail({ code, detail, retry_after }, before) {
  if (code === "rate_limited" || code === "unavailable")
    timer = setTimeout(fetchPage, 1000 * (retry_after ?? 2), before);
  const messages = before ? found.messages : [];
  const trouble = detail ?? "There is no connection. This goes on once it is back.";
  Object.assign(found, { messages, more: false, phase: "failed", trouble });
  if (!detail && isOnline()) found.trouble = "The server did not answer. Try again.";
}
