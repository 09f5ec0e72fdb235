// The message box: sending, drafts, its height, and “bob: hello”.

import { nameOf } from "../conversations.js";
import { draftOf, keepDraft, onOtherDraft } from "../drafts.js";
import { byId, setText } from "../lib/dom.js";
import { addressed, isName } from "../lib/names.js";
import { write } from "../outbox.js";
import { open } from "../router.js";
import { clearNotice, complain, on, state, titleOf } from "../store.js";
import { stopTelling, tellTyping } from "../typing.js";
import { addressee, clearTo, focusTo } from "./list.js";
import { wrote } from "./log.js";

const box = byId("box");
const chip = byId("chip");
const toOther = byId("chip-other");
const toHere = byId("chip-here");
let shown; // the conversation whose draft the box holds

export function startComposer() {
  on(["open", "people"], draw);
  byId("composer").addEventListener("submit", submitted);
  box.addEventListener("keydown", pressed);
  document.querySelector(".skip").addEventListener("click", skip);
  box.addEventListener("input", typed);
  toOther.addEventListener("click", () => submit(addressed(box.value)));
  toHere.addEventListener("click", () => submit({ name: here(), body: box.value }));
  chip.addEventListener("keydown", (event) => event.key === "Escape" && focusBox());
  onOtherDraft((conversation, text) => {
    if (conversation === shown && !document.hasFocus()) fill(text);
  });
}

/** Puts the cursor into the box; on a touch screen, where that opens the keyboard, on Back. */
export function focusBox() {
  if (matchMedia("(pointer: fine)").matches) box.focus();
  else byId("back").focus();
}

/** The name of the other side of what is open, or null. */
const here = () => state.conversations.get(state.open)?.partner ?? null;

function draw() {
  const conversation = state.conversations.get(state.open);
  box.placeholder = conversation ? `Message ${nameOf(conversation)}` : "Message, or “bob: hello”";
  const key = conversation ? conversation.id : null;
  if (key !== shown) fill(draftOf((shown = key)));
  drawChip();
}

function fill(text) {
  box.value = text;
  fit();
  drawChip();
}

/** As high as the text needs; the style sheet says where it begins to scroll. */
function fit() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
}

function typed() {
  fit();
  clearNotice();
  keepDraft(shown, box.value);
  if (box.value.trim()) tellTyping(shown);
  drawChip();
}

function pressed(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  submitted(event);
}

function submitted(event) {
  event.preventDefault();
  if (!box.value.trim()) return;
  if (chip.hidden) submit(destination());
  else toOther.focus();
}

/** What is open, else who stands in “To”, else who is named in the text: “bob: hello”. */
function destination() {
  const name = here() ?? addressee();
  return (name ? null : addressed(box.value)) ?? { name, body: box.value };
}

/** In an open conversation, a name before the text asks whom it is for. */
function drawChip() {
  const named = here() && otherNamed();
  chip.hidden = !named;
  if (!named) return;
  setText(toOther.firstElementChild, titleOf(named));
  setText(toHere.firstElementChild, nameOf(state.conversations.get(state.open)));
}

/** Another name than this conversation's, if it looks like one. */
function otherNamed() {
  const found = addressed(box.value);
  if (!found || found.name === here()) return null;
  return state.people.has(found.name) || found.plain ? found.name : null;
}

/** To the box; the address stays, which says what is open. */
function skip(event) {
  event.preventDefault();
  box.focus();
}

function submit({ name, body }) {
  const text = body.replaceAll("\0", "").trimEnd();
  const trouble = troubleWith(name, text);
  if (trouble) {
    complain(trouble);
    return;
  }
  fill("");
  keepDraft(shown, "");
  stopTelling();
  clearTo();
  const id = write(name, text);
  if (state.open !== id) open(id);
  wrote(state.conversations.get(id));
  box.focus();
}

function troubleWith(name, body) {
  const length = [...body].length;
  const { body: most } = state.limits;
  if (!name) {
    focusTo();
    return "To whom? Write a name into “To”, or begin with it: “bob: hello”.";
  }
  if (!isName(name)) return "A name is 1 to 32 of a-z, 0-9, “_”, “.” and “-”.";
  if (length > most) return `A message has at most ${most} characters; this one has ${length}.`;
  return null;
}
