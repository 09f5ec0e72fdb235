// A menu: beside what it belongs to, or at the bottom of a phone's screen.

import { el } from "../lib/dom.js";
import { rove, settle } from "../lib/roving.js";

const APART = 4; // px between the menu and what it belongs to

/**
 * Opens a menu called `label` beside `place`; on closing, the focus returns to where it was.
 * `itemsOf(dialog)` makes its items; `note` is an element above them, or null.
 */
export function showMenu(label, place, itemsOf, note = null) {
  const list = el("div", { role: "menu", "aria-label": label });
  const dialog = el("dialog", { class: "menu", onclose: () => dialog.remove() }, note, list);
  list.append(...itemsOf(dialog));
  const items = () => [...list.children];
  rove(list, items, ["ArrowUp", "ArrowDown"]);
  settle(items());
  // a touch that began before does not close what it opened
  dialog.addEventListener("pointerdown", ({ target }) => target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  list.firstElementChild.focus();
  if (matchMedia("(min-width: 721px)").matches) beside(dialog, place.getBoundingClientRect());
}

export const item = (words, onclick, kind = "") =>
  el("button", { class: `menu-item ${kind}`, role: "menuitem", onclick }, words);

/** An item that closes the menu before it acts. */
export const closing = (dialog, words, act, kind) =>
  item(words, () => (dialog.close(), act()), kind);

/** Below `place`, or above it where there is no room; never beyond the window. */
function beside(dialog, place) {
  const { width, height } = dialog.getBoundingClientRect();
  const below = place.bottom + APART;
  const fits = below + height <= innerHeight;
  const top = fits ? below : Math.max(APART, place.top - APART - height);
  const left = Math.min(Math.max(APART, place.right - width), innerWidth - width - APART);
  Object.assign(dialog.style, { top: `${top}px`, left: `${left}px` });
}
