// “Only in Bob”: searching the conversation that is open, and no other.

import { nameOf } from "../conversations.js";
import { el, setText } from "../lib/dom.js";
import { STORED } from "../router.js";
import { on, state } from "../store.js";
import { found } from "./finding.js";
import { placeOf } from "./results.js";

const box = el("input", { type: "checkbox" });
const name = el("bdi");

export const onlyHere = el("label", { class: "only-here" }, box, el("span", {}, "Only in ", name));

/** It stays the one that was chosen, wherever the results lead. */
const itsId = () => (box.checked && found.scope) || (state.open === STORED ? null : state.open);

/** The id of the only conversation to be searched, or null. */
export const scope = () => (box.checked ? itsId() : null);

function draw() {
  const id = itsId();
  onlyHere.hidden = !id;
  if (id) setText(name, nameOf(placeOf(id)));
}

on(["open", "people", "search"], draw);
draw();
