// The conversation list, and the “To” field over it. Together they are one combobox, whose choosing
// (to/main.js) comes when somebody goes there.

import { part, whole } from "../later.js";
import { byId, el, icon, reconcile, setText, spoken } from "../lib/dom.js";
import { isName, normalise, roomOf } from "../lib/names.js";
import { brief } from "../lib/time.js";
import { feedOf, handleOf, isFeed, isRoom, nameOf } from "../conversations.js";
import { draftOf } from "../drafts.js";
import { allEntries } from "../outbox.js";
import { open, openName } from "../router.js";
import { complain, on, state } from "../store.js";
import { latestOf, newestOf } from "./items.js";

const list = byId("list");
const to = byId("to");
const empty = byId("list-empty");
const KEYS = new Set(["ArrowDown", "ArrowUp", "Enter", "Escape"]);

/** What is listed; `active` is the key of the row that arrows have reached. */
export const listed = { rows: [], active: null };
let opened = () => {};

/** `onOpen` is called when a row was chosen. */
export function startList(onOpen) {
  opened = onOpen;
  on(["list", "people", "open"], draw);
  to.addEventListener("focus", () => part("to"));
  to.addEventListener("input", () => point(null));
  to.addEventListener("keydown", pressed);
  to.addEventListener("blur", () => point(null));
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps focus
  list.addEventListener("click", clicked);
  list.addEventListener("scroll", nearEnd, { passive: true });
  setInterval(draw, 60_000); // “last seen 5 min ago” grows older
}

/**
 * The name that “To” holds, or the id of the room; "" if empty. What can be a name is one: a display
 * name stands for its person only where it cannot be somebody's name, since anybody may choose any.
 */
export function addressee() {
  const text = normalise(to.value);
  if (isName(text)) return text;
  if (roomOf(text)) return roomOf(text);
  const titled = [...state.people.values()].filter(({ title }) => title.toLowerCase() === text);
  return titled.length === 1 ? titled[0].name : text;
}

export function clearTo() {
  to.value = "";
  point(null);
}

export const focusTo = () => to.focus();

/** Enter opens who was typed, unless arrows chose; keys before the part is there wait for it. */
function pressed(event) {
  if (event.isComposing || !KEYS.has(event.key)) return;
  event.preventDefault();
  if (event.key === "Enter" && !listed.active && to.value.trim()) enterTyped();
  else whole("to").then(({ press }) => press(event.key), () => {});
}

export function point(key) {
  listed.active = key;
  draw();
}

/** Opens the conversation with whoever was typed. */
function enterTyped() {
  const name = addressee();
  if (isName(name)) enter({ name });
  else if (roomOf(name)) enter({ id: name });
  else if (name) complain("A name is 1 to 32 of a-z, 0-9, “_”, “.” and “-”.");
}

function clicked(event) {
  const node = event.target.closest("[role=option]");
  const row = listed.rows.find((each) => each.key === node?.dataset.key);
  if (row) enter(row);
}

export function enter(row) {
  clearTo();
  if (row.act) return row.act();
  if (row.id) open(row.id);
  else openName(row.name);
  opened();
}

function draw() {
  const text = normalise(to.value);
  const rows = conversationRows();
  listed.rows = text ? (part("to")?.matching(text, rows) ?? rows) : rows;
  const { active } = listed;
  reconcile(list, listed.rows, build, update);
  to.setAttribute("aria-expanded", String(listed.rows.length > 0));
  if (active) to.setAttribute("aria-activedescendant", `row-${active}`);
  else to.removeAttribute("aria-activedescendant");
  empty.hidden = listed.rows.length > 0 || state.link.phase === "connecting";
}

/** All conversations, the latest activity first; readings move nothing. */
function conversationRows() {
  const sendingAt = new Map(allEntries().map((entry) => [entry.conversation, entry.at]));
  const shown = [...state.conversations.values()].filter((each) => isShown(each, sendingAt));
  const moment = (each) => [each.last_at, sendingAt.get(each.id) ?? ""].sort().at(-1);
  shown.sort((one, other) => (moment(one) < moment(other) ? 1 : -1));
  return shown.map((each) => rowOf(each, moment(each)));
}

function isShown(conversation, sendingAt) {
  const { id, last_seq } = conversation;
  if (isFeed(conversation)) return false;
  if (isRoom(conversation) && conversation.onServer) return true;
  return last_seq > 0 || feedOf(conversation) || sendingAt.has(id) || id === state.open || draftOf(id);
}

function rowOf(conversation, moment) {
  const shown = [moment, newestOf(conversation)?.sent_at ?? ""].sort().at(-1);
  return {
    key: conversation.id,
    id: conversation.id,
    name: handleOf(conversation),
    title: nameOf(conversation),
    person: state.people.get(conversation.partner),
    time: shown ? brief(new Date(shown)) : "",
    unread: conversation.unread,
    room: isRoom(conversation) ? (conversation.room ?? {}) : null,
    ...preview(conversation),
  };
}

function preview(conversation) {
  const draft = draftOf(conversation.id);
  const typing = state.typing.get(conversation.id)?.size > 0;
  if (typing) return { words: "typing…", body: "" };
  if (state.growing.size && part("growing")?.growingIn(conversation).length) return { words: "writing…", body: "" };
  if (draft && conversation.id !== state.open) return { words: "Draft: ", body: draft };
  const latest = latestOf(conversation) ?? { words: "", body: "" };
  return conversation.room?.closed ? { words: "Closed. ", body: latest.body } : latest;
}

function build(row) {
  return el(
    "li",
    { role: "option", id: `row-${row.key}`, class: "entry", "data-key": row.key },
    el("span", { class: "dot" }),
    el("span", { class: "sign" }),
    el("bdi", { class: "entry-title" }),
    el("span", { class: "entry-time" }),
    el("span", { class: "entry-preview" }, el("span", { class: "entry-words" }), el("bdi", {})),
    el("span", { class: "badge" }, el("span", {}), spoken("")),
  );
}

function update(node, row) {
  const [dot, sign, title, time, shown, badge] = node.children;
  node.classList.toggle("active", row.key === listed.active);
  node.classList.toggle("unread", row.unread > 0 && !row.room?.muted);
  node.setAttribute("aria-selected", String(row.id != null && row.id === state.open));
  drawDot(dot, row.person);
  drawSign(sign, row.room);
  setText(title, row.title);
  setText(time, row.time);
  setText(shown.firstChild, row.words);
  setText(shown.lastChild, row.body.slice(0, 200));
  drawBadge(badge, row.unread, row.room ?? {});
}

/** Loud where somebody called, quiet in a muted room: a mere dot. */
function drawBadge(badge, unread, { muted, mentions }) {
  const loud = mentions > 0 && !muted;
  badge.hidden = unread === 0;
  badge.className = `badge ${muted ? "quiet" : loud ? "loud" : ""}`;
  setText(badge.firstChild, `${loud ? "@ " : ""}${unread > 99 ? "99+" : unread}`);
  setText(badge.lastChild, ` unread${muted ? ", muted" : loud ? ", you are mentioned" : ""}`);
}

/** “#” before a room, a lock where it is private; the same in words. */
export function drawSign(node, room) {
  const words = room ? `${room.private ? "Private room" : "Room"}${room.closed ? ", closed" : ""}` : "";
  node.hidden = !room;
  if (node.textContent.replace("#", "") === words) return;
  node.replaceChildren(room?.private ? icon("lock") : el("span", { "aria-hidden": "true" }, "#"), spoken(words));
}

/** Filled when online, a ring when not, with the words for those who don't see it. */
export function drawDot(node, person) {
  node.classList.toggle("online", person?.online === true);
  node.hidden = !person;
  const words = person?.online ? "online" : "offline";
  if (node.textContent !== words) node.replaceChildren(spoken(words));
}

function nearEnd() {
  const near = list.scrollTop + list.clientHeight > list.scrollHeight - 300;
  if (near && state.moreConversations) whole("further").then((its) => its.loadConversations(), () => {});
}
