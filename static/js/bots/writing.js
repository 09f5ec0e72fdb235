// The row above the message box while a bot answers: it can be stopped there.

import { isOwn, isRoom } from "../conversations.js";
import { growingIn } from "../growing/main.js";
import { byId, el, setText } from "../lib/dom.js";
import { roomOf } from "../lib/names.js";
import { write } from "../outbox.js";
import { isOnline } from "../socket.js";
import { on, state, touch } from "../store.js";
import { focusBox } from "../view/composer.js";

const GOVERNING = new Set(["moderator", "owner"]);
const TICK = 1_000; // ms
const words = el("span");
const button = el("button", { class: "small", onclick: stop }, "Stop");
const row = el("div", { class: "writing", hidden: true }, button, words);
const stopped = new Set(); // questions whose answers were told to stop

export function startWriting() {
  byId("status").append(row);
  on(["open", "log", "link"], draw);
  setInterval(tick, TICK);
  draw();
}

/** Those that this person may stop: in a room what others asked is for who governs it. */
function openOnes() {
  const conversation = state.conversations.get(state.open);
  if (!conversation) return [];
  const answers = growingIn(conversation);
  if (!isRoom(conversation) || GOVERNING.has(conversation.room?.role)) return answers;
  const asked = new Set(conversation.run.filter(isOwn).map(({ id }) => id));
  return answers.filter(({ reply_to }) => asked.has(reply_to));
}

function draw() {
  const answers = openOnes();
  row.hidden = !answers.length || !isOnline();
  if (row.hidden) return;
  const stopping = answers.every(({ reply_to }) => stopped.has(reply_to));
  button.hidden = stopping;
  setText(words, stopping ? "Stopping …" : "");
}

/** The same as typing it; who reads further up stays there. */
function stop() {
  const answers = openOnes();
  if (!answers.length) return;
  for (const { reply_to } of answers) stopped.add(reply_to);
  const [{ sender, conversation }] = answers;
  if (roomOf(conversation)) write(conversation, `@${sender} stop`);
  else write(sender, "stop");
  focusBox();
  draw();
}

/** An answer that does not go on says so after a while. */
function tick() {
  if (openOnes().length) touch("log");
}
