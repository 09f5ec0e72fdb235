// What who governs a room can do with its members.

import { confirmed } from "../cards/confirm.js";
import { closing, showMenu } from "../cards/menu.js";
import { nameOf } from "../conversations.js";
import { state } from "../store.js";
import { done } from "./asking.js";
import { refresh } from "./members.js";

/** [words, frame without the room, question or null, kind] for each thing that one may do. */
export function actionsFor({ room }, { name, title, kind, role }) {
  if (name === state.me.name) return [];
  const appoint = (to) => ({ type: "appoint", user: name, role: to });
  const owns = room?.role === "owner";
  const above = owns || (room?.role === "moderator" && role === "member");
  const over = `Hand the room over to ${title}? You are a moderator then, and it cannot be taken back.`;
  return [
    owns && kind === "person" && role === "member" && ["Make moderator", appoint("moderator"), null],
    owns && role === "moderator" && ["Make member", appoint("member"), null],
    owns && kind === "person" && ["Hand the room over …", appoint("owner"), [over, "Hand over"]],
    above && ["Remove …", { type: "remove", user: name }, removal(title), "danger"],
  ].filter(Boolean);
}

const removal = (title) => [`Remove ${title}? Only an invitation brings them back.`, "Remove"];

/** Opens the menu of a member; where its button is gone afterwards, `list` is in focus. */
export function showActions(conversation, member, button, list) {
  const items = (dialog) =>
    actionsFor(conversation, member).map(([words, frame, question, kind]) =>
      closing(dialog, words, () => act({ ...frame, room: conversation.id }, question, list), kind),
    );
  showMenu(`Actions for ${member.title} in ${nameOf(conversation)}`, button, items);
}

async function act(frame, question, list) {
  if (question && !(await confirmed(...question))) return;
  if (!(await done(frame))) return;
  await refresh();
  if (document.activeElement === document.body) list.focus();
}
