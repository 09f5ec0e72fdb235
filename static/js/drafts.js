// What is half written, per conversation: the text in the box ("" stands for the box where none is
// open), and the correction of a message.

import { drop, keep, load, onOtherTab } from "./lib/storage.js";
import { touch } from "./store.js";

const KIND = "draft";
const CORRECTION = "correction";

export const draftOf = (conversation) => load(KIND, conversation ?? "") ?? "";

export function keepDraft(conversation, text) {
  if (text.trim()) keep(KIND, conversation ?? "", text);
  else drop(KIND, conversation ?? "");
}

/** {id of a message, text} as it is to be; null where none is being corrected. */
export const correctionOf = (conversation) => load(CORRECTION, conversation);

export function keepCorrection(conversation, correction) {
  if (correction) keep(CORRECTION, conversation, correction);
  else drop(CORRECTION, conversation);
}

/** Calls back with (conversation or null, text) when another tab wrote on. */
export function onOtherDraft(callback) {
  onOtherTab(KIND, (key, text) => {
    callback(key || null, text ?? "");
    touch("list");
  });
}
