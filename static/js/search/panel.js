// The search panel: over the list of conversations, or over all of a phone's screen.

import { byId, el, icon, reconcile, setText } from "../lib/dom.js";
import { on } from "../store.js";
import { focusBox } from "../view/composer.js";
import { field, list, onChosen, startChoosing } from "./choosing.js";
import { findMore, found, look } from "./finding.js";
import { hints } from "./hints.js";
import { build, rows, update } from "./results.js";
import { onlyHere, scope } from "./scope.js";

const NEAR_END = 300; // px from the end of the results at which more are fetched
const narrow = matchMedia("(max-width: 720px)");
const app = byId("app");
const words = el("p", { class: "words", role: "status" });
const results = el("div", { class: "hits-frame", tabindex: "-1" }, list, words);
const panel = el(
  "section",
  { class: "search", role: "search", "aria-label": "Messages", hidden: true, onkeydown },
  el("div", { class: "search-head" }, closer(), field),
  onlyHere,
  hints((text) => put(`${field.value.trimEnd()} ${text}`.trimStart())),
  results,
);
let opener = null; // what has the focus back after closing

app.append(panel);
field.addEventListener("input", () => look(field.value, scope()));
onlyHere.addEventListener("change", () => look(field.value, scope(), 0));
results.addEventListener("scroll", nearEnd, { passive: true });
startChoosing(() => look(field.value, scope(), 0));
onChosen(() => narrow.matches && hide());
window.addEventListener("popstate", () => narrow.matches && (history.state?.search ? reveal() : hide()));
narrow.addEventListener("change", cover);
on(["search", "people", "log"], draw);
draw();

function closer() {
  const name = el("span", { class: "visually-hidden" }, "Close the search");
  return el("button", { class: "search-close", onclick: close }, icon("back"), name);
}

/** Opens the panel, or goes back to its field; looks for `text`, if given. On a phone, Back closes it. */
export function show(text) {
  if (panel.hidden) {
    opener = document.activeElement;
    if (narrow.matches) history.pushState({ ...history.state, search: true }, "");
    reveal();
  }
  if (text) put(text);
  field.focus();
  field.select();
}

function reveal() {
  panel.hidden = false;
  cover();
}

function hide() {
  panel.hidden = true;
  cover();
}

/** What lies under the panel cannot be reached. */
function cover() {
  app.classList.toggle("searching", !panel.hidden);
  const under = narrow.matches ? ".top, .side, .pane" : ".side";
  for (const node of app.querySelectorAll(".top, .side, .pane"))
    node.inert = !panel.hidden && node.matches(under);
}

function close() {
  if (narrow.matches && history.state?.search) history.back();
  hide();
  if (opener?.isConnected && opener.offsetParent && opener !== document.body) opener.focus();
  else focusBox();
}

function onkeydown(event) {
  if (event.key !== "Escape" || event.isComposing) return;
  event.preventDefault();
  close();
}

function put(text) {
  field.value = text;
  field.focus();
  look(text, scope());
}

function nearEnd() {
  if (results.scrollTop + results.clientHeight > results.scrollHeight - NEAR_END) findMore();
}

function draw() {
  reconcile(list, rows(), build, update);
  panel.classList.toggle("idle", found.phase === "idle");
  field.setAttribute("aria-expanded", String(list.children.length > 0));
  list.ariaBusy = String(found.phase === "asking");
  setText(words, said());
  words.classList.toggle("trouble", found.phase === "failed");
  if (!panel.hidden && found.phase === "answered") nearEnd();
}

function said() {
  const { phase, trouble, messages, more } = found;
  if (phase === "failed") return trouble;
  if (phase === "asking") return "Searching …";
  if (phase === "idle") return "";
  if (!messages.length) return "Nothing was found.";
  return more ? "" : "That is all.";
}
