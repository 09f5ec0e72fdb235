// What a log shows, before it is laid out: stored messages and those of the outbox.

import { isOwn, nameOf } from "../conversations.js";
import { allEntries, entriesOf } from "../outbox.js";
import { state, titleOf } from "../store.js";

const PLAIN = new Set(["notice", "deleted"]);

/** The items of one conversation, oldest first; what waits to be sent comes last. */
export function itemsOf(conversation) {
  const items = conversation.run.map((message) => stored(message, conversation));
  items.push(...entriesOf(conversation.id).map(waiting));
  const own = items.findLast((item) => item.own && item.mark);
  if (own) own.last = true;
  return items;
}

/** What came while nobody was there, of all conversations, oldest first. */
export function storedItems() {
  const found = new Map(state.stored.messages);
  for (const conversation of state.conversations.values())
    for (const message of conversation.run)
      if (message.stored && message.seq > conversation.read_seq) found.set(message.id, message);
  const messages = [...found.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  return messages.map((message) => {
    const conversation = state.conversations.get(message.conversation);
    return { ...stored(message, conversation), linked: true };
  });
}

function stored(message, conversation) {
  const own = isOwn(message);
  return {
    key: conversation.keys.get(message.seq) ?? message.id,
    kind: kindOf(message),
    sender: message.sender,
    conversation: message.conversation,
    title: own ? "You" : titleFor(message, conversation),
    body: message.body,
    at: new Date(message.sent_at),
    seq: message.seq,
    own,
    stored: message.stored === true,
    mark: own ? markOf(message, conversation) : message.stored ? "stored" : null,
  };
}

const titleFor = ({ sender }, conversation) =>
  sender === conversation.partner ? nameOf(conversation) : titleOf(sender);

/** The colours go by who speaks: a person, a bot or a device. */
const kindOf = ({ kind, sender }) =>
  PLAIN.has(kind) ? kind : (state.people.get(sender)?.kind ?? "person");

function markOf({ seq }, { theirs, partner }) {
  if (partner === state.me.name) return null;
  if (seq <= theirs.read) return "read";
  return seq <= theirs.received ? "received" : "sent";
}

const waiting = (entry) => ({
  key: entry.id,
  kind: "person",
  sender: state.me.name,
  conversation: entry.conversation,
  title: "You",
  body: entry.body,
  at: new Date(entry.at),
  seq: null,
  own: true,
  stored: false,
  mark: entry.error ? "failed" : "sending",
  error: entry.error?.detail,
});

/** The newest thing in a conversation: {words, body} or null. */
export function latestOf(conversation) {
  const entry = allEntries().findLast((each) => each.conversation === conversation.id);
  if (entry) return { words: entry.error ? "Not sent: " : "Sending: ", body: entry.body };
  const message = conversation.run.at(-1);
  if (!message) return null;
  if (message.kind === "deleted") return { words: "", body: "This message was deleted." };
  return { words: isOwn(message) ? "You: " : "", body: message.body };
}
