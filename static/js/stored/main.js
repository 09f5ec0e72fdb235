// “Check stored messages”: what came while nobody was there, of all conversations.

import { ensure, isRoom, marked, nameOf } from "../conversations.js";
import { tell } from "../cursors.js";
import { shorten } from "../devices/main.js";
import { el } from "../lib/dom.js";
import { open } from "../router.js";
import { request } from "../socket.js";
import { complain, state, touch } from "../store.js";
import { itemOf } from "../view/items.js";
import { rowsOf } from "../view/layout.js";
import { words } from "../view/log.js";
import { BUILDERS } from "../view/rows.js";

/** What was found, by message id, and where to ask on. */
const stored = { messages: new Map(), more: false, after: null, asking: false, answered: false };

BUILDERS.more = () =>
  el("div", { class: "more" }, el("button", { class: "button quiet", onclick: load }, "Show more"));

/** Asks for a page of what no client of this person has received. */
export async function load() {
  if (stored.asking) return;
  stored.asking = true;
  stored.answered = false;
  touch("log");
  try {
    const page = await request({ type: "stored", after: stored.more ? stored.after : null });
    take(page.messages, page.more);
    stored.answered = true;
  } catch (error) {
    if (error.code !== "closed") complain("The stored messages could not be fetched. Try again.");
  }
  stored.asking = false;
  touch("log", "open");
}

function take(messages, more) {
  stored.more = more;
  stored.after = messages.at(-1)?.id ?? stored.after;
  for (const message of messages) {
    const conversation = ensure(message.conversation);
    if (message.seq <= conversation.received_seq) continue; // came meanwhile
    stored.messages.set(message.id, { ...message, stored: true });
    tell("received", conversation, message.seq);
  }
}

/** Where conversations stand together, the name opens its own. */
function name(row) {
  const onclick = () => open(row.conversation);
  return el("button", { class: "name linked", tabindex: "-1", onclick }, el("bdi", {}, row.title));
}

export const isThere = () => stored.answered;

/** What the log shows of them, oldest first. */
export function rows() {
  const found = shorten(rowsOf(items(), null, new Set()));
  if (!found.length && stored.answered)
    found.push(words("Nothing is stored for you: all messages have been delivered."));
  if (stored.more) found.push({ kind: "more", key: "more" });
  return found;
}

function items() {
  const found = new Map(stored.messages);
  for (const conversation of state.conversations.values())
    for (const message of conversation.run)
      if (message.stored && message.seq > conversation.read_seq) found.set(message.id, message);
  const messages = [...found.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  return messages.map((message) => {
    const conversation = ensure(message.conversation);
    const now = { ...marked(conversation, message), stored: true }; // it may have been changed since
    const label = isRoom(conversation) ? `in ${nameOf(conversation)}` : undefined;
    return { ...itemOf(now, conversation), linked: true, name, label };
  });
}

load();
