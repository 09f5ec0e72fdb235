// The feed beside an open conversation: its history, and how far it was read.

import { endOf, feedOf, hasOlder, isDevice } from "../conversations.js";
import { tellRead } from "../cursors.js";
import { byId } from "../lib/dom.js";
import { isWatched, on, state } from "../store.js";
import { loadOlder } from "../sync.js";

const FIRST = 100; // readings wanted at once, on opening
const NEAR_END = 40; // px
const UP = new Set(["ArrowUp", "PageUp", "Home"]);
const scroller = byId("log");

export function startFeed() {
  on(["open", "log"], look);
  scroller.addEventListener("scroll", see, { passive: true });
  scroller.addEventListener("wheel", ({ deltaY }) => deltaY < 0 && goUp(), { passive: true });
  scroller.addEventListener("touchmove", goUp, { passive: true });
  scroller.addEventListener("keydown", ({ key }) => UP.has(key) && goUp());
  window.addEventListener("focus", see);
  document.addEventListener("visibilitychange", see);
  look();
}

function openFeed() {
  const conversation = state.conversations.get(state.open);
  return conversation && isDevice(conversation) ? feedOf(conversation) : null;
}

function look() {
  const feed = openFeed();
  if (!feed) return;
  if (feed.run.length < FIRST && hasOlder(feed)) loadOlder(feed, FIRST);
  requestAnimationFrame(see); // once it is drawn
}

/** Who looks at the end of the log has seen all readings: their lines say what came. */
function see() {
  const feed = openFeed();
  const atEnd = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop < NEAR_END;
  if (feed && atEnd && isWatched() && scroller.offsetParent) tellRead(feed, endOf(feed) ?? 0);
}

/**
 * Going up to where the readings begin brings earlier ones; so does the button there. By what
 * somebody does, not by where the log is: it is short, and moves by itself, too.
 */
function goUp() {
  const begin = scroller.querySelector(".earlier");
  const feed = openFeed();
  if (begin && feed && isNear(begin)) loadOlder(feed, FIRST);
}

function isNear(node) {
  const { bottom } = node.getBoundingClientRect();
  return bottom > scroller.getBoundingClientRect().top - scroller.clientHeight;
}
