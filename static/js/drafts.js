// What is half written, per conversation; "" stands for the box where none is open.

import { drop, keep, load, onOtherTab } from "./lib/storage.js";
import { touch } from "./store.js";

const KIND = "draft";

export const draftOf = (conversation) => load(KIND, conversation ?? "") ?? "";

export function keepDraft(conversation, text) {
  if (text.trim()) keep(KIND, conversation ?? "", text);
  else drop(KIND, conversation ?? "");
}

/** Calls back with (conversation or null, text) when another tab wrote on. */
export function onOtherDraft(callback) {
  onOtherTab(KIND, (key, text) => {
    callback(key || null, text ?? "");
    touch("list");
  });
}
