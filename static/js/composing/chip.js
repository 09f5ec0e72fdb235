// “Who is this for?”: asked where, in an open conversation, a text begins with another name.

import { nameOf } from "../conversations.js";
import { byId, el, setText } from "../lib/dom.js";
import { addressed } from "../lib/names.js";
import { on, state, titleOf } from "../store.js";
import { focusBox, here, otherNamed, submit } from "../view/composer.js";

const QUESTION = "Who is this for?";
const box = byId("box");
const toOther = choice("to ", () => submit(addressed(box.value)));
const toHere = choice("here, to ", () => submit({ name: here(), body: box.value }));
const role = { role: "group", "aria-label": QUESTION, onkeydown };
const chip = el("div", { class: "chip", id: "chip", ...role }, el("span", {}, QUESTION), toOther, toHere);

byId("composer").prepend(chip);
on(["open", "people", "log"], drawChip);
drawChip();

function choice(words, onclick) {
  return el("button", { type: "button", class: "small", onclick }, words, el("bdi"));
}

function onkeydown({ key }) {
  if (key === "Escape") focusBox();
}

export function ask() {
  drawChip();
  toOther.focus();
}

export function drawChip() {
  const named = otherNamed();
  chip.hidden = !named;
  if (!named) return;
  setText(toOther.lastChild, titleOf(named));
  setText(toHere.lastChild, nameOf(state.conversations.get(state.open)));
}
