// What the head of the pane says beside the title; fetched with the first conversation opened.

import { nameOf } from "../conversations.js";
import { state } from "../store.js";
import { seenWords } from "./seen.js";

/** Of a conversation with somebody: their presence, and their name where the title is another. */
export function words(conversation) {
  if (conversation.partner === state.me.name) return "";
  const person = state.people.get(conversation.partner);
  const same = nameOf(conversation).toLowerCase() === conversation.partner;
  const name = same ? "" : conversation.partner;
  return [person ? seenWords(person) : "", name].filter(Boolean).join(" · ");
}
