// The message box: sending, drafts, its height, and “bob: hello”. What else belongs to writing
// (composing/main.js) comes with the first text in the box.

import { nameOf } from "../conversations.js";
import { draftOf, keepDraft, onOtherDraft } from "../drafts.js";
import { part, whole } from "../later.js";
import { byId } from "../lib/dom.js";
import { addressed, isName, roomOf } from "../lib/names.js";
import { write } from "../outbox.js";
import { open } from "../router.js";
import { clearNotice, complain, on, state } from "../store.js";
import { addressee, clearTo, focusTo } from "./list.js";

const box = byId("box");
let shown; // the conversation whose draft the box holds

export function startComposer() {
  on(["open", "people"], draw);
  byId("composer").addEventListener("submit", submitted);
  box.addEventListener("keydown", pressed);
  document.querySelector(".skip").addEventListener("click", skip);
  box.addEventListener("input", typed);
  onOtherDraft((conversation, text) => {
    if (conversation === shown && !document.hasFocus()) fill(text);
  });
}

/**
 * Puts the cursor into the box; on a touch screen, where that opens the keyboard, on Back. What is
 * typed at once belongs to what is open by now.
 */
export function focusBox() {
  draw();
  if (matchMedia("(pointer: fine)").matches) box.focus();
  else byId("back").focus();
}

/** Whom one writes to in what is open: a name, the id of a room, or null. */
export const here = () => state.conversations.get(state.open)?.partner ?? roomOf(state.open);

function draw() {
  const conversation = state.conversations.get(state.open);
  box.placeholder = conversation ? `Message ${nameOf(conversation)}` : "Message, or “bob: hello”";
  const key = conversation ? conversation.id : null;
  if (key !== shown) fill(draftOf((shown = key)));
}

function fill(text) {
  box.value = text;
  fit();
  if (text) part("composing");
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
  whole("composing").then(({ typed }) => typed(shown), () => {});
}

function pressed(event) {
  if (event.key === "ArrowUp" && !box.value && state.open) whole("amending").then((its) => its.editLast(), () => {});
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  submitted(event);
}

function submitted(event) {
  event.preventDefault();
  if (!box.value.trim()) return;
  if (otherNamed()) whole("composing").then(({ ask }) => ask(), cannotAsk);
  else submit(destination());
}

const cannotAsk = () => complain("Whom this is for can be asked once the connection is back.");

/** What is open, else who stands in “To”, else who is named in the text: “bob: hello”. */
function destination() {
  const name = here() ?? addressee();
  return (name ? null : addressed(box.value)) ?? { name, body: box.value };
}

/** In an open conversation: another name than its own before the text, if it looks like one. To a
    bot one writes “translate: hello”: there it has to be somebody's. In a room it is just text. */
export function otherNamed() {
  const found = here() && addressed(box.value);
  if (!found || found.name === here() || roomOf(here())) return null;
  const plain = found.plain && state.people.get(here())?.kind !== "bot";
  return state.people.has(found.name) || plain ? found.name : null;
}

/** To the box; the address stays, which says what is open. */
function skip(event) {
  event.preventDefault();
  box.focus();
}

export function submit({ name, body }) {
  const text = body.replaceAll("\0", "").trimEnd();
  const trouble = troubleWith(name, text);
  if (trouble) {
    complain(trouble);
    return;
  }
  fill("");
  keepDraft(shown, "");
  part("composing")?.stopTelling();
  clearTo();
  const id = write(name, text);
  if (state.open !== id) open(id);
  whole("log").then(({ wrote }) => wrote(state.conversations.get(id)), () => {});
  box.focus();
}

function troubleWith(name, body) {
  const length = [...body].length;
  const { body: most } = state.limits;
  if (!name) {
    focusTo();
    return "To whom? Write a name into “To”, or begin with it: “bob: hello”.";
  }
  if (!isName(name) && !roomOf(name)) return "A name is 1 to 32 of a-z, 0-9, “_”, “.” and “-”.";
  if (length > most) return `A message has at most ${most} characters; this one has ${length}.`;
  return null;
}
