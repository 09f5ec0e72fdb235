// The messages that the log shows, and what one may do with them. The server has the last word:
// it knows how long a message can be changed.

import { isOwn } from "../conversations.js";
import { byId } from "../lib/dom.js";
import { request } from "../socket.js";
import { complain, state } from "../store.js";

const GOVERNING = ["moderator", "owner"];

/** What is looked at: the open conversation, or its past; undefined where there is none. */
export const shownOne = () => {
  const conversation = state.conversations.get(state.open);
  return conversation?.past ?? conversation;
};

/** The message that a row of the log shows; undefined where it shows none that is stored. */
export function messageOf(row) {
  const run = shownOne()?.run ?? [];
  return row?.dataset.seq ? run[row.dataset.seq - run[0]?.seq] : undefined;
}

export const rowOf = ({ seq }) => byId("log").querySelector(`[data-seq="${seq}"]`);

export const canEdit = (message) => message.kind === "text" && isOwn(message);

export const canDelete = (message) =>
  message.kind !== "deleted" && (isOwn(message) || GOVERNING.includes(shownOne()?.room?.role));

/** Asks the server for a change. Whether it was made; where not, the status row says why. */
export async function change(frame) {
  try {
    await request(frame);
    return true;
  } catch ({ code, detail }) {
    const lost = ["closed", "timeout"].includes(code);
    complain(lost ? "This can be done once the connection is back." : detail);
    return false;
  }
}
