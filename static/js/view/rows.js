// The elements of a log's rows.

import { discard, retry } from "../outbox.js";
import { open } from "../router.js";
import { el, icon, setText, spoken } from "../lib/dom.js";
import { bodyNodes } from "../lib/text.js";
import { clock } from "../lib/time.js";

const MARKS = {
  stored: ["stored", "stored"],
  sending: ["clock", "Sending"],
  sent: ["sent", "Sent"],
  received: ["received", "Received"],
  read: ["read", "Read"],
};

export function buildRow(row) {
  const node = BUILDERS[row.kind]?.(row) ?? message(row);
  node.dataset.key = row.key;
  return node;
}

/** By kind, where a row is not a bubble. */
export const BUILDERS = {
  day: ({ text }) => el("div", { class: "day" }, el("span", {}, text)),
  unread: () => el("div", { class: "unread-line" }, el("strong", {}, "New messages")),
  notice: (row) => el("div", { class: "notice", tabindex: "-1" }, ...bodyNodes(row.body)),
  words: ({ text }) => el("p", { class: "words" }, text),
};

function message(row) {
  const own = row.own ? "own" : "";
  const quiet = row.own ? { "aria-live": "off" } : {}; // one's own words need no announcing
  const node = el("article", { class: `row ${own} ${row.kind}`, tabindex: "-1", ...quiet });
  node.append(el("div", { class: "bubble" }, body(row), el("span", { class: "mark" })));
  node.append(el("time", { class: "aside" }));
  node.said = row.body;
  return node;
}

function body({ kind, body }) {
  if (kind === "deleted") return el("p", { class: "body gone" }, "This message was deleted.");
  const sign = kind === "alert" ? el("strong", {}, icon("failed"), "Alert: ") : null;
  return el("p", { class: "body", dir: "auto" }, sign, ...bodyNodes(body));
}

/** Brings a row up to date; what did not change is not touched. */
export function updateRow(node, row) {
  node.update?.(row); // rows of other kinds know themselves how
  if (!node.classList.contains("row")) return;
  if (node.said !== row.body) {
    node.querySelector(".body").replaceWith(body(row));
    node.said = row.body;
  }
  node.dataset.seq = row.seq ?? "";
  node.classList.toggle("head", row.head);
  node.classList.toggle("stored", row.stored);
  node.classList.toggle("failed", row.mark === "failed");
  updateHead(node, row);
  updateMark(node, row);
}

function updateHead(node, row) {
  const bubble = node.firstElementChild;
  const head = bubble.querySelector(".by");
  const words = `${row.head} ${row.title} ${row.at.getTime()}`;
  if (head?.dataset.words === words) return;
  head?.remove();
  setText(node.lastElementChild, clock(row.at));
  bubble.prepend(row.head ? fullHead(row) : spokenHead(row));
  bubble.firstElementChild.dataset.words = words;
}

function fullHead(row) {
  const time = el("time", { datetime: row.at.toISOString() }, clock(row.at));
  return el("div", { class: "by" }, name(row), time);
}

/** Where conversations stand together, the name opens its own. */
function name(row) {
  const text = el("bdi", {}, row.title);
  if (!row.linked) return el("strong", { class: "name" }, text);
  const onclick = () => open(row.conversation);
  return el("button", { class: "name linked", tabindex: "-1", onclick }, text);
}

/** A follow-up shows no name, but still says whose it is and when it came. */
const spokenHead = (row) =>
  el("span", { class: "by visually-hidden" }, `${row.title}, ${clock(row.at)}: `);

function updateMark(node, row) {
  const mark = node.firstElementChild.querySelector(".mark");
  const state = `${row.mark ?? ""} ${row.error ?? ""} ${row.last ?? ""}`;
  if (mark.dataset.state === state) return;
  mark.dataset.state = state;
  mark.className = `mark ${row.mark ?? ""}`;
  if (row.mark === "failed") mark.replaceChildren(...failure(row));
  else mark.replaceChildren(...(row.mark ? markOf(row) : []));
}

/** Of several own messages the last shows its words, too; the others' are spoken alone. */
function markOf({ mark, last }) {
  const [sign, words] = MARKS[mark];
  const shown = last || mark === "sending" || mark === "stored";
  return [icon(sign), shown ? el("span", {}, words) : spoken(words)];
}

function failure({ error, key }) {
  const action = (words, act) => {
    const onclick = ({ target }) => {
      target.closest("#log").focus(); // the button will be gone
      act(key);
    };
    return el("button", { class: "small", tabindex: "-1", onclick }, words);
  };
  const why = el("span", { class: "why" }, icon("failed"), el("strong", {}, "Not sent"), ` ${error}`);
  return [why, action("Retry", retry), action("Delete", discard)];
}
