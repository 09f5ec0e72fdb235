// What stands in place of the message box where one cannot write: why, and what can be done.

import { handleOf, isRoom, nameOf } from "../conversations.js";
import { byId, el, setText } from "../lib/dom.js";
import { load } from "../router.js";
import { isOnline } from "../socket.js";
import { on, state, touch } from "../store.js";
import { focusBox } from "../view/composer.js";
import { done } from "./asking.js";
import { find, forget } from "./finding.js";
import { make } from "./making.js";
import { openRoom } from "./members.js";

const composer = byId("composer");
const words = el("span", { role: "status" });
const button = el("button", { class: "button", onclick: () => act() });
const node = el("div", { class: "barrier", hidden: true, tabindex: "-1" }, words, button);
let act = () => {};
let looked = null; // {id, room}: what was found of a room that one is not in

export function startBarrier() {
  composer.before(node);
  on(["open", "link", "list"], draw);
  draw();
}

function draw() {
  begin();
  const why = reason();
  const focused = [composer, node].find((each) => each.contains(document.activeElement));
  node.hidden = !why;
  composer.hidden = Boolean(why);
  if (why) show(why);
  if (focused === node && !why) focusBox();
  if (focused === composer && why) (why.act ? button : node).focus();
}

/** Who has just come in reads on. */
function begin() {
  const room = openRoom();
  if (room?.run.length === 0) load(room.id);
}

function show(why) {
  act = why.act;
  setText(words, why.words);
  if (!why.act && button.matches(":focus")) node.focus();
  button.hidden = !why.act;
  setText(button, why.action ?? "");
}

/** {words, action, act}; null where one can write. */
function reason() {
  const conversation = state.conversations.get(state.open);
  if (looked?.id !== state.open || conversation?.onServer || conversation?.gone) looked = null;
  if (!conversation || !isRoom(conversation)) return null;
  if (conversation.gone) return gone(conversation);
  if (conversation.onServer) return conversation.room?.closed ? closed(conversation) : null;
  return isOnline() ? absent(conversation) : null;
}

function gone(conversation) {
  const hidden = conversation.room?.private;
  const after = hidden ? "Who is in it may invite you again." : "";
  const words = `You are no longer in ${nameOf(conversation)}. ${after}`.trim();
  return hidden ? { words } : { words, action: "Join again", act: () => join(conversation.id) };
}

function closed({ id, room }) {
  const words = "This room is closed: it can be read, and nobody writes in it.";
  if (room.role !== "owner") return { words };
  return { words, action: "Open it again", act: () => done({ type: "close", room: id, closed: false }) };
}

function absent(conversation) {
  const { id } = conversation;
  const handle = handleOf(conversation);
  if (!looked) look(id);
  const { room } = looked;
  if (room === undefined) return { words: `Looking for ${handle} …` };
  if (room === null) return missing(handle);
  if (room.joined) return null; // its messages are on their way
  const count = room.members === 1 ? "1 member" : `${room.members} members`;
  const words = `You are not in ${handle}, “${room.title}”, which has ${count}.`;
  return { words, action: "Join", act: () => join(id) };
}

function missing(handle) {
  const words = `There is no room ${handle} that you may see.`;
  return { words, action: "Make it", act: () => make(handle.slice(1)) };
}

function look(id) {
  looked = { id, room: undefined };
  forget(id);
  find(id).then(
    (room) => tell(id, room),
    () => forgetLook(id),
  );
}

function tell(id, room) {
  if (looked?.id === id) looked = { id, room };
  touch("open");
}

function forgetLook(id) {
  if (looked?.id === id) looked = null;
}

async function join(id) {
  if (await done({ type: "join", room: id })) forgetLook(id);
}
