// Addresses in a text as links: http and https alone; and names in it. Fetched with the first text
// that has one.

import { el } from "../lib/dom.js";
import { named } from "./named.js";

const ADDRESS = /https?:\/\/[^\s<>"“”]+/gi;
const TRAILING = /[.,;:!?'’*_~…]+$/;

/** Nodes for `text`, in order; “@name” means somebody where the `conversation` (an id) is a room.
    Line breaks are left to `white-space: pre-wrap`. */
export function bodyNodes(text, conversation = "") {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimmed(match[0]);
    if (!isWeb(address)) continue;
    nodes.push(...named(text.slice(end, match.index), conversation), link(address));
    end = match.index + address.length;
  }
  nodes.push(...named(text.slice(end), conversation));
  return nodes.filter((node) => node !== "");
}

/** Without the punctuation of the sentence around it; a closing bracket stays if it was opened. */
function trimmed(address) {
  for (let last = null; last !== address; ) {
    last = address;
    address = address.replace(TRAILING, "");
    for (const [open, close] of ["()", "[]", "{}"]) {
      if (address.endsWith(close) && count(address, close) > count(address, open))
        address = address.slice(0, -1);
    }
  }
  return address;
}

const count = (text, character) => text.split(character).length - 1;

function isWeb(address) {
  try {
    return ["http:", "https:"].includes(new URL(address).protocol);
  } catch {
    return false;
  }
}

function link(address) {
  const rel = "noopener noreferrer nofollow";
  return el("a", { href: address, target: "_blank", rel, tabindex: "-1" }, address);
}
