// The card above the log of a device: its last reading, commands, chart. Kept up while it is shown.

import { feedOf, isDevice } from "../conversations.js";
import { el } from "../lib/dom.js";
import { keep, load } from "../lib/storage.js";
import { isOnline } from "../socket.js";
import { on, state, touch } from "../store.js";
import { onHello } from "../sync.js";
import { fetchReadings } from "./api.js";
import { commands, drawCommands, startCommands } from "./commands.js";
import { drawFace, face } from "./face.js";
import { clearGraph, drawGraph, failGraph, graph, markRange, startGraph } from "./graph.js";
import { RANGES, readingsAfter, seriesOf, withReading } from "./series.js";

const SOONEST = 5_000; // ms between two fetches
const LATEST = 60_000;
const LATE = 1_000; // ms that a reading takes to be there
const TICK = 1_000; // ms

const node = el("section", { class: "card", hidden: true }, face, commands, graph);
let shown = null; // the conversation whose device the card shows
let range = RANGES.find((each) => each === load("range", "")) ?? "24h";
let series = null;
let fetchedAt = 0;
let wasOnline = null; // whether the device was, when it was drawn last

export function startCard() {
  startCommands();
  startGraph(choose);
  document.querySelector(".log-frame").before(node);
  on(["open", "people", "list"], look);
  on(["log"], takeLive);
  onHello(refetch);
  setInterval(tick, TICK);
  document.addEventListener("visibilitychange", tick);
  look();
}

const isShown = () => shown !== null && !node.hidden;

/** Shows the device that is open, if one is. */
function look() {
  const conversation = state.conversations.get(state.open);
  const device = conversation && isDevice(conversation) ? conversation : null;
  node.hidden = !device;
  if (!device) return;
  if (device !== shown) begin(device);
  draw();
}

function begin(device) {
  shown = device;
  series = null;
  wasOnline = null;
  clearGraph();
  markRange(range);
  refetch();
}

function draw() {
  const person = state.people.get(shown.partner);
  node.setAttribute("aria-label", `${person.title}: readings`);
  if (wasOnline !== null && person.online !== wasOnline) refetch(); // it fell silent, or is back
  wasOnline = person.online;
  drawFace(person, series);
  drawCommands(person, Boolean(feedOf(shown)));
}

/** The range of the chart; the next device is shown with the same. */
function choose(other) {
  range = other;
  keep("range", "", range);
  markRange(range);
  refetch();
}

async function refetch() {
  if (!isShown()) return;
  fetchedAt = Date.now();
  const asked = { shown, range };
  const answer = await fetchReadings(shown.partner, range).catch(() => null);
  if (asked.shown !== shown || asked.range !== range) return; // another is wanted by now
  if (answer) take(seriesOf(answer, range));
  else failGraph();
}

function take(answer) {
  series = answer;
  takeLive();
  agree();
  drawSeries();
}

/** What presence last told of a silent device may be older: a late reading does not wake it. */
function agree() {
  const person = state.people.get(shown.partner);
  const told = person.last_seen ? Date.parse(person.last_seen) : 0;
  if (!series.last || told >= series.last.at) return;
  person.last_seen = new Date(series.last.at).toISOString();
  touch("people");
}

function drawSeries() {
  drawGraph(series);
  draw();
}

/** Takes over readings of the feed that are newer than what was fetched. */
function takeLive() {
  if (!isShown() || !series) return;
  const before = series;
  for (const reading of readingsAfter(feedOf(shown)?.run ?? [], series.last?.at ?? 0))
    series = withReading(series, reading);
  if (series !== before) drawSeries();
}

/** The age grows; who is not subscribed hears of readings by fetching. */
function tick() {
  if (!isShown() || document.hidden) return;
  draw();
  if (isOnline() && Date.now() > dueAt()) refetch();
}

/** When the next reading should be there; where none is to be expected, now and then. */
function dueAt() {
  if (!series) return fetchedAt + SOONEST;
  const awaited = series.last && wasOnline;
  const next = awaited ? series.last.at + series.interval * 1_000 + LATE : Infinity;
  return Math.min(Math.max(next, fetchedAt + SOONEST), fetchedAt + LATEST);
}
