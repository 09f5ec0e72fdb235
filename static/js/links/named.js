// “@name” and “#room” in a text.

import { byId, el } from "../lib/dom.js";
import { roomOf } from "../lib/names.js";
import { find } from "../rooms/finding.js";
import { state, touch } from "../store.js";

const NAMED = /(?<![\p{L}\p{N}_@#&/.-])([@#])([a-z0-9][a-z0-9_.-]{0,31})(?![a-z0-9_])/giu;
const MOST = 20; // names of rooms in one message that are looked up
const log = byId("log");

for (const type of ["pointerover", "focusin"]) log.addEventListener(type, lookUp);

/** Nodes for a text without addresses, in order. */
export function named(text, conversation) {
  const nodes = [];
  let end = 0;
  for (const { 0: whole, 1: sign, 2: typed, index } of text.matchAll(NAMED)) {
    const name = typed.replace(/[._-]+$/, "").toLowerCase(); // the end of a sentence
    const words = whole.slice(0, 1 + name.length);
    const node = sign === "#" ? roomNode(name, words) : roomOf(conversation) && mention(name, words);
    if (!node) continue;
    nodes.push(text.slice(end, index), node);
    end = index + words.length;
  }
  return [...nodes, text.slice(end)];
}

/** rooms/mentions.js marks those that name somebody who is there. */
const mention = (name, words) => el("span", { class: "mention", "data-name": name }, words);

/** A link if one is in this room; a number alone is seldom meant as one. */
function roomNode(name, words) {
  if (!/[a-z]/.test(name)) return null;
  const id = roomOf(`#${name}`);
  return state.conversations.get(id)?.onServer ? link(id, words) : el("span", { "data-room": id }, words);
}

/** Other rooms become links, if there are such, once somebody points at the message or its row has
    the focus: who writes a thousand names makes nobody's page ask for them. */
function lookUp({ target }) {
  const row = target.closest(".row, .notice");
  const places = [...(row?.querySelectorAll("[data-room]") ?? [])];
  for (const node of places.slice(0, MOST))
    if (node.localName === "span") find(node.dataset.room).then((room) => room && become(node), () => {});
}

function become(node) {
  node.replaceWith(link(node.dataset.room, node.textContent));
  touch("log"); // the links of a row in use are reached with Tab
}

const link = (id, words) => el("a", { href: `#${id}`, "data-room": id, tabindex: "-1" }, words);
