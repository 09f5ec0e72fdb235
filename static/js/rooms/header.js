// What stands in the head of a room: its members, and its menu.

import { closing, showMenu } from "../cards/menu.js";
import { nameOf } from "../conversations.js";
import { byId, el, icon, setText, spoken } from "../lib/dom.js";
import { rove, settle } from "../lib/roving.js";
import { on } from "../store.js";
import { actionsOf } from "./changing.js";
import { known, openRoom } from "./members.js";
import { isOpen, togglePanel } from "./panel.js";

const count = el("span", { "aria-hidden": "true" });
const words = spoken("");
const shows = { class: "room-tool", "aria-expanded": "false", onclick: toggle };
const people = el("button", shows, icon("person"), count, words);
const dots = el("span", { class: "dots", "aria-hidden": "true" }, "•••");
const acts = { class: "room-tool", "aria-haspopup": "menu", onclick: showActions };
const more = el("button", acts, dots, spoken("Actions for this room"));
const bar = el("div", { class: "room-tools", role: "toolbar", "aria-label": "Room", hidden: true }, people, more);

export function startHeader() {
  byId("pane-about").after(bar);
  rove(bar, () => [people, more], ["ArrowLeft", "ArrowRight"]);
  settle([people, more]);
  on(["open", "list", "people"], draw);
  draw();
}

function draw() {
  const room = openRoom();
  bar.hidden = !room;
  if (!room) return;
  const { total } = known();
  setText(count, total ? String(total) : "");
  setText(words, total === 1 ? "1 member" : `${total || ""} members`.trim());
  people.setAttribute("aria-expanded", String(isOpen()));
}

function toggle() {
  togglePanel(people);
  draw();
}

function showActions() {
  const room = openRoom();
  const items = (dialog) => actionsOf(room).map(([label, act, kind]) => closing(dialog, label, act, kind));
  showMenu(`Actions for ${nameOf(room)}`, more, items);
}
