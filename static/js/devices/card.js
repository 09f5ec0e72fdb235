// The card above the log of a device: its last reading, commands, chart. Kept up while it is shown.

import { feedOf, isDevice } from "../conversations.js";
import { el } from "../lib/dom.js";
import { keep, load } from "../lib/storage.js";
import { isOnline } from "../socket.js";
import { on, state, touch } from "../store.js";
import { correctors, onHello } from "../sync.js";
import { fetchReadings } from "./api.js";
import { commands, drawCommands, startCommands } from "./commands.js";
import { drawFace, face } from "./face.js";
import { correct, FETCH_EVERY, isFresh } from "./freshness.js";
import { clearGraph, drawGraph, failGraph, graph, markRange, startGraph } from "./graph.js";
import { RANGES, readingsAfter, seriesOf, withReading } from "./series.js";

const SELDOM = 60_000; // ms between two fetches, at the most
const LATE = 1_000; // ms that a reading takes to be there
const TICK = 1_000; // ms

const node = el("section", { class: "card device", hidden: true }, face, commands, graph);
let shown = null; // the conversation whose device the card shows
let range = RANGES.find((each) => each === load("range", "")) ?? "24h";
let series = null;
let fetchedAt = 0;
let asked = null; // which answer is waited for

export function startCard() {
  startCommands();
  startGraph(choose);
  document.querySelector(".log-frame").before(node);
  on(["open", "people", "list"], look);
  on(["log"], takeLive);
  onHello(refetch);
  correctors.add(heard);
  setInterval(tick, TICK);
  document.addEventListener("visibilitychange", tick);
  look();
}

const isShown = () => shown !== null && !node.hidden;
const personOf = ({ partner }) => state.people.get(partner);

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
  clearGraph();
  markRange(range);
  refetch();
}

function draw() {
  const person = personOf(shown);
  node.setAttribute("aria-label", `${person.title}: readings`);
  drawFace(person, series);
  drawCommands(person, { subscribed: Boolean(feedOf(shown)), simulated: series?.simulated });
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
  const mine = (asked = {});
  const answer = await fetchReadings(shown.partner, range).catch(() => null);
  if (asked !== mine) return; // another is wanted by now
  asked = null;
  if (answer) return take(seriesOf(answer, range));
  failGraph();
  agree();
}

function take(answer) {
  series = answer;
  takeLive();
  drawSeries();
}

/** The head and the list say of the device what the card does. */
function agree() {
  if (series && correct(personOf(shown), series)) touch("people");
}

/** Presence was told. Who is said to be back after a silence has a reading that is not here yet. */
function heard() {
  if (!isShown() || !series) return;
  if (personOf(shown).online && !isFresh(series.last?.at ?? 0, series)) refetch();
  else agree();
}

function drawSeries() {
  agree();
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

/** The age grows. Who is not subscribed hears by fetching of readings, and of their absence. */
function tick() {
  if (!isShown() || document.hidden) return;
  if (isOnline() && Date.now() > dueAt()) refetch();
  else if (!asked && (feedOf(shown) || !isOnline())) agree();
  draw();
}

/** When the next reading should be there; where none is to be expected, now and then. */
function dueAt() {
  if (!series) return fetchedAt + FETCH_EVERY;
  const { last, interval, ahead } = series;
  const awaited = last && personOf(shown).online;
  const next = awaited ? last.at + ahead + interval * 1_000 + LATE : Infinity;
  return Math.min(Math.max(next, fetchedAt + FETCH_EVERY), fetchedAt + SELDOM);
}
