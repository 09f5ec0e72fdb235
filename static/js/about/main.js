// What the head of the pane says beside the title; fetched with the first conversation opened.

import { handleOf, isRoom, nameOf } from "../conversations.js";
import { state } from "../store.js";
import { seenWords } from "./seen.js";

/** Presence, and the name where the title is another; of a room what it is. */
export function words(conversation) {
  if (isRoom(conversation)) return roomWords(conversation);
  if (conversation.partner === state.me.name) return "";
  const person = state.people.get(conversation.partner);
  const same = nameOf(conversation).toLowerCase() === conversation.partner;
  const name = same ? "" : conversation.partner;
  return [person ? seenWords(person) : "", name].filter(Boolean).join(" · ");
}

function roomWords(conversation) {
  const { private: hidden, closed, muted } = conversation.room ?? {};
  const marks = [hidden && "private", closed && "closed", muted && "muted"];
  return [handleOf(conversation), ...marks].filter(Boolean).join(" · ");
}
