// Going to one message, however long ago it was written. What was said around it is shown in place
// of the newest, and grows in both directions until the two meet.

import { styled } from "../cards/style.js";
import { ensure } from "../conversations.js";
import { byId } from "../lib/dom.js";
import { isOnline } from "../socket.js";
import { complain, state, touch } from "../store.js";
import { stay } from "../view/log.js";
import { fetchBetween, pastOf, rejoin } from "./past.js";

const AROUND = 25; // messages fetched before it, and after it
const PATIENCE = 50; // frames until it is drawn
const SHOWN = 4_000; // ms for which it stands out
let under = null; // what is being found

await styled("context");

const holds = ({ run }, seq) => run[seq - run[0]?.seq] !== undefined;
const isWanted = (sought) => state.sought === sought;

/** Shows the message `sought` in the conversation that is open, if there is a connection. */
export async function find(sought) {
  if (under === sought || !isWanted(sought) || !isOnline()) return;
  under = sought;
  try {
    await bring(sought);
    requestAnimationFrame(() => reveal(sought, PATIENCE));
  } catch ({ code }) {
    if (code === "timeout") setTimeout(find, 0, sought);
    else if (code !== "closed") giveUp(sought); // else the next hello asks again
  }
  under = null;
}

/** Holds it, among what was said around it. */
async function bring(sought) {
  const { id, seq } = sought;
  const conversation = ensure(id);
  if (!holds(conversation, seq)) await fetchAround(conversation, sought);
  touch("log");
}

async function fetchAround(conversation, sought) {
  const { seq } = sought;
  const messages = await fetchBetween(conversation.id, seq - AROUND - 1, seq + AROUND + 1);
  if (!messages.some((message) => message.seq === seq)) throw { code: "not_found" };
  if (!isWanted(sought)) return;
  conversation.past = pastOf(conversation, messages);
  rejoin(conversation);
}

function giveUp(sought) {
  if (!isWanted(sought)) return;
  arrive();
  complain("This message is not there any more, or not for you to see.");
}

/** From here on, what is shown is looked at. */
function arrive() {
  state.sought = null;
  touch("log");
}

function reveal(sought, frames) {
  if (!isWanted(sought)) return;
  const row = byId("log").querySelector(`[data-seq="${sought.seq}"]`);
  if (row) show(row);
  if (row || !frames) arrive();
  else requestAnimationFrame(() => reveal(sought, frames - 1));
}

function show(row) {
  stay();
  row.classList.add("found");
  setTimeout(() => row.classList.remove("found"), SHOWN);
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "center" });
}
