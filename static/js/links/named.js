// “@name” and “#room” in a text.

import { el } from "../lib/dom.js";
import { roomOf } from "../lib/names.js";
import { find } from "../rooms/finding.js";
import { touch } from "../store.js";

const NAMED = /(?<![\p{L}\p{N}_@#&/.-])([@#])([a-z0-9][a-z0-9_.-]{0,31})(?![a-z0-9_])/giu;

/** Nodes for a text without addresses, in order. */
export function named(text, conversation) {
  const nodes = [];
  let end = 0;
  for (const { 0: whole, 1: sign, 2: typed, index } of text.matchAll(NAMED)) {
    const name = typed.replace(/[._-]+$/, "").toLowerCase(); // the end of a sentence
    const node = sign === "#" ? roomNode(name) : roomOf(conversation) && mention(name);
    if (!node) continue;
    nodes.push(text.slice(end, index), node);
    end = index + 1 + name.length;
    node.textContent ||= whole.slice(0, 1 + name.length);
  }
  return [...nodes, text.slice(end)];
}

/** rooms/mentions.js marks those that name somebody who is there. */
const mention = (name) => el("span", { class: "mention", "data-name": name });

/** It becomes a link if there is such a room; a number alone is seldom meant as one. */
function roomNode(name) {
  if (!/[a-z]/.test(name)) return null;
  const id = roomOf(`#${name}`);
  const node = el("span");
  find(id).then((room) => room && become(node, link(id, node.textContent)), () => {});
  return node;
}

function become(node, other) {
  node.replaceWith(other);
  touch("log"); // the links of a row in use are reached with Tab
}

const link = (id, words) => el("a", { href: `#${id}`, tabindex: "-1" }, words);
