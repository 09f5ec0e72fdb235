// A bot's direct conversation: what was said, and the answers that are being written.

import { isOwn, isRoom, nameOf } from "../conversations.js";
import { growingIn } from "../growing/main.js";
import { itemsOf as talkOf } from "../view/items.js";
import { titleOf } from "../store.js";
import { about, personaTitle } from "./about.js";

const SLOW = 15_000; // ms without a word

/** The items of both, oldest first. An answer keeps its key, and so its place, when it is stored. */
export function itemsOf(conversation) {
  const said = talkOf(conversation).map((item) => answered(item, conversation));
  return [...said, ...growingIn(conversation).map((answer) => itemOf(answer, conversation))];
}

const keyOf = (question) => `answer ${question}`;

/** In a room only who asked may ask again. */
function answered(item, conversation) {
  const { reply_to, persona, error } = item.data ?? {};
  if (!reply_to || item.own) return item;
  const asked = error && conversation.run.find(({ id }) => id === reply_to);
  const question = asked && (!isRoom(conversation) || isOwn(asked)) ? asked.body : undefined;
  return { ...item, key: keyOf(reply_to), label: personaTitle(item.sender, persona), question };
}

function itemOf({ reply_to, sender, conversation: id, text, since, at }, conversation) {
  const title = isRoom(conversation) ? titleOf(sender) : nameOf(conversation);
  return {
    id: reply_to,
    key: keyOf(reply_to),
    kind: "bot",
    sender,
    conversation: id,
    title,
    label: isRoom(conversation) ? undefined : personaTitle(sender, about(sender)?.personality),
    body: text.trim() || `${title} is thinking …`,
    at: since,
    seq: null,
    own: false,
    stored: false,
    mark: null,
    growing: true,
    thinking: !text.trim(),
    slow: Date.now() - at > SLOW,
  };
}
