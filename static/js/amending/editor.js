// Editing one's own message in its place. What is half written in the message box stays there.

import { keepCorrection } from "../drafts.js";
import { byId, el } from "../lib/dom.js";
import { complain, state } from "../store.js";
import { remove } from "./deleting.js";
import { canEdit, change, messageOf, rowOf, shownOne } from "./messages.js";

const MOVES = new Set(["ArrowUp", "ArrowDown", "Home", "End"]);
let current = null; // {form, end} of what is being edited

/** Edits the last message of one's own that is held, if it can be seen. */
export function editLast() {
  const message = shownOne()?.run.findLast(canEdit);
  const row = message && rowOf(message);
  if (row) edit(row, message);
}

/** Opens the editor in a row of the log. The focus returns to the box if it came from there. */
export function edit(row, message) {
  if (!row.classList.contains("editing")) openIn(row, message, message.body);
  row.querySelector(".editor textarea").focus();
  row.scrollIntoView({ block: "nearest" });
}

/** Opens it as it was left, with `text`; what one does by now is not disturbed. */
export const reopen = (row, message, text) => openIn(row, message, text);

/** Whether what is being edited is on the screen no more: another conversation was opened, say. */
export const isLost = () => current !== null && !current.form.isConnected;

function openIn(row, message, text) {
  if (!isLost()) current?.end();
  const { id, conversation } = message;
  const box = byId("box");
  const origin = document.activeElement === box ? box : row;
  const area = el("textarea", { rows: "1", "aria-label": "Edit the message", enterkeyhint: "done" });
  const form = el("form", { class: "editor" }, area, ...buttons());
  current = { form, end };
  area.value = text;
  area.addEventListener("input", typed);
  form.addEventListener("keydown", keys);
  form.addEventListener("submit", submit);
  form.addEventListener("reset", end);
  row.classList.add("editing");
  row.querySelector(".bubble").append(form);
  fit(area);

  function typed() {
    fit(area);
    keepCorrection(conversation, { id, text: area.value });
  }

  function end() {
    const isShown = form.isConnected;
    keepCorrection(conversation, null);
    if (current?.form === form) current = null;
    form.remove();
    row.classList.remove("editing");
    if (isShown) origin.focus({ preventScroll: true });
  }

  async function submit(event) {
    event.preventDefault();
    if (form.ariaBusy) return;
    form.ariaBusy = "true";
    if (await save(messageOf(row) ?? message, area.value)) end();
    form.ariaBusy = null;
  }
}

const buttons = () => [
  el("button", { class: "small", type: "submit" }, "Save"),
  el("button", { class: "small", type: "reset" }, "Cancel"),
  el("span", { class: "hint" }, "Enter saves, Escape cancels"),
];

/** Enter saves, as it sends; Escape cancels. The log's arrows are not for who writes. */
function keys(event) {
  if (MOVES.has(event.key)) event.stopPropagation();
  if (event.isComposing || event.keyCode === 229 || event.target.matches("button")) return;
  const { currentTarget: form } = event;
  if (event.key === "Escape") form.reset();
  else if (event.key === "Enter" && !event.shiftKey) form.requestSubmit();
  else return;
  event.preventDefault();
}

function fit(area) {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
}

/** Whether there is nothing more to edit. A message without a text is one to be deleted. */
async function save(message, text) {
  const body = text.replaceAll("\0", "").trimEnd();
  const length = [...body].length;
  if (!body.trim()) return remove(message);
  if (body === message.body) return true;
  if (length <= state.limits.body) return change({ type: "edit", message: message.id, body });
  complain(`A message has at most ${state.limits.body} characters; this one has ${length}.`);
  return false;
}
