// Who is typing: shown for some seconds. Fetched with the first that does.

import { nameOf } from "../conversations.js";
import { state, titleOf, touch } from "../store.js";
import { stopTyping } from "../sync.js";

const LASTS = 5_000; // ms after the last frame

/** To be called with each `typing` frame. */
export function heard({ conversation, user }) {
  if (!state.typing.has(conversation)) state.typing.set(conversation, new Map());
  const users = state.typing.get(conversation);
  clearTimeout(users.get(user));
  const timer = setTimeout(() => users.get(user) === timer && stopTyping(conversation, user), LASTS);
  users.set(user, timer);
  touch("status", "list");
}

/** Who is typing in what is open, as a sentence; "" where nobody is. */
export function words() {
  const conversation = state.conversations.get(state.open);
  const users = [...(state.typing.get(state.open)?.keys() ?? [])];
  const names = users.map((user) => (user === conversation?.partner ? nameOf(conversation) : titleOf(user)));
  if (names.length > 2) return "Several people are typing…";
  return names.length ? `${names.join(" and ")} ${names.length > 1 ? "are" : "is"} typing…` : "";
}
