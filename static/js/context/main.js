// Going to one message, however long ago it was written. What was said around it is shown in place
// of the newest, and grows in both directions until the two meet.

import { styled } from "../cards/style.js";
import { ensure } from "../conversations.js";
import { byId } from "../lib/dom.js";
import { isOnline } from "../socket.js";
import { complain, on, state, touch } from "../store.js";
import { onHello } from "../sync.js";
import { stay } from "../view/log.js";
import { fetchBetween, pastOf, rejoin } from "./past.js";

const AROUND = 25; // messages fetched before it, and after it
const PATIENCE = 50; // frames until it is drawn
const SHOWN = 4_000; // ms for which it stands out
const LATER = ["closed", "timeout"];
let sought = null; // {id, seq} of the message that somebody wants to see

await styled("context");
onHello(() => sought && find(sought));
on(["open"], () => (sought = sought?.id === state.open ? sought : null)); // they went elsewhere

/** Shows the message of this seq in the conversation that is open; without a connection, once there
    is one. */
export function goTo(id, seq) {
  if (id !== state.open) return;
  sought = { id, seq };
  if (isOnline()) find(sought);
}

const holds = ({ run }, seq) => run[seq - run[0]?.seq] !== undefined;

async function find(wanted) {
  const { id, seq } = wanted;
  const isWanted = () => sought === wanted && state.open === id;
  try {
    const conversation = ensure(id);
    if (!holds(conversation, seq)) await fetchAround(conversation, seq, isWanted);
    if (!isWanted()) return;
    sought = null;
    touch("log");
    requestAnimationFrame(() => reveal(seq, PATIENCE));
  } catch ({ code }) {
    if (isWanted() && !LATER.includes(code)) giveUp();
  }
}

async function fetchAround(conversation, seq, isWanted) {
  const messages = await fetchBetween(conversation.id, seq - AROUND - 1, seq + AROUND + 1);
  if (!messages.some((message) => message.seq === seq)) throw { code: "not_found" };
  if (!isWanted()) return;
  conversation.past = pastOf(conversation, messages);
  rejoin(conversation);
}

function giveUp() {
  sought = null;
  complain("This message is not there any more, or not for you to see.");
}

function reveal(seq, frames) {
  const row = byId("log").querySelector(`[data-seq="${seq}"]`);
  if (row) show(row);
  else if (frames) requestAnimationFrame(() => reveal(seq, frames - 1));
}

function show(row) {
  stay();
  row.classList.add("found");
  setTimeout(() => row.classList.remove("found"), SHOWN);
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "center" });
}
