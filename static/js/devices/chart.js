// The line chart of one device: an SVG, drawn anew whenever the series or the space changes.

import { clock } from "../lib/time.js";
import { linear, room, ticks, timeTicks } from "./scale.js";
import { extremes, runsOf } from "./series.js";
import { svg, through } from "./svg.js";
import { dayWords, exact, momentWords, rounded, withUnit } from "./words.js";

const LEFT = 40; // px for the labels of values
const RIGHT = 8;
const BOTTOM = 18; // for the labels of times
const INNER = 17; // above and below the line: for the labels of its lowest and highest
const HALF = 6; // of a label's height

/**
 * Draws `series` (of series.js) into `picture`, an svg element, `width` by `height` px. Gives
 * {x, y, middle}: the places of a time and of a value, and the time that a point stands at.
 */
export function drawChart(picture, series, width, height) {
  const scales = scalesOf(series, width, height);
  picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
  picture.setAttribute("width", width);
  picture.setAttribute("height", height);
  picture.setAttribute("aria-label", wordsOf(series));
  picture.replaceChildren(
    ...grid(series, scales),
    ...runsOf(series).flatMap((run) => line(run, scales)),
    ...bounds(series, scales),
    ...marks(series, scales),
  );
  return scales;
}

function scalesOf(series, width, height) {
  const found = extremes(series);
  const [lowest, highest] = found ? room(found.low.lowest, found.high.highest) : [0, 1];
  const bottom = height - BOTTOM;
  const y = linear(lowest, highest, bottom - INNER, INNER);
  const valueAt = linear(bottom - INNER, INNER, lowest, highest);
  const x = linear(series.since, series.until, LEFT, width - RIGHT);
  const middle = ({ at }) => Math.min(Math.max(at + series.step / 2, series.since), series.until);
  return { x, y, middle, bottom, right: width - RIGHT, from: valueAt(bottom), to: valueAt(HALF) };
}

/** The lowest and the highest in words, for the line above the picture. */
export function summaryWords({ range, ...series }) {
  const found = extremes(series);
  if (!found) return "No readings";
  const { low, high } = found;
  const say = (value, { at }) => `${exact(value)} (${momentWords(new Date(at), range)})`;
  return `Lowest ${say(low.lowest, low)}, highest ${say(high.highest, high)}`;
}

/** The picture in words: its range, the lowest, the highest and the last reading. */
function wordsOf({ range, unit, last, ...series }) {
  const found = extremes(series);
  const length = { "1h": "hour", "24h": "24 hours", "7d": "7 days" }[range];
  if (!found) return `No readings in the last ${length}.`;
  const { low, high } = found;
  const when = (at) => momentWords(new Date(at), range);
  const say = (value, at) => `${withUnit(exact(value), unit)} at ${when(at)}`;
  const words = `lowest ${say(low.lowest, low.at)}, highest ${say(high.highest, high.at)}`;
  return `Readings of the last ${length}: ${words}, last ${say(last.value, last.at)}.`;
}

const text = (words, x, y, anchor, name = "") =>
  svg("text", { x, y, "text-anchor": anchor, class: name }, words);

const level = (y, right, name) => svg("path", { class: name, d: `M${LEFT} ${y}H${right}` });

function grid({ since, until, range, points }, { x, y, bottom, right, from, to }) {
  const values = points.length ? ticks(from, to) : [];
  const times = timeTicks(since, until, range);
  const say = (at) => (range === "7d" ? dayWords(at) : clock(at));
  return [
    ...values.map((value) => level(y(value), right, "grid")),
    ...values.map((value) => text(exact(value), LEFT - 6, y(value) + 4, "end")),
    level(bottom, right, "axis"),
    ...times.map((at) => svg("path", { class: "axis", d: `M${x(at)} ${bottom}v4` })),
    ...times.map((at) => text(say(at), ...inside(x(at), right, 20), bottom + 15, "middle")),
  ];
}

/** `x`, moved so that a label that reaches `half` px to both sides is not cut off. */
const inside = (x, right, half) => [Math.min(Math.max(x, LEFT + half), right - half)];

/** A run of points: the averages as a line, from the lowest to the highest as a band. */
function line(run, { x, y, middle }) {
  const along = (field) => run.map((point) => [x(middle(point)), y(point[field])]);
  if (run.length === 1) {
    const [[cx, cy]] = along("value");
    return [svg("circle", { class: "dot-mark", cx, cy, r: 2 })];
  }
  const band = through([...along("highest"), ...along("lowest").reverse()]);
  return [
    svg("path", { class: "band", d: `${band}Z` }),
    svg("path", { class: "line", d: through(along("value")) }),
  ];
}

/** What the device can measure, or the simulation's bounds, where they lie in view. */
function bounds({ bounds: { lowest, highest }, unit }, { y, right, from, to }) {
  const labelAt = (value) => Math.max(y(value) - 4, 2 * HALF);
  return [["lowest", lowest], ["highest", highest]]
    .filter(([, value]) => value !== null && value >= from && value <= to)
    .flatMap(([name, value]) => [
      level(y(value), right, "bound"),
      text(`${name} possible ${withUnit(exact(value), unit)}`, LEFT + 4, labelAt(value), "start"),
    ]);
}

/** The lowest and the highest reading; where they are one, a single mark. */
function marks(series, { x, y, middle, right }) {
  const found = extremes(series);
  if (!found) return [];
  const mark = (point, value, below) => {
    const [cx, cy] = [x(middle(point)), y(value)];
    const [labelX] = inside(cx, right, 18);
    const labelY = cy + (below ? 15 : -7);
    const words = text(exact(value), labelX, labelY, "middle", "extreme");
    return [svg("circle", { class: "dot-mark", cx, cy, r: 3 }), words];
  };
  const { low, high } = found;
  const highest = mark(high, high.highest, false);
  return low.lowest === high.highest ? highest : [...highest, ...mark(low, low.lowest, true)];
}

/** A point in words: when, the average, and from where to where. */
export function pointWords({ at, value, lowest, highest }, { range, unit }) {
  const one = lowest === highest;
  const words = withUnit(one ? exact(lowest) : rounded(value), unit);
  const extent = one ? "" : ` (${exact(lowest)} to ${exact(highest)})`;
  return `${momentWords(new Date(at), range)} · ${words}${extent}`;
}
