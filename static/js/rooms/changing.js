// What one can do with a room: invite, mute, leave; and, who governs it, rename and close.

import { confirmed } from "../cards/confirm.js";
import { nameOf } from "../conversations.js";
import { el } from "../lib/dom.js";
import { open } from "../router.js";
import { change, done } from "./asking.js";
import { field, formOf, showDialog } from "./dialog.js";
import { invite } from "./inviting.js";

/** [words, act, kind of button] for each thing that this person may do. */
export function actionsOf(conversation) {
  const { id, room } = conversation;
  const { role, muted, closed } = room;
  const owns = role === "owner";
  return [
    !closed && ["Invite somebody …", () => invite(conversation)],
    [muted ? "Unmute" : "Mute", () => done({ type: "mute", room: id, muted: !muted })],
    (owns || role === "moderator") && ["Rename …", () => rename(conversation)],
    owns && !closed && ["Close the room …", () => close(conversation)],
    owns && closed && ["Open it again", () => done({ type: "close", room: id, closed: false })],
    ["Leave …", () => leave(conversation), "danger"],
  ].filter(Boolean);
}

function rename({ id, title }) {
  const input = el("input", { maxlength: "80", required: true, autocomplete: "off", value: title });
  const send = () => change({ type: "rename", room: id, title: input.value });
  const form = formOf([field("Title", input)], "Rename", send, () => dialog.close());
  const dialog = showDialog("Rename the room", form);
  input.select();
}

async function close(conversation) {
  const question = `Close ${nameOf(conversation)}? Nobody writes in it then; it can be opened again.`;
  if (await confirmed(question, "Close the room")) done({ type: "close", room: conversation.id });
}

async function leave(conversation) {
  const { id, room } = conversation;
  const back = room.private ? "Only an invitation brings you back." : "You can join again.";
  if (!(await confirmed(`Leave ${nameOf(conversation)}? ${back}`, "Leave"))) return;
  if (await done({ type: "leave", room: id })) open(null);
}
