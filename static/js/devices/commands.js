// A device's commands as buttons. Each sends what one could type, and the log shows it.

import { confirmed } from "../cards/confirm.js";
import { el, setText } from "../lib/dom.js";
import { rove, settle } from "../lib/roving.js";
import { write } from "../outbox.js";
import { state } from "../store.js";
import { wrote } from "../view/log.js";

const subscribe = el("button", { onclick: () => say(subscribe.dataset.command) });
const button = (words, onclick) => el("button", { class: "small", onclick }, words);
const restart = button("Reboot", reboot);
const all = [
  subscribe,
  button("Now", () => say("now")),
  button("Range", () => say("range")),
  button("Help", () => say("help")),
  restart,
];
const offered = () => all.filter((each) => !each.hidden);
const role = { role: "toolbar", "aria-label": "Commands" };
export const commands = el("div", { class: "commands", ...role }, ...all);
let device = null; // who it is, as `people` has them

export function startCommands() {
  rove(commands, offered, ["ArrowLeft", "ArrowRight"]);
}

/** A real device is restarted where it stands, not from here. */
export function drawCommands(person, { subscribed, simulated }) {
  device = person;
  restart.hidden = !simulated;
  if (restart.hidden) restart.tabIndex = -1;
  settle(offered());
  subscribe.dataset.command = subscribed ? "unsubscribe" : "subscribe";
  subscribe.className = subscribed ? "small" : "small main";
  setText(subscribe, subscribed ? "Unsubscribe" : "Subscribe");
}

function say(command) {
  wrote(state.conversations.get(write(device.name, command)));
}

async function reboot() {
  const { name } = device;
  const agreed = await confirmed(`Reboot ${device.title}?`, "Reboot");
  if (agreed && device.name === name) say("reboot");
}
