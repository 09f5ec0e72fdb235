// The page of all devices: fetched again every few seconds while somebody looks at it.

import { byId, el, reconcile, setText, spoken } from "../lib/dom.js";
import { directId } from "../lib/names.js";
import { fetchDevices } from "./api.js";
import { aheadOf, FETCH_EVERY, isFresh } from "./freshness.js";
import { dayWords, spark } from "./spark.js";
import { exact, freshWords, withUnit } from "./words.js";

const SELDOM = 15_000; // ms between two fetches, at the most
const TICK = 1_000; // ms
const SIGNED_OUT = 401;
const list = byId("list");
const said = byId("said");
const me = byId("devices").dataset.name;
let devices = [];
let ahead = 0; // of the server's clock
let fetchedAt = 0;
let fetching = false;

async function refresh() {
  fetching = true;
  const found = await fetchDevices().catch(failed);
  fetching = false;
  fetchedAt = Date.now();
  if (found) take(found);
  for (const device of devices) device.online = reports(device);
  draw(Boolean(found));
}

function take(found) {
  ahead = aheadOf(found.now);
  devices = found.devices.sort((one, other) => one.title.localeCompare(other.title));
  setText(said, devices.length ? "" : "There are no devices that you may see.");
}

const reports = ({ last, interval }) =>
  last !== null && isFresh(Date.parse(last.at), { interval, ahead });

function failed({ status }) {
  if (status === SIGNED_OUT) location.reload(); // to the door
  setText(said, "The devices could not be fetched; trying again.");
}

/** The ages grow by the second; lines are drawn when they have come. */
function draw(fetched) {
  const rows = devices.map((device) => ({ ...device, key: device.name, fetched }));
  reconcile(list, rows, build, update);
}

function build(device) {
  const open = el("a", {}, el("span"), spoken(` ${device.title}`));
  const state = el("p", { class: "device-state" }, el("span", { class: "dot" }), el("span"));
  const value = el("p", { class: "device-value" });
  const picture = el("div", { class: "device-spark" });
  const day = el("p", { class: "device-day" });
  return el("li", { class: "device-card" }, el("h2"), state, value, picture, day, el("p", {}, open));
}

function update(node, device) {
  const [title, state, value, picture, day, about] = node.children;
  const { last, unit, online } = device;
  setText(title, device.title);
  state.firstChild.classList.toggle("online", online);
  setText(state.lastChild, freshWords(device));
  setText(value, last ? withUnit(exact(last.value), unit) : "–");
  setText(day, dayWords(device));
  if (device.fetched) picture.replaceChildren(spark(device));
  const link = about.firstChild;
  link.href = `/#${directId(me, device.name)}`;
  const words = device.subscribed ? "Subscribed: open in the chat" : "Open in the chat to subscribe";
  setText(link.firstChild, words);
}

function tick() {
  if (document.hidden || fetching) return;
  if (isDue()) refresh();
  else draw(false);
}

/** At the pace of the fastest device; and before one is called overdue. */
function isDue() {
  const shortest = Math.min(...devices.map(({ interval }) => interval * 1_000), SELDOM);
  const isMissed = devices.some((device) => device.online && !reports(device));
  return Date.now() - fetchedAt >= (isMissed ? FETCH_EVERY : Math.max(shortest, FETCH_EVERY));
}

setInterval(tick, TICK);
document.addEventListener("visibilitychange", tick);
refresh();
