// The WebSocket: connecting, noticing that it died, trying again with backoff and jitter, and
// matching answers to requests.

import { state, touch } from "./store.js";

const QUIET = 10_000; // ms without a frame before we ask whether the link lives
const ANSWER = 5_000; // ms for the answer, then it counts as dead
const GREETING = 10_000; // ms from connecting to `hello`
const REQUEST = 30_000; // ms for the answer to any other request
const FIRST_DELAY = 500;
const MAX_DELAY = 30_000;
const SIGNED_OUT = 4401;
const TOO_MANY = 4429;

let socket = null;
let attempts = 0;
let retryTimer = 0;
let watchTimer = 0;
let lastId = 0;
const waiting = new Map(); // request id → {resolve, reject, timer}
const handlers = new Map(); // frame type → function

/** `handler(frame)` gets every frame of this type that answers no request. */
export function onFrame(type, handler) {
  handlers.set(type, handler);
}

export const isOnline = () => state.link.phase === "online";

export function connect() {
  clearTimeout(retryTimer);
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const mine = (socket = new WebSocket(`${scheme}//${location.host}/ws/chat/`));
  mine.onmessage = (event) => mine === socket && heard(event.data);
  mine.onclose = (event) => mine === socket && lost(event.code);
  watchTimer = setTimeout(lost, GREETING);
}

/** Sends a frame; false where there is no connection. */
export function send(frame) {
  if (!isOnline() || socket?.readyState !== WebSocket.OPEN) return false;
  socket.send(JSON.stringify(frame));
  return true;
}

/**
 * Sends a frame with an id and resolves with the frame that answers it. Rejects with
 * {code, detail, retry_after}: the server's error, or `closed` or `timeout`.
 */
export function request(frame) {
  const id = frame.id ?? `r${++lastId}`;
  return new Promise((resolve, reject) => {
    if (!send({ ...frame, id })) {
      reject({ code: "closed" });
      return;
    }
    const timer = setTimeout(() => settle(id, "reject", { code: "timeout" }), REQUEST);
    waiting.set(id, { resolve, reject, timer });
  });
}

function settle(id, how, value) {
  const entry = waiting.get(id);
  if (!entry) return false;
  waiting.delete(id);
  clearTimeout(entry.timer);
  entry[how](value);
  return true;
}

function heard(text) {
  const frame = JSON.parse(text);
  if (frame.type === "hello" && !greeted(frame.user)) return;
  watch();
  const how = frame.type === "error" ? "reject" : "resolve";
  if (frame.id != null && settle(frame.id, how, frame)) return;
  handlers.get(frame.type)?.(frame);
}

/** Somebody else may have signed in meanwhile: nothing of this page must go out as theirs. */
function greeted(user) {
  attempts = 0;
  if (user === state.me.name) setPhase("online");
  else location.reload();
  return isOnline();
}

function watch() {
  clearTimeout(watchTimer);
  watchTimer = setTimeout(check, QUIET);
}

/** Asks whether the link lives; `lost` follows unless any frame comes in time. */
export function check() {
  if (!isOnline()) return;
  clearTimeout(watchTimer);
  send({ type: "ping" });
  watchTimer = setTimeout(lost, ANSWER);
}

function lost(code) {
  const dead = socket;
  socket = null;
  clearTimeout(watchTimer);
  dead?.close();
  for (const id of [...waiting.keys()]) settle(id, "reject", { code: "closed" });
  if (code === SIGNED_OUT) leave();
  else if (code === TOO_MANY) stop();
  else retryLater();
}

function leave() {
  setPhase("stopped", { reason: "You are signed out." });
  // later: with a new password, a new cookie is on its way
  setTimeout(() => location.replace(document.getElementById("app").dataset.join), 1000);
}

/** Coming back by itself would only close another page of the same person. */
function stop() {
  setPhase("stopped", { reason: "The chat is open in too many places." });
}

function retryLater() {
  const most = Math.min(MAX_DELAY, FIRST_DELAY * 2 ** attempts++);
  const delay = most * (0.5 + Math.random() / 2);
  setPhase("waiting", { retryAt: Date.now() + delay });
  retryTimer = setTimeout(retry, delay);
}

function retry() {
  setPhase("retrying");
  connect();
}

/** Tries at once what would be tried later. */
export function tryNow() {
  if (!["waiting", "stopped"].includes(state.link.phase)) return;
  attempts = 0;
  clearTimeout(retryTimer);
  retry();
}

function setPhase(phase, { retryAt = 0, reason = "" } = {}) {
  state.link = { phase, retryAt, reason };
  touch("link", "status");
}

/** A page that wakes up, or a network that comes back, is a reason to look. */
function look() {
  if (document.visibilityState !== "visible") return;
  if (state.link.phase === "waiting") tryNow();
  else check();
}

export function watchNetwork() {
  window.addEventListener("online", look);
  window.addEventListener("offline", check);
  window.addEventListener("pageshow", (event) => event.persisted && look());
  document.addEventListener("visibilitychange", look);
}
