// The ways to a message's menu: a button on the row that is pointed at or in use, a long press,
// and keys.

import { byId, el, spoken } from "../lib/dom.js";
import { remove } from "./deleting.js";
import { edit } from "./editor.js";
import { openMenu } from "./menu.js";
import { canDelete, canEdit, messageOf } from "./messages.js";

const PRESS = 450; // ms until a touch is a long one
const log = byId("log");
const button = el("button", { class: "act", tabindex: "-1", "aria-haspopup": "menu", onclick: pressed });
let touching = 0;

button.append(el("span", { "aria-hidden": "true" }, "•••"), spoken("Actions for this message"));

export function startMenu() {
  log.setAttribute("aria-description", "Arrow keys choose a message, Enter opens its actions.");
  for (const type of ["pointerover", "focusin", "click"]) log.addEventListener(type, offer);
  log.addEventListener("pointerleave", () => offer({ target: document.activeElement }));
  log.addEventListener("keydown", key);
  log.addEventListener("touchstart", touch, { passive: true });
  for (const type of ["touchmove", "touchend", "touchcancel"])
    log.addEventListener(type, () => clearTimeout(touching), { passive: true });
  log.addEventListener("contextmenu", (event) => event.pointerType === "touch" && event.preventDefault());
  offer({ target: log.querySelector(".row:hover") ?? document.activeElement }); // what brought this here
}

/** The row around a node, if it shows a message that something can be done with. */
function actable(node) {
  const row = node?.closest?.("#log .row");
  return messageOf(row) && !row.classList.contains("editing") ? row : null;
}

function offer({ target }) {
  const row = actable(target);
  if (!row) button.remove();
  else if (button.closest(".row") !== row) row.querySelector(".bubble").append(button);
}

const open = (row) => openMenu(row, messageOf(row), row.querySelector(".bubble"));

function pressed() {
  const row = actable(button);
  if (row) openMenu(row, messageOf(row), button);
}

/** Enter opens the menu; E edits, Delete deletes. */
export function key(event) {
  const row = actable(event.target);
  if (row !== event.target || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = acts(row, messageOf(row))[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function acts(row, message) {
  return {
    Enter: () => open(row),
    e: canEdit(message) && (() => edit(row, message)),
    Delete: canDelete(message) && (() => remove(message)),
  };
}

function touch(event) {
  clearTimeout(touching);
  const row = actable(event.target);
  if (row && event.touches.length === 1 && !event.target.closest("a, button"))
    touching = setTimeout(open, PRESS, row);
}
