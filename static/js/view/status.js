// The reserved row above the message box.

import { part } from "../later.js";
import { byId, setText } from "../lib/dom.js";
import { tryNow } from "../socket.js";
import { clearNotice, on, state } from "../store.js";

const PATIENCE = 300; // ms in which connecting is nothing to speak of
const row = byId("status");
const said = byId("status-said"); // announced; changes only when the state does
const seen = byId("status-seen"); // shown; counts seconds
const typing = byId("typing");
const retry = byId("try-now");
let patient = true;
let ticking = 0;

export function startStatus() {
  on(["status", "link", "open"], draw);
  retry.addEventListener("click", tryNow);
  byId("status-close").addEventListener("click", clearNotice);
  setTimeout(() => {
    patient = false;
    draw();
  }, PATIENCE);
}

function draw() {
  const { kind, say, show } = current();
  row.dataset.kind = kind;
  setText(said, say);
  setText(seen, show ?? say);
  retry.hidden = !["waiting", "stopped"].includes(state.link.phase);
  byId("status-close").hidden = kind !== "failed";
  setText(typing, kind === "" ? typingWords() : "");
  clearTimeout(ticking);
  if (state.link.phase === "waiting") ticking = setTimeout(draw, 500);
}

/** What the row says now: {kind, say (once), show (if that differs)}. */
const current = () => linkWords() ?? { kind: state.notice ? "failed" : "", say: state.notice };

function linkWords() {
  const { phase, retryAt, reason } = state.link;
  const seconds = Math.max(1, Math.ceil((retryAt - Date.now()) / 1000));
  const lost = "Connection lost. Trying again";
  switch (phase) {
    case "connecting":
      return { kind: "connecting", say: patient ? "" : "Connecting…" };
    case "waiting":
      return { kind: "warning", say: `${lost}.`, show: `${lost} in ${seconds} s` };
    case "retrying":
      return { kind: "warning", say: `${lost}.`, show: `${lost} now…` };
    case "stopped":
      return { kind: "warning", say: reason };
    default:
      return null;
  }
}

const typingWords = () => (state.typing.get(state.open)?.size && part("typing")?.words()) || "";
