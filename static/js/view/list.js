// The “To” field and the conversation list are one combobox: what is typed narrows the list and
// adds people, arrows choose, Enter opens.

import { byId, el, reconcile, setText, spoken } from "../lib/dom.js";
import { isName, normalise } from "../lib/names.js";
import { brief, seenWords } from "../lib/time.js";
import { feedOf, isFeed, nameOf } from "../conversations.js";
import { draftOf } from "../drafts.js";
import { allEntries } from "../outbox.js";
import { open, openName } from "../router.js";
import { complain, on, state } from "../store.js";
import { loadConversations } from "../sync.js";
import { latestOf, newestOf } from "./items.js";

const list = byId("list");
const to = byId("to");
const empty = byId("list-empty");
let rows = [];
let active = null; // the key of the row that arrows have reached
let opened = () => {};

/** `onOpen` is called when a row was chosen. */
export function startList(onOpen) {
  opened = onOpen;
  on(["list", "people", "open"], draw);
  to.addEventListener("input", typed);
  to.addEventListener("keydown", pressed);
  to.addEventListener("blur", () => point(null));
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps focus
  list.addEventListener("click", clicked);
  list.addEventListener("scroll", nearEnd, { passive: true });
  setInterval(draw, 60_000); // “last seen 5 min ago” grows older
}

/**
 * The name that “To” holds; "" if empty. What can be a name is one: a display name stands for
 * its person only where it cannot be somebody's name, since anybody may choose any.
 */
export function addressee() {
  const text = normalise(to.value);
  if (isName(text)) return text;
  const titled = [...state.people.values()].filter(({ title }) => title.toLowerCase() === text);
  return titled.length === 1 ? titled[0].name : text;
}

export function clearTo() {
  to.value = "";
  active = null;
  draw();
}

export const focusTo = () => to.focus();

function typed() {
  active = null;
  draw();
}

function pressed(event) {
  if (event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) move(step);
  else if (event.key === "Enter") choose();
  else if (event.key === "Escape") clearTo();
  else return;
  event.preventDefault();
}

function move(step) {
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.key === active);
  const start = step > 0 ? -1 : rows.length;
  point(rows[((at < 0 ? start : at) + step + rows.length) % rows.length].key);
}

function point(key) {
  active = key;
  draw();
  list.querySelector(".active")?.scrollIntoView({ block: "nearest" });
}

/** Enter: the row that arrows reached, else who was typed. */
function choose() {
  const row = rows.find((each) => each.key === active);
  const name = addressee();
  if (row) enter(row);
  else if (isName(name)) enter({ name });
  else if (name) complain("A name is 1 to 32 of a-z, 0-9, “_”, “.” and “-”.");
}

function clicked(event) {
  const node = event.target.closest("[role=option]");
  const row = rows.find((each) => each.key === node?.dataset.key);
  if (row) enter(row);
}

function enter(row) {
  clearTo();
  if (row.id) open(row.id);
  else openName(row.name);
  opened();
}

function draw() {
  const text = normalise(to.value);
  rows = text ? matching(text) : conversationRows();
  reconcile(list, rows, build, update);
  to.setAttribute("aria-expanded", String(rows.length > 0));
  if (active) to.setAttribute("aria-activedescendant", `row-${active}`);
  else to.removeAttribute("aria-activedescendant");
  empty.hidden = rows.length > 0 || state.link.phase === "connecting";
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
  return last_seq > 0 || feedOf(conversation) || sendingAt.has(id) || id === state.open || draftOf(id);
}

function rowOf(conversation, moment) {
  const shown = [moment, newestOf(conversation)?.sent_at ?? ""].sort().at(-1);
  return {
    key: conversation.id,
    id: conversation.id,
    name: conversation.partner,
    title: nameOf(conversation),
    person: state.people.get(conversation.partner),
    time: shown ? brief(new Date(shown)) : "",
    unread: conversation.unread,
    ...preview(conversation),
  };
}

function preview(conversation) {
  const draft = draftOf(conversation.id);
  const typing = state.typing.get(conversation.id)?.size > 0;
  if (typing) return { words: "typing…", body: "" };
  if (draft && conversation.id !== state.open) return { words: "Draft: ", body: draft };
  return latestOf(conversation) ?? { words: "", body: "" };
}

/** Conversations and people that fit what was typed. */
function matching(text) {
  const fits = ({ name, title }) => `${name} ${title}`.toLowerCase().includes(text);
  const found = conversationRows().filter(fits);
  const names = new Set(found.map((row) => row.name));
  const others = [...state.people.values()].filter((each) => fits(each) && !names.has(each.name));
  found.push(...others.map(personRow));
  if (isName(text) && !found.some((row) => row.name === text)) found.push(newRow(text));
  return found;
}

function personRow(person) {
  const { name, title } = person;
  const body = `${name === title ? "" : `${name}, `}${seenWords(person)}`;
  return { key: `to-${name}`, name, title, person, time: "", unread: 0, words: "", body };
}

function newRow(name) {
  const body = name === state.me.name ? "Notes to myself" : "Write to this name";
  return { key: `new-${name}`, name, title: name, time: "", unread: 0, words: "", body };
}

function build(row) {
  return el(
    "li",
    { role: "option", id: `row-${row.key}`, class: "entry", "data-key": row.key },
    el("span", { class: "dot" }),
    el("bdi", { class: "entry-title" }),
    el("span", { class: "entry-time" }),
    el("span", { class: "entry-preview" }, el("span", { class: "entry-words" }), el("bdi", {})),
    el("span", { class: "badge" }, el("span", {}), spoken(" unread")),
  );
}

function update(node, row) {
  const [dot, title, time, shown, badge] = node.children;
  node.classList.toggle("active", row.key === active);
  node.classList.toggle("unread", row.unread > 0);
  node.setAttribute("aria-selected", String(row.id != null && row.id === state.open));
  drawDot(dot, row.person);
  setText(title, row.title);
  setText(time, row.time);
  setText(shown.firstChild, row.words);
  setText(shown.lastChild, row.body.slice(0, 200));
  badge.hidden = row.unread === 0;
  setText(badge.firstChild, row.unread > 99 ? "99+" : String(row.unread));
}

/** Filled when online, a ring when not, with the words for those who don't see it. */
export function drawDot(node, person) {
  node.classList.toggle("online", person?.online === true);
  node.hidden = !person;
  const words = person?.online ? "online" : "offline";
  if (node.textContent !== words) node.replaceChildren(spoken(words));
}

function nearEnd() {
  if (list.scrollTop + list.clientHeight > list.scrollHeight - 300) loadConversations();
}
