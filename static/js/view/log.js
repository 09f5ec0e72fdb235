// The log: rows on the screen, where it is scrolled to, and what is seen of it.

import { isOwn, isRoom, trim } from "../conversations.js";
import { tellRead } from "../cursors.js";
import { correctionOf } from "../drafts.js";
import { part, whole } from "../later.js";
import { byId, reconcile, setText } from "../lib/dom.js";
import { rove, settle } from "../lib/roving.js";
import { STORED } from "../router.js";
import { isOnline } from "../socket.js";
import { isWatched, on, state, touch } from "../store.js";
import { loadOlder } from "../sync.js";
import { itemsOf } from "./items.js";
import { rowsOf } from "./layout.js";
import { buildRow, updateRow } from "./rows.js";

const NEAR_END = 40; // px from the bottom at which the log sticks to it
const NEAR_START = 800; // px from the top at which older messages are fetched
const MOST_ROWS = 600; // messages held while the log follows the newest
/** What draws the talk with those who are no people. */
const PARTS = { device: "devices", bot: "bots" };
const SILENCE = 400; // ms in which what is inserted is not announced

const scroller = byId("log");
const jump = byId("jump");
let shown; // what is open, as far as the log has drawn it
let sticks = true; // whether the log follows the newest message
let settling = true; // from opening until the messages are there and placed
let drawnFirst = null; // the first seq drawn: a lower one is history
let wasPast = false; // whether the past was drawn, beside which all is history
let unsilence = 0;

export function startLog() {
  on(["log", "open", "people"], draw);
  scroller.addEventListener("scroll", scrolled, { passive: true });
  rove(scroller, stops, ["ArrowUp", "ArrowDown"]);
  scroller.addEventListener("focusin", () => offerInner(true));
  scroller.addEventListener("focusout", () => offerInner(false));
  for (const type of ["wheel", "touchmove", "keydown", "pointerdown"])
    scroller.addEventListener(type, () => (settling = false), { passive: true });
  window.addEventListener("focus", see);
  document.addEventListener("visibilitychange", see);
  new ResizeObserver(() => sticks && toEnd()).observe(scroller);
  jump.addEventListener("click", follow);
  for (const type of ["pointerover", "focusin"]) scroller.addEventListener(type, () => part("amending"));
  scroller.addEventListener("keydown", early);
}

/** What is pressed before there is somebody to hear it. */
function early(event) {
  if (part("amending")) return;
  const { target } = event;
  whole("amending").then(({ key }) => target === document.activeElement && key(event), () => {});
}

const stops = () => [...scroller.querySelectorAll(".row, .notice")];
const toEnd = () => (scroller.scrollTop = scroller.scrollHeight);
const fromEnd = () => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;

const openOne = () => state.conversations.get(state.open);

/** What is shown: the conversation, or what was said in it long ago. */
function current() {
  const conversation = openOne();
  return conversation?.past ?? conversation;
}

/** Goes to the newest message and stays there. */
export function follow() {
  openOne()?.past?.leave();
  state.sought = null;
  sticks = true;
  settling = false;
  toEnd();
  draw();
}

/** Ends following the newest message, and the wait for the first ones: somebody looks elsewhere. */
export function stay() {
  sticks = false;
  settling = false;
}

function draw() {
  const fresh = shown !== state.open;
  if (fresh) begin();
  const conversation = current();
  const rows = rowsFor(conversation);
  const first = conversation?.run[0]?.seq ?? null;
  const isPast = Boolean(conversation?.isPast);
  if (fresh || settling || first < drawnFirst || isPast || wasPast) silently();
  drawnFirst = first;
  wasPast = isPast;
  if (fresh) reconcile(scroller, [], buildRow, updateRow);
  inPlace(() => reconcile(scroller, rows, buildRow, updateRow));
  if (scroller.contains(document.activeElement)) offerInner(true);
  else settle(stops(), stops().at(-1));
  if (settling) place(conversation);
  drawJump();
  requestAnimationFrame(look);
}

function begin() {
  shown = state.open;
  sticks = true;
  settling = true;
  drawnFirst = null;
  if (correctionOf(shown)) part("amending");
}

function rowsFor(conversation) {
  if (state.open === STORED) return part(STORED)?.rows() ?? [];
  if (!conversation) return [];
  noteUnwatched(conversation);
  if (sticks && conversation.run.length > MOST_ROWS) trim(conversation);
  if (settling) conversation.heads.clear(); // what is not seen yet may still change
  const its = partFor(conversation);
  const items = (its?.itemsOf ?? itemsOf)(conversation);
  const all = rowsOf(items, conversation.marker, conversation.heads);
  const rows = its?.shorten?.(all) ?? all;
  return rows.length || conversation.loading ? rows : [words("No messages yet. Write the first one.")];
}

function partFor({ id, partner }) {
  const name = isRoom({ id }) ? "rooms" : PARTS[state.people.get(partner)?.kind];
  return name ? part(name) : null;
}

export const words = (text) => ({ kind: "words", key: text, text });

/** What arrives while nobody looks gets the unread line before it. */
function noteUnwatched(conversation) {
  const last = conversation.run.at(-1);
  if (!last || conversation.marker !== null || settling || isWatched()) return;
  if (last.seq > conversation.read_seq && !isOwn(last)) conversation.marker = conversation.read_seq;
}

/** A screen reader is told of what is new, not of what was there before. */
function silently() {
  scroller.setAttribute("aria-live", "off");
  clearTimeout(unsilence);
  unsilence = setTimeout(() => scroller.setAttribute("aria-live", "polite"), SILENCE);
}

/** Changes the rows so that what is on the screen stays where it is, or the end in sight. */
function inPlace(change) {
  const anchor = sticks ? null : firstSeen();
  const before = anchor?.getBoundingClientRect().top;
  change();
  if (sticks) toEnd();
  else if (anchor?.isConnected) scroller.scrollTop += anchor.getBoundingClientRect().top - before;
}

function firstSeen() {
  const top = scroller.getBoundingClientRect().top;
  return stops().find((row) => row.getBoundingClientRect().bottom > top);
}

/** On opening: the first unread message, else the end; of stored ones the start. */
function place(conversation) {
  const line = scroller.querySelector(".unread-line");
  if (state.open === STORED) scroller.scrollTop = 0;
  else toEnd();
  if (line) {
    const offset = line.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    scroller.scrollTop += Math.min(0, offset - scroller.clientHeight / 4);
  }
  sticks = fromEnd() < NEAR_END;
  settling = !isThere(conversation);
}

/** Whether what the log is to begin with has come. */
function isThere(conversation) {
  if (!conversation) return state.open !== STORED || part(STORED)?.isThere();
  if (conversation.loading || !isOnline()) return false;
  return conversation.run.length > 0 || conversation.last_seq === 0;
}

function scrolled() {
  sticks = !openOne()?.past && fromEnd() < NEAR_END;
  drawJump();
  look();
}

function look() {
  see();
  fetchMore();
}

function fetchMore() {
  const conversation = current();
  if (!conversation?.run.length || shown !== state.open) return;
  if (scroller.scrollTop < NEAR_START) loadOlder(conversation);
  if (fromEnd() < NEAR_START) conversation.loadNewer?.();
}

function drawJump() {
  const { unread = 0, past } = openOne() ?? {};
  jump.hidden = sticks || (!past && fromEnd() < 200);
  setText(jump.querySelector("span"), unread ? `${unread} new` : "Newest");
}

/** Marks as read what somebody has before their eyes, and did not come past on the way elsewhere. */
function see() {
  const conversation = state.conversations.get(shown);
  if (!conversation || conversation.past || state.sought) return;
  if (!isWatched() || scroller.offsetParent === null) return;
  const seq = lastSeen();
  if (seq > conversation.read_seq) tellRead(conversation, seq);
}

/** The seq of the last message whose end is on the screen. */
function lastSeen() {
  const bottom = scroller.getBoundingClientRect().bottom + 4;
  const rows = stops();
  for (let at = rows.length - 1; at >= 0; at -= 1)
    if (rows[at].dataset.seq && rows[at].getBoundingClientRect().bottom <= bottom)
      return Number(rows[at].dataset.seq);
  return 0;
}

/** Links and buttons inside the row in use can be reached with Tab; the others' cannot. */
function offerInner(focused) {
  for (const row of stops())
    for (const inner of row.querySelectorAll("a, button:not(.act)"))
      inner.tabIndex = focused && row.tabIndex === 0 ? 0 : -1;
}

/** One's own message ends the wait for the unread ones, and is looked at. */
export function wrote(conversation) {
  if (conversation) conversation.marker = null;
  touch("log");
  follow();
}
