// Choosing in the list by what is typed into “To”: it narrows the list and adds people, arrows
// choose, Enter opens.

import { whole } from "../later.js";
import { byId } from "../lib/dom.js";
import { isName, roomOf } from "../lib/names.js";
import { seenWords } from "../about/seen.js";
import { state } from "../store.js";
import { clearTo, enter, listed, point } from "../view/list.js";

const SEARCHED = 3; // letters that are worth searching for
const list = byId("list");

/** One of the keys that “To” knows; Enter is for the row that arrows reached. */
export function press(key) {
  if (key === "Enter") choose();
  else if (key === "Escape") clearTo();
  else move(key === "ArrowDown" ? 1 : -1);
}

function move(step) {
  const { rows, active } = listed;
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.key === active);
  const start = step > 0 ? -1 : rows.length;
  point(rows[((at < 0 ? start : at) + step + rows.length) % rows.length].key);
  list.querySelector(".active")?.scrollIntoView({ block: "nearest" });
}

function choose() {
  const row = listed.rows.find((each) => each.key === listed.active);
  if (row) enter(row);
}

/** Conversations, of `conversationRows`, and people that fit what was typed; the last is to search for it. */
export function matching(text, conversationRows) {
  const fits = ({ name, title }) => `${name} ${title}`.toLowerCase().includes(text);
  const found = conversationRows.filter(fits);
  const names = new Set(found.map((row) => row.name));
  const others = [...state.people.values()].filter((each) => fits(each) && !names.has(each.name));
  found.push(...others.map(personRow));
  if (isName(text) && !found.some((row) => row.name === text)) found.push(newRow(text));
  const id = roomOf(text);
  if (id && !found.some((row) => row.id === id)) found.push(newRoomRow(id, text));
  if (text.length >= SEARCHED) found.push(searchRow(text));
  return found;
}

function personRow(person) {
  const { name, title } = person;
  const body = `${name === title ? "" : `${name}, `}${seenWords(person)}`;
  return { key: `to-${name}`, name, title, person, time: "", unread: 0, words: "", body };
}

/** Whoever looks for words, not for a name, is led to where they are found. */
function searchRow(text) {
  const act = () => whole("search").then(({ show }) => show(text), () => {});
  return { key: "search", act, title: `“${text}”`, time: "", unread: 0, words: "", body: "Search all messages" };
}

const newRoomRow = (id, title) =>
  ({ key: `new-${id}`, id, name: title, title, time: "", unread: 0, words: "", body: "Look for this room" });

function newRow(name) {
  const body = name === state.me.name ? "Notes to myself" : "Write to this name";
  return { key: `new-${name}`, name, title: name, time: "", unread: 0, words: "", body };
}
