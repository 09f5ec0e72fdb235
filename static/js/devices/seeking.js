// Going to one reading of a device, wherever in its feed it is.

import { direct, feedOf } from "../conversations.js";
import { byId } from "../lib/dom.js";
import { openName } from "../router.js";
import { request } from "../socket.js";
import { complain, on, state, titleOf, touch } from "../store.js";
import { stay } from "../view/log.js";
import { reveal } from "./groups.js";
import { hideExcerpt, showExcerpt } from "./merge.js";

const AROUND = 5; // readings shown before it, and after it
const PATIENCE = 50; // frames until it is drawn
const PASSING = ["closed", "timeout"];
let sought = null; // the id of the conversation that it was looked for in

on(["open"], () => state.open !== sought && hideExcerpt());

/** Opens the device, and shows its reading of this seq among those around it. */
export async function seek(device, seq) {
  openName(device);
  sought = state.open;
  try {
    const message = await messageOf(direct(device), seq);
    reveal(message.id);
    touch("log");
    goTo(message.id, PATIENCE);
  } catch ({ code }) {
    const why = PASSING.includes(code) ? "there is no connection" : "only subscribers see it";
    complain(`This reading of ${titleOf(device)} cannot be shown: ${why}.`);
  }
}

/** From what is held of the feed, else from the server. */
async function messageOf(conversation, seq) {
  const feed = feedOf(conversation);
  const held = feed?.run.find((message) => message.seq === seq);
  return held ?? fetchAround(conversation.partner, seq);
}

async function fetchAround(device, seq) {
  const conversation = `device:${device}`;
  const limit = 2 * AROUND + 1;
  const page = await request({ type: "history", conversation, before: seq + AROUND + 1, limit });
  showExcerpt(device, page.messages);
  return page.messages.find((message) => message.seq === seq);
}

function goTo(key, frames) {
  const line = byId("log").querySelector(`[data-key="${key}"]`);
  if (line) show(line);
  else if (frames) requestAnimationFrame(() => goTo(key, frames - 1));
}

function show(line) {
  stay();
  document.querySelector(".sought")?.classList.remove("sought");
  line.classList.add("sought");
  line.focus({ preventScroll: true });
  line.scrollIntoView({ block: "center" });
}
