// Choosing among the results: arrows from the field, as in “To”, or a click.

import { isFeed } from "../conversations.js";
import { whole } from "../later.js";
import { el } from "../lib/dom.js";
import { open } from "../router.js";
import { found } from "./finding.js";
import { placeOf, rows } from "./results.js";

export const field = el("input", {
  id: "query", type: "search", role: "combobox", "aria-label": "Search messages", "aria-controls": "hits",
  "aria-expanded": "false", "aria-autocomplete": "list", placeholder: "Search messages", maxlength: "200",
  enterkeyhint: "search", autocomplete: "off", autocapitalize: "none", spellcheck: "false",
});
export const list = el("ul", { id: "hits", class: "hits", role: "listbox", "aria-label": "Messages found", tabindex: "-1" });
const STEPS = { ArrowDown: 1, ArrowUp: -1 };
let active = null; // the key of the result that arrows have reached
let chosen = () => {};

/** `listener` is called when somebody went to a message. */
export const onChosen = (listener) => (chosen = listener);

/** `search` is called on Enter where nothing is chosen. */
export function startChoosing(search) {
  field.addEventListener("input", () => point(null));
  field.addEventListener("keydown", (event) => pressed(event, search));
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps focus
  list.addEventListener("click", ({ target }) => choose(target.closest("[role=option]")?.dataset.key));
}

function pressed(event, search) {
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === "Enter" && active) choose(active);
  else if (event.key === "Enter") search();
  else if (STEPS[event.key]) move(STEPS[event.key]);
  else return;
  event.preventDefault();
}

function move(step) {
  const keys = rows().map(({ key }) => key);
  const at = keys.indexOf(active) + step;
  point(keys[at < -1 ? keys.length - 1 : at] ?? null);
  list.querySelector(".active")?.scrollIntoView({ block: "nearest" });
}

function point(key) {
  active = key;
  for (const node of list.children) {
    node.classList.toggle("active", node.dataset.key === key);
    node.setAttribute("aria-selected", String(node.dataset.key === key));
  }
  if (key) field.setAttribute("aria-activedescendant", `hit-${key}`);
  else field.removeAttribute("aria-activedescendant");
}

function choose(key) {
  const message = found.messages.find(({ id }) => id === key);
  if (!message) return;
  point(key);
  const place = placeOf(message.conversation);
  chosen();
  if (isFeed(place)) whole("devices").then(({ seek }) => seek(place.partner, message.seq), () => {});
  else open(message.conversation, message.seq);
}
