// What may stand in the field besides words; each hint puts its beginning there.

import { el } from "../lib/dom.js";

const HINTS = [
  ["from:", "bob", "who wrote it; from:me for oneself"],
  ["in:", "#lobby", "a room, or somebody's name"],
  ["before:", "2026-11-01", "earlier than this day"],
  ["after:", "2026-10-01", "from this day on"],
  ["“", "exact words”", "words that stand together"],
];

/** `put(text)` is called with what was chosen. */
export function hints(put) {
  const items = HINTS.map(([begin, example, words]) => {
    const onclick = () => put(begin);
    const button = el("button", { class: "hint", onclick }, el("b", {}, begin), example);
    return el("li", {}, button, el("span", {}, words));
  });
  return el("ul", { class: "hints", "aria-label": "Filters" }, ...items);
}
