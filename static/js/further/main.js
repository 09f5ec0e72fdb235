// Conversations beyond those that the server tells of by itself.

import { request } from "../socket.js";
import { state } from "../store.js";
import { ask, newsIn } from "../sync.js";

/** Adds those that come next. Whether that was possible. */
export async function loadConversations() {
  if (!state.moreConversations) return false;
  state.moreConversations = false;
  const before = [...state.conversations.values()].map((each) => each.last_at).filter(Boolean).sort()[0];
  try {
    const page = await request({ type: "conversations", before, limit: 100 });
    state.moreConversations = page.more && page.conversations.length > 0;
    ask(newsIn(page.conversations));
    return true;
  } catch {
    state.moreConversations = true;
    return false;
  }
}

/** Goes on until the server has told of this one, or of all. */
export async function find(conversation) {
  while (!conversation.onServer && (await loadConversations()));
}
