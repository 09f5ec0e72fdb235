// A message's menu.

import { closing, item, showMenu } from "../cards/menu.js";
import { el } from "../lib/dom.js";
import { clock, dayName } from "../lib/time.js";
import { copy } from "./copying.js";
import { remove } from "./deleting.js";
import { edit } from "./editor.js";
import { canDelete, canEdit } from "./messages.js";

const SEEN = 700; // ms for which “Copied” stands

/** Opens the menu of a message beside `place`; the focus returns to its row. */
export function openMenu(row, message, place) {
  row.focus({ preventScroll: true });
  const items = (dialog) => itemsOf(row, message, dialog);
  showMenu("Actions for this message", place, items, edited(message));
}

function edited({ edited_at }) {
  if (!edited_at) return null;
  const moment = new Date(edited_at);
  const words = `Edited ${dayName(moment)}, ${clock(moment)}`;
  return el("p", { class: "menu-note" }, words);
}

function itemsOf(row, message, dialog) {
  const link = `${location.origin}/#${message.conversation}/${message.seq}`;
  const items = [
    canEdit(message) && closing(dialog, "Edit", () => edit(row, message)),
    message.body && copier("Copy text", message.body, dialog),
    copier("Copy link", link, dialog),
    canDelete(message) && closing(dialog, "Delete", () => remove(message), "danger"),
  ];
  return items.filter(Boolean);
}

/** Says for a moment that it has copied. */
function copier(words, text, dialog) {
  return item(words, async ({ target }) => {
    target.textContent = (await copy(text, dialog)) ? "Copied" : "This browser does not allow it";
    setTimeout(() => dialog.close(), SEEN);
  });
}
