// “@name” in a room's messages: marked where that is somebody, and more so where it is oneself.

import { byId } from "../lib/dom.js";
import { on, state } from "../store.js";
import { known, openRoom } from "./members.js";

const log = byId("log");

export function startMentions() {
  on(["people", "log", "open"], draw);
  new MutationObserver(draw).observe(log, { childList: true, subtree: true }); // links come later
  draw();
}

function draw() {
  if (!openRoom()) return;
  for (const node of log.querySelectorAll(".mention")) mark(node, node.dataset.name);
  for (const row of log.querySelectorAll(".row:not(.own)"))
    row.classList.toggle("calls", row.querySelector(".mention.me") !== null); // an edit may end it
}

function mark(node, name) {
  const isMe = name === state.me.name;
  node.classList.toggle("me", isMe);
  node.classList.toggle("known", isMe || known().members.has(name) || state.people.has(name));
}
