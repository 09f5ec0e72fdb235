// The elements of a bot's messages: those that grow, and what stands below their text.

import { el, icon } from "../lib/dom.js";
import { roomOf } from "../lib/names.js";
import { dayKey } from "../lib/time.js";
import { write } from "../outbox.js";
import { state } from "../store.js";
import { wrote } from "../view/log.js";
import { BUILDERS, message } from "../view/rows.js";
import { announce } from "./announcing.js";
import { readingsOf } from "./readings.js";

/** Errors that may be gone when one asks once more. */
const PASSING = ["overloaded", "unreachable", "too slow", "cut off", "empty", "failed", "refused"];

BUILDERS.bot = (first) => {
  const node = message(first);
  const foot = el("div", { class: "foot" });
  node.firstElementChild.append(foot);
  node.update = (row) => {
    if (row.growing) grow(node, row);
    else if (node.hasAttribute("aria-busy")) settle(node, row);
    drawFoot(foot, row);
  };
  if (first.growing) announce(`${first.title} is writing.`);
  return node;
};

/** Its text is appended to, which keeps what is selected; it is read out when it is whole. */
function grow(node, { body, thinking }) {
  const shown = node.querySelector(".body");
  node.setAttribute("aria-busy", "true");
  node.setAttribute("aria-live", "off");
  shown.classList.toggle("gone", thinking);
  append(shown, body);
  node.said = body;
}

function append(shown, text) {
  const [first, ...others] = shown.childNodes;
  if (!others.length && first instanceof Text && text.startsWith(first.data))
    first.appendData(text.slice(first.length));
  else shown.replaceChildren(text);
}

/** The stored message has come: the rest of the row is drawn as any other's. */
function settle(node, { title, body }) {
  node.removeAttribute("aria-busy");
  node.said = null;
  announce(`${title}: ${body}`);
}

function drawFoot(foot, row) {
  const parts = JSON.stringify([row.slow, row.data, row.question, dayKey(new Date())]);
  if (foot.dataset.parts === parts) return;
  foot.dataset.parts = parts;
  foot.replaceChildren(...footOf(row));
}

function footOf({ slow, data, body, question, sender, conversation }) {
  if (slow) return [el("span", { class: "note" }, "This takes longer than usual.")];
  if (!data) return [];
  const stopped = data.stopped && body !== "Stopped.";
  return [
    ...(data.error ? failure(data.error, roomOf(conversation) ?? sender, question, body) : []),
    ...(stopped ? [el("span", { class: "note" }, "Stopped")] : []),
    ...readingsOf(data.readings),
  ];
}

/** What had come of an answer stands in a paragraph before the reason. */
function failure(error, to, question, body) {
  const words = body.includes("\n\n") ? "Not finished" : "Not answered";
  const onclick = () => wrote(state.conversations.get(write(to, question)));
  const again = el("button", { class: "small", tabindex: "-1", onclick }, "Try again");
  const why = el("span", { class: "why" }, icon("failed"), el("strong", {}, words));
  return question && PASSING.includes(error) ? [why, again] : [why];
}
