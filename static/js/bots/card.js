// The card above the log of a bot: its personalities, what was used of it, commands.

import { el, setText } from "../lib/dom.js";
import { on, state } from "../store.js";
import { onHello } from "../sync.js";
import { about, heard, refresh } from "./about.js";
import { commands, drawCommands, startCommands } from "./commands.js";
import { troubleWords, usageWords } from "./words.js";

const trouble = el("p", { class: "trouble" });
const usage = el("p", { class: "usage" });
const node = el("section", { class: "card bot", hidden: true }, trouble, commands, usage);
let shown = null; // the conversation whose bot the card shows
let online = null; // whether it was, when the server was asked of it
let last = null; // the newest of its messages that the card has heard of

export function startCard() {
  startCommands();
  document.querySelector(".log-frame").before(node);
  on(["open", "people"], look);
  on(["log"], listen);
  onHello(() => shown && refresh(shown.partner));
  look();
}

/** Shows the bot that is open, if one is. */
function look() {
  const conversation = state.conversations.get(state.open);
  const person = state.people.get(conversation?.partner);
  node.hidden = person?.kind !== "bot";
  if (node.hidden) shown = null;
  else if (conversation !== shown || person.online !== online) begin(conversation, person);
  if (shown) draw(person);
}

function begin(conversation, person) {
  shown = conversation;
  online = person.online;
  last = newest();
  refresh(conversation.partner);
}

const newest = () => shown.run.findLast(({ sender }) => sender === shown.partner);

/** Each answer changes what was used, and perhaps the personality. */
function listen() {
  const message = shown && newest();
  if (!message || message.id === last?.id) return;
  last = message;
  heard(message);
  refresh(shown.partner);
}

function draw(person) {
  const its = about(person.name);
  node.setAttribute("aria-label", person.title);
  const why = troubleWords(person, its);
  trouble.hidden = !why;
  setText(trouble, why);
  commands.hidden = its === null;
  drawCommands(person, its);
  setText(usage, its ? usageWords(its.usage) : "");
}
