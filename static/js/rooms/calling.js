// “@” in the message box: whom one may mean.

import { byId } from "../lib/dom.js";
import { request } from "../socket.js";
import { on, state } from "../store.js";
import { known, openRoom, sorted } from "./members.js";
import { fitting, Suggestions } from "./suggesting.js";

const BEGUN = /(?<![\p{L}\p{N}_@.-])@([a-z0-9_.-]*)$/iu;
const MOST = 20; // asked for by the beginning of a name
const box = byId("box");
/** room and beginning → members that begin so, where not all are known */
let further = { key: "", members: [] };

export function startCalling() {
  const found = () => find(() => shown.look());
  const shown = new Suggestions(box, { label: "Members", find: found, take, typed });
  let room = state.open;
  on(["open"], () => {
    if (room !== state.open) shown.hide();
    room = state.open;
  });
}

/** What stands between “@” and the cursor; null where nothing does. */
function typed() {
  const match = box.selectionStart === box.selectionEnd && BEGUN.exec(box.value.slice(0, box.selectionStart));
  return match ? match[1].toLowerCase() : null;
}

function find(again) {
  const text = typed();
  if (text === null || !openRoom()) return [];
  const { more } = known();
  const others = sorted().filter(({ name }) => name !== state.me.name);
  if (more && text) others.push(...asked(text, again).filter(({ name }) => !known().members.has(name)));
  return fitting(text, others);
}

/** In a large room the server is asked by the beginning of the name. */
function asked(text, again) {
  const room = state.open;
  const key = `${room} ${text}`;
  if (further.key === key) return further.members;
  further = { key, members: [] };
  request({ type: "members", room, after: text, limit: MOST }).then(({ members }) => {
    if (further.key !== key) return;
    further.members = members;
    again();
  }, () => {});
  return [];
}

function take({ name }) {
  const to = box.selectionStart;
  const from = to - typed().length;
  box.setRangeText(`${name} `, from, to, "end");
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
