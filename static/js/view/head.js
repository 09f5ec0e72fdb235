// The head of the pane, and the count in the title.

import { nameOf } from "../conversations.js";
import { part } from "../later.js";
import { byId, setText } from "../lib/dom.js";
import { back, STORED } from "../router.js";
import { on, state } from "../store.js";
import { drawDot } from "./list.js";

const app = byId("app");
const title = byId("pane-title");
const about = byId("pane-about");
const dot = byId("pane-dot");

export function startHead() {
  on(["open", "people", "list", "log"], draw);
  byId("back").addEventListener("click", back);
  setInterval(draw, 30_000);
}

function draw() {
  const conversation = state.conversations.get(state.open);
  if (state.open) part("log");
  app.dataset.screen = state.open ? "chat" : "list";
  byId("pane-head").hidden = state.open === null;
  byId("welcome").hidden = state.open !== null;
  setText(title, state.open === STORED ? "Stored messages" : conversation ? nameOf(conversation) : "");
  setText(about, aboutWords(conversation));
  drawDot(dot, isSelf(conversation) ? null : state.people.get(conversation?.partner));
  drawTitle();
}

const isSelf = (conversation) => conversation?.partner === state.me.name;

function aboutWords(conversation) {
  if (state.open === STORED) return "What came while you were away";
  return (conversation && part("about")?.words(conversation)) || "";
}

function drawTitle() {
  let unread = 0;
  for (const each of state.conversations.values()) unread += each.room?.muted ? 0 : each.unread;
  const words = unread ? `(${unread}) P2P Chat` : "P2P Chat";
  if (document.title !== words) document.title = words;
}
