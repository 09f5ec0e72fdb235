// A message's menu: beside the message, or at the bottom of a phone's screen.

import { el } from "../lib/dom.js";
import { rove, settle } from "../lib/roving.js";
import { clock, dayName } from "../lib/time.js";
import { copy } from "./copying.js";
import { remove } from "./deleting.js";
import { edit } from "./editor.js";
import { canDelete, canEdit } from "./messages.js";

const APART = 4; // px between the menu and what it belongs to
const SEEN = 700; // ms for which “Copied” stands

/** Opens the menu of a message beside `place`; the focus returns to its row. */
export function openMenu(row, message, place) {
  row.focus({ preventScroll: true });
  const list = el("div", { role: "menu", "aria-label": "Actions for this message" });
  const dialog = el("dialog", { class: "menu", onclose: () => dialog.remove() }, edited(message), list);
  list.append(...itemsOf(row, message, dialog));
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

function edited({ edited_at }) {
  if (!edited_at) return null;
  const moment = new Date(edited_at);
  const words = `Edited ${dayName(moment)}, ${clock(moment)}`;
  return el("p", { class: "menu-note" }, words);
}

function itemsOf(row, message, dialog) {
  const then = (act) => () => {
    dialog.close();
    act();
  };
  const link = `${location.origin}/#${message.conversation}/${message.seq}`;
  const items = [
    canEdit(message) && item("Edit", then(() => edit(row, message))),
    message.body && copier("Copy text", message.body, dialog),
    copier("Copy link", link, dialog),
    canDelete(message) && item("Delete", then(() => remove(message)), "danger"),
  ];
  return items.filter(Boolean);
}

const item = (words, onclick, kind = "") =>
  el("button", { class: `menu-item ${kind}`, role: "menuitem", onclick }, words);

/** Says for a moment that it has copied. */
function copier(words, text, dialog) {
  return item(words, async ({ target }) => {
    target.textContent = (await copy(text, dialog)) ? "Copied" : "This browser does not allow it";
    setTimeout(() => dialog.close(), SEEN);
  });
}

/** Below `place`, or above it where there is no room; never beyond the window. */
function beside(dialog, place) {
  const { width, height } = dialog.getBoundingClientRect();
  const below = place.bottom + APART;
  const fits = below + height <= innerHeight;
  const top = fits ? below : Math.max(APART, place.top - APART - height);
  const left = Math.min(Math.max(APART, place.right - width), innerWidth - width - APART);
  Object.assign(dialog.style, { top: `${top}px`, left: `${left}px` });
}
