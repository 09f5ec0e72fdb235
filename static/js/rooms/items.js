// What the log of a room shows.

import { part } from "../later.js";
import { state } from "../store.js";
import { itemsOf as talkOf } from "../view/items.js";
import { words } from "../view/log.js";
import { gather } from "./gathering.js";

/** A bot's answers are drawn as in its own conversation, those that it is writing as well. */
export function itemsOf(conversation) {
  const answers = state.growing.size || conversation.run.some(({ data }) => data?.reply_to);
  return gather(((answers && part("bots")?.itemsOf) || talkOf)(conversation));
}

/** A room that one is not in has nothing to show: the barrier says what it is. */
export function shorten(rows) {
  const { onServer, gone } = state.conversations.get(state.open) ?? {};
  if (onServer || gone || rows.length) return rows;
  return [words("What is said here is for those who are in it.")];
}
