// The chart with what belongs to it: the words above it, its ranges, and the table in its place.

import { el, setText } from "../lib/dom.js";
import { rove, settle } from "../lib/roving.js";
import { keep, load } from "../lib/storage.js";
import { drawChart } from "./chart.js";
import { cursor, explore, layer, startExploring } from "./explore.js";
import { RANGES } from "./series.js";
import { summaryWords } from "./summary.js";
import { svg } from "./svg.js";
import { tableOf } from "./table.js";

const HEIGHT = 120; // px
const PHONE_HEIGHT = 96;
const NAMES = { "1h": "1 h", "24h": "24 h", "7d": "7 d" };
const phone = matchMedia("(max-width: 720px)");

const button = (words, onclick) => el("button", { class: "small", onclick }, words);
const readout = el("p", { class: "readout" });
const picture = svg("svg", { role: "img" });
const above = svg("svg", { "aria-hidden": "true" }, cursor);
const chart = el("div", { class: "chart" }, picture, above, layer);
const table = el("div", { class: "table", role: "region", "aria-label": "Table", tabindex: "0" });
const ranges = RANGES.map((range) => button(NAMES[range], () => chosen(range)));
const asTable = button("Show as table", () => showTable(table.hidden));
const fold = button("", () => keepFolded(!body.hidden));
const controls = [...ranges, asTable, fold];
const role = { role: "toolbar", "aria-label": "Chart" };
const tools = el("div", { class: "graph-tools", ...role }, ...controls);
const body = el("div", { class: "graph-body" }, readout, chart, table);
export const graph = el("div", { class: "graph" }, body, tools);

let series = null;
let chosen = () => {};

/** `onRange(range)` is called when another one was chosen. */
export function startGraph(onRange) {
  chosen = onRange;
  startExploring((words) => setText(readout, words ?? (series ? summaryWords(series) : "")));
  rove(tools, () => controls.filter((each) => !each.hidden), ["ArrowLeft", "ArrowRight"]);
  settle(controls);
  showTable(false);
  showFolded(load("folded", "") === true);
  new ResizeObserver(draw).observe(chart);
}

export function markRange(range) {
  ranges.forEach((each, at) => each.setAttribute("aria-pressed", String(RANGES[at] === range)));
}

/** For another device: what is drawn is not its own. */
export function clearGraph() {
  series = null;
  picture.replaceChildren();
  explore(null, null);
}

/** Draws the series (of series.js) in place of what was there. */
export function drawGraph(newSeries) {
  series = newSeries;
  draw();
}

export function failGraph() {
  setText(readout, "The readings could not be fetched; trying again.");
}

function draw() {
  const width = chart.clientWidth;
  if (!series || body.hidden) return;
  if (!table.hidden) table.replaceChildren(tableOf(series));
  if (!width) return;
  const height = phone.matches ? PHONE_HEIGHT : HEIGHT;
  above.setAttribute("viewBox", `0 0 ${width} ${height}`);
  explore(series, drawChart(picture, series, width, height));
}

function showTable(shown) {
  table.hidden = !shown;
  chart.hidden = shown;
  asTable.setAttribute("aria-pressed", String(shown));
  draw();
}

function keepFolded(folded) {
  keep("folded", "", folded);
  showFolded(folded);
}

function showFolded(folded) {
  body.hidden = folded;
  for (const each of controls) each.hidden = folded && each !== fold;
  setText(fold, folded ? "Show chart" : "Hide chart");
  fold.setAttribute("aria-expanded", String(!folded));
  draw();
}
