// The members of a room: beside its log, or in its place on a phone.

import { byId, el, reconcile, setText, spoken } from "../lib/dom.js";
import { openName } from "../router.js";
import { on, state } from "../store.js";
import { focusBox } from "../view/composer.js";
import { drawDot } from "../view/list.js";
import { actionsFor, showActions } from "./governing.js";
import { inviteButton } from "./inviting.js";
import { known, loadMore, openRoom, refresh, sorted } from "./members.js";

const ROLES = { owner: "Owner", moderator: "Moderator", member: "" };
const title = el("h3", { id: "members-title" });
const list = el("ul", { class: "members-list", tabindex: "-1", "aria-labelledby": "members-title" });
const more = el("button", { class: "button quiet", onclick: loadMore }, "Show more");
const close = el("button", { class: "small", onclick: () => panel.close() }, "Close");
const head = el("header", { class: "sheet-head" }, title, close);
const panel = el("dialog", { class: "members", "aria-labelledby": "members-title" }, head, inviteButton, list, more);
let opener = null;

export const isOpen = () => panel.open;

export function startPanel() {
  document.querySelector(".pane").append(panel);
  panel.addEventListener("close", closed);
  panel.addEventListener("keydown", ({ key }) => key === "Escape" && panel.close());
  list.addEventListener("click", choose);
  on(["open", "list", "people"], draw);
}

/** Shows the members, or hides them; the focus returns to `button`. */
export function togglePanel(button) {
  opener = button;
  if (panel.open) {
    panel.close();
    return;
  }
  if (matchMedia("(max-width: 900px)").matches) panel.showModal();
  else panel.show();
  byId("app").classList.add("with-members");
  close.focus();
  refresh();
  draw();
}

function closed() {
  byId("app").classList.remove("with-members");
  opener?.setAttribute("aria-expanded", "false");
  if (!document.activeElement || document.activeElement === document.body) opener?.focus();
}

function draw() {
  const room = openRoom();
  if (!panel.open) return;
  if (!room) {
    hide();
    return;
  }
  const { total, more: others } = known();
  setText(title, total ? `Members (${total})` : "Members");
  inviteButton.hidden = room.room?.closed;
  more.hidden = !others;
  reconcile(list, sorted().map((member) => ({ key: member.name, member, room })), build, update);
}

/** By itself: the focus stays where it is by now. */
function hide() {
  const { activeElement } = document;
  panel.close();
  if (!panel.contains(activeElement)) activeElement.focus();
}

function build({ key }) {
  const words = el("span", { class: "room-words" }, el("bdi"), el("span", { class: "room-about" }));
  const name = el("button", { class: "member-name", "data-open": key }, el("span", { class: "dot" }), words);
  const dots = el("span", { class: "dots", "aria-hidden": "true" }, "•••");
  const acts = el("button", { class: "room-tool", "data-acts": key, "aria-haspopup": "menu" }, dots, spoken(""));
  return el("li", { class: "member" }, name, acts);
}

function update(node, { member, room }) {
  const [name, acts] = node.children;
  const [dot, words] = name.children;
  const isMe = member.name === state.me.name;
  drawDot(dot, member);
  setText(words.firstChild, isMe ? `${member.title} (you)` : member.title);
  const handle = member.title === member.name ? "" : member.name;
  setText(words.lastChild, [ROLES[member.role], handle].filter(Boolean).join(" · "));
  acts.hidden = actionsFor(room, member).length === 0;
  setText(acts.lastChild, `Actions for ${member.title}`);
}

function choose({ target }) {
  const { open, acts } = target.closest("button")?.dataset ?? {};
  if (open) write(open);
  if (acts) showActions(openRoom(), known().members.get(acts), target.closest("button"), list);
}

/** Opens the conversation with a member. */
function write(name) {
  panel.close();
  openName(name);
  focusBox();
}
