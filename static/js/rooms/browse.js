// Rooms to choose from: those that everybody may join, and one's own.

import { el, reconcile, setText, spoken } from "../lib/dom.js";
import { open } from "../router.js";
import { request } from "../socket.js";
import { focusBox } from "../view/composer.js";
import { drawSign } from "../view/list.js";
import { change, whyNot } from "./asking.js";
import { showDialog } from "./dialog.js";
import { make } from "./making.js";

const PAUSE = 200; // ms without a key until it is asked
const PAGE = 50;

/** Opens the dialog. */
export function browse() {
  const search = el("input", { type: "search", "aria-label": "Search rooms", placeholder: "Search rooms" });
  const list = el("ul", { class: "rooms-list", "aria-label": "Rooms" });
  const said = el("p", { class: "rooms-said", role: "status" });
  const more = el("button", { class: "button quiet", hidden: true, onclick: () => ask(true) }, "Show more");
  const another = el("button", { class: "button", onclick: () => make(nameIn(search.value)) }, "Make a room");
  const top = el("div", { class: "rooms-top" }, search, another);
  const dialog = showDialog("Rooms", top, said, list, more);
  let rooms = [];
  let timer = 0;
  let turn = 0;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  list.addEventListener("click", choose);
  search.focus();
  ask();

  async function ask(further = false) {
    const mine = ++turn;
    const after = further === true ? rooms.at(-1)?.id : null;
    try {
      const page = await request({ type: "rooms", query: search.value.trim(), after, limit: PAGE });
      if (mine !== turn) return;
      rooms = after ? [...rooms, ...page.rooms] : page.rooms;
      more.hidden = !page.more;
      setText(said, countWords(rooms.length, page.more));
      reconcile(list, rooms.map(rowOf), build, update);
    } catch (error) {
      setText(said, whyNot(error));
    }
  }

  async function choose({ target }) {
    const id = target.closest("button")?.dataset.room;
    if (!id) return;
    try {
      if (!rooms.find((each) => each.id === id).joined) await change({ type: "join", room: id });
    } catch (error) {
      setText(said, whyNot(error));
      return;
    }
    dialog.close();
    open(id);
    focusBox();
  }
}

const rowOf = (room) => ({ key: room.id, room });

/** What was searched for, if it can be the name of a room. */
const nameIn = (text) => text.trim().replace(/^#/, "").replaceAll(/\s+/g, "-").toLowerCase();

function countWords(count, more) {
  if (count === 0) return "No room is called so.";
  return `${count}${more ? " or more" : ""} ${count === 1 ? "room" : "rooms"}`;
}

function build({ room }) {
  const words = el("span", { class: "room-words" }, el("bdi", { class: "room-title" }), el("span", { class: "room-about" }));
  const button = el("button", { class: "small", "data-room": room.id }, el("span"), spoken(""));
  return el("li", { class: "room" }, el("span", { class: "sign" }), words, button);
}

function update(node, { room }) {
  const [sign, words, button] = node.children;
  drawSign(sign, room);
  setText(words.firstChild, room.title);
  setText(words.lastChild, aboutWords(room));
  setText(button.firstChild, room.joined ? "Open" : "Join");
  setText(button.lastChild, ` ${room.title}`);
}

function aboutWords({ id, private: hidden, closed, members, joined }) {
  const count = members === 1 ? "1 member" : `${members} members`;
  const marks = [hidden && "private", closed && "closed", joined && "you are in it"];
  return [id.replace("room:", "#"), count, ...marks].filter(Boolean).join(" · ");
}
