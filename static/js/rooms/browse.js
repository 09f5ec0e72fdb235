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
export const browse = () => new Browser();

class Browser {
  #rooms = [];
  #turn = 0; // of the questions: what an earlier one finds is not shown any more

  constructor() {
    this.search = el("input", { type: "search", "aria-label": "Search rooms", placeholder: "Search rooms" });
    this.said = el("p", { class: "rooms-said", role: "status" });
    this.list = el("ul", { class: "rooms-list", "aria-label": "Rooms" });
    this.more = el("button", { class: "button quiet", hidden: true }, "Show more");
    const another = el("button", { class: "button", onclick: () => make(nameIn(this.search.value)) }, "Make a room");
    const top = el("div", { class: "rooms-top" }, this.search, another);
    this.dialog = showDialog("Rooms", top, this.said, this.list, this.more);
    this.#listen();
    this.search.focus();
    this.#ask([]);
  }

  #listen() {
    let timer = 0;
    this.search.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.#ask([]), PAUSE);
    });
    this.more.addEventListener("click", () => this.#ask(this.#rooms));
    this.list.addEventListener("click", ({ target }) => this.#choose(target.closest("button")?.dataset.room));
  }

  /** Shows `before`, and the page that comes after it. */
  async #ask(before) {
    const turn = ++this.#turn;
    const query = this.search.value.trim();
    try {
      const page = await request({ type: "rooms", query, after: before.at(-1)?.id, limit: PAGE });
      if (turn === this.#turn) this.#show([...before, ...page.rooms], page.more);
    } catch (error) {
      setText(this.said, whyNot(error));
    }
  }

  #show(rooms, more) {
    this.#rooms = rooms;
    this.more.hidden = !more;
    setText(this.said, countWords(rooms.length, more));
    reconcile(this.list, rooms.map(rowOf), build, update);
  }

  async #choose(id) {
    if (!id) return;
    try {
      if (!this.#rooms.find((each) => each.id === id).joined) await change({ type: "join", room: id });
    } catch (error) {
      setText(this.said, whyNot(error));
      return;
    }
    this.dialog.close();
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
  const about = el("span", { class: "room-about" });
  const words = el("span", { class: "room-words" }, el("bdi", { class: "room-title" }), about);
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
