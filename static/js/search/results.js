// The results: whose words, where and when, and a piece of them with what was looked for.

import { isOwn, marked, nameOf } from "../conversations.js";
import { el, setText } from "../lib/dom.js";
import { partnerOf } from "../lib/names.js";
import { clock } from "../lib/time.js";
import { state, titleOf } from "../store.js";
import { found, isBeginning } from "./finding.js";
import { snippet } from "./highlighting.js";

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** A conversation as far as it is known. */
export const placeOf = (id) =>
  state.conversations.get(id) ?? { id, title: "", partner: partnerOf(id, state.me.name) };

/** What was found, as it is by now, without what was deleted since. */
export function rows() {
  const messages = found.messages.map(asItIs).filter(({ kind }) => kind !== "deleted");
  return messages.map((message, at) => ({
    key: message.id,
    message,
    place: nameOf(placeOf(message.conversation)),
    goesOn: messages[at - 1]?.conversation === message.conversation,
  }));
}

function asItIs(message) {
  const conversation = state.conversations.get(message.conversation);
  return conversation ? marked(conversation, message) : message;
}

export function build({ key }) {
  const where = el("bdi", { class: "hit-place" });
  const who = el("div", { class: "hit-who" }, el("bdi"), el("time"));
  return el("li", { role: "option", "aria-selected": "false", id: `hit-${key}`, class: "hit", "data-key": key }, where, who, el("p"));
}

export function update(node, { message, place, goesOn }) {
  const [where, who, text] = node.children;
  const moment = new Date(message.sent_at);
  setText(where, place);
  where.classList.toggle("visually-hidden", goesOn);
  setText(who.firstChild, isOwn(message) ? "You" : titleOf(message.sender));
  setText(who.lastChild, `${day.format(moment)}, ${clock(moment)}`);
  who.lastChild.dateTime = message.sent_at;
  drawText(text, message.body);
}

/** Text alone: whatever was written, nothing of it becomes an element but the marks around hits. */
function drawText(node, body) {
  const drawn = JSON.stringify([body, found.terms, found.query]);
  if (node.drawn === drawn) return;
  node.drawn = drawn;
  const parts = snippet(body, found.terms, isBeginning);
  node.replaceChildren(...parts.map(([words, isHit]) => (isHit ? el("mark", {}, words) : words)));
}
