// The elements of a log's rows.

import { part, whole } from "../later.js";
import { el, icon, setText, spoken } from "../lib/dom.js";
import { brief, clock } from "../lib/time.js";
import { touch } from "../store.js";

const MARKS = {
  stored: ["stored", "stored"],
  sending: ["clock", "Sending"],
  sent: ["sent", "Sent"],
  received: ["received", "Received"],
  read: ["read", "Read"],
  failed: ["failed", "Not sent"],
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
  notice: (row) => el("div", { class: "notice", tabindex: "-1", "data-seq": row.seq }, text(row)),
  words: ({ text }) => el("p", { class: "words" }, text),
};

export function message(row) {
  const own = row.own ? "own" : "";
  const quiet = row.own ? { "aria-live": "off" } : {}; // one's own words need no announcing
  const node = el("article", { class: `row ${own} ${row.kind}`, tabindex: "-1", ...quiet });
  node.append(el("div", { class: "bubble" }, body(row), el("span", { class: "mark" })));
  node.append(el("time", { class: "aside" }));
  node.said = row.body;
  return node;
}

function body(row) {
  const { kind } = row;
  if (kind === "deleted") return el("p", { class: "body gone" }, "This message was deleted.");
  const sign = kind === "alert" ? el("strong", {}, icon("failed"), "Alert: ") : null;
  return el("p", { class: "body", dir: "auto" }, sign, text(row));
}

/** What may be an address, “@name” or “#room”. */
const RICH = /:\/\/|[@#][a-z0-9]/i;

/** Inert text; where it has addresses they become links as soon as the part is there. */
function text({ body, conversation }) {
  const node = document.createTextNode(body);
  if (RICH.test(body)) whole("links").then((its) => enrich(its.bodyNodes(body, conversation)), () => {});
  return node;

  function enrich(nodes) {
    node.replaceWith(...nodes);
    touch("log"); // the links of a row in use are reached with Tab
  }
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
  node.classList.toggle("deleted", row.kind === "deleted");
  updateHead(node, row);
  updateMark(node, row);
}

function updateHead(node, row) {
  const bubble = node.firstElementChild;
  const head = bubble.querySelector(".by");
  const edited = row.edited ? `\nedited ${brief(row.edited)}` : "";
  const words = `${row.head} ${row.title} ${row.label} ${row.at.getTime()}${edited}`;
  if (head?.dataset.words === words) return;
  head?.remove();
  node.classList.toggle("edited", edited !== "");
  setText(node.lastElementChild, `${clock(row.at)}${edited}`);
  bubble.prepend(row.head ? fullHead(row) : spokenHead(row));
  bubble.firstElementChild.dataset.words = words;
}

function fullHead(row) {
  const time = el("time", { datetime: row.at.toISOString() }, clock(row.at));
  const label = row.label ? el("span", { class: "label" }, row.label) : null;
  const name = row.name?.(row) ?? el("strong", { class: "name" }, el("bdi", {}, row.title));
  return el("div", { class: "by" }, name, label, time);
}

/** A follow-up shows no name, but still says whose it is and when it came. */
const spokenHead = (row) =>
  el("span", { class: "by visually-hidden" }, `${row.title}, ${clock(row.at)}: `);

function updateMark(node, row) {
  const mark = node.firstElementChild.querySelector(".mark");
  const failure = row.mark === "failed" && part("refused")?.failure;
  const state = `${row.mark ?? ""} ${row.error ?? ""} ${row.last ?? ""} ${Boolean(failure)} ${row.edited}`;
  if (mark.dataset.state === state) return;
  mark.dataset.state = state;
  mark.className = `mark ${row.mark ?? ""}`;
  mark.replaceChildren(...(failure ? failure(row) : markOf(row)));
}

/** Of several own messages the last shows its words, too; the others' are spoken alone. */
function markOf({ mark, last, edited }) {
  const note = edited ? ["edited "] : [];
  if (!mark) return note;
  const [sign, words] = MARKS[mark];
  const shown = last || ["sending", "stored", "failed"].includes(mark);
  return [...note, icon(sign), shown ? el("span", {}, words) : spoken(words)];
}
