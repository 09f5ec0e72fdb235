// A bot's commands as buttons. Each sends what one could type, and the log shows it.

import { confirmed } from "../cards/confirm.js";
import { el, reconcile, setText } from "../lib/dom.js";
import { rove, settle } from "../lib/roving.js";
import { write } from "../outbox.js";
import { state } from "../store.js";
import { wrote } from "../view/log.js";

const button = (words, onclick) => el("button", { class: "small", onclick }, words);
const caption = el("span", { class: "caption", "aria-hidden": "true" }, "Personality:");
const personas = el("div", { class: "personas", role: "group", "aria-label": "Personality" });
const role = { role: "toolbar", "aria-label": "Commands" };
export const commands = el(
  "div",
  { class: "commands", ...role },
  caption,
  personas,
  button("Forget", forget),
  button("Help", () => say("help")),
);
const offered = () => [...commands.querySelectorAll("button")];
let bot = null; // who it is, as `people` has them

export function startCommands() {
  rove(commands, offered, ["ArrowLeft", "ArrowRight"]);
}

/** `its` as about.js has it: undefined until it is known. */
export function drawCommands(person, its) {
  bot = person;
  const rows = (its?.personas ?? []).map(({ name, title }) => {
    return { key: name, title, chosen: name === its.personality };
  });
  reconcile(personas, rows, build, update);
  settle(offered());
}

/** Choosing what is chosen already says nothing. */
function build({ key }) {
  const node = button("", () => {
    if (node.getAttribute("aria-pressed") === "false") say(`personality ${key}`);
  });
  return node;
}

function update(node, { title, chosen }) {
  setText(node, title);
  node.setAttribute("aria-pressed", String(chosen));
}

function say(command) {
  wrote(state.conversations.get(write(bot.name, command)));
}

async function forget() {
  const { name, title } = bot;
  const question = `${title} forgets what was said here. The messages stay.`;
  if ((await confirmed(question, "Forget")) && bot.name === name) say("forget");
}
