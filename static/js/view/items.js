// What a log shows, before it is laid out: messages of the store and those of the outbox.

import { feedOf, isOwn, isRoom, nameOf } from "../conversations.js";
import { allEntries, entriesOf } from "../outbox.js";
import { state, titleOf } from "../store.js";

const PLAIN = new Set(["notice", "deleted", "reading", "alert"]);

/** The items of one conversation, oldest first; what waits to be sent comes last. */
export function itemsOf(conversation) {
  const items = conversation.run.map((message) => itemOf(message, conversation));
  if (!conversation.isPast) items.push(...entriesOf(conversation.id).map(waiting));
  const own = items.findLast((item) => item.own && item.mark);
  if (own) own.last = true;
  return items;
}

/** A message as rows need it. */
export function itemOf(message, conversation) {
  const own = isOwn(message);
  return {
    id: message.id,
    key: conversation.keys.get(message.seq) ?? message.id,
    kind: kindOf(message),
    sender: message.sender,
    conversation: message.conversation,
    title: own ? "You" : titleFor(message, conversation),
    body: message.body,
    data: message.data,
    at: new Date(message.sent_at),
    edited: message.edited_at && new Date(message.edited_at),
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

/** The newest message held, or the reading of a device that came after it. */
export function newestOf(conversation) {
  const [message, reading] = [conversation, feedOf(conversation)].map((each) => each?.run.at(-1));
  return reading && !(message?.sent_at > reading.sent_at) ? reading : message;
}

/** The newest thing in a conversation: {words, body} or null. */
export function latestOf(conversation) {
  const entry = allEntries().findLast((each) => each.conversation === conversation.id);
  if (entry) return { words: entry.error ? "Not sent: " : "Sending: ", body: entry.body };
  const message = newestOf(conversation);
  if (!message) return null;
  if (message.kind === "deleted") return { words: "", body: "This message was deleted." };
  return { words: whose(message, conversation), body: message.body };
}

function whose(message, conversation) {
  if (message.kind === "notice") return "";
  if (isOwn(message)) return "You: ";
  return isRoom(conversation) ? `${titleOf(message.sender)}: ` : "";
}
