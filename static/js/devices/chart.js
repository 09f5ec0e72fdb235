// The line chart of one device: an SVG, drawn anew whenever the series or the space changes.

import { clock } from "../lib/time.js";
import { linear, room, ticks, timeTicks } from "./scale.js";
import { extremes, runsOf } from "./series.js";
import { pictureWords } from "./summary.js";
import { svg, through } from "./svg.js";
import { dayWords, exact, withUnit } from "./words.js";

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
  picture.setAttribute("aria-label", pictureWords(series));
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
  const [lowest, highest] = found ? room(found.low.value, found.high.value) : [0, 1];
  const bottom = height - BOTTOM;
  const y = linear(lowest, highest, bottom - INNER, INNER);
  const valueAt = linear(bottom - INNER, INNER, lowest, highest);
  const x = linear(series.since, series.until, LEFT, width - RIGHT);
  const middle = ({ at }) => Math.min(Math.max(at + series.step / 2, series.since), series.until);
  return { x, y, middle, bottom, right: width - RIGHT, from: valueAt(bottom), to: valueAt(HALF) };
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

/** The device's bounds as lines, where they lie in view, with labels away from the marks. */
function bounds(series, { x, y, right, from, to }) {
  const seen = boundsOf(series).filter(({ value }) => value >= from && value <= to);
  const labelAt = ({ value }) => Math.max(y(value) - 4, 2 * HALF);
  const near = seen.length === 2 && labelAt(seen[0]) - labelAt(seen[1]) < 2 * HALF;
  const besides = ({ at }) => (x(at) < (LEFT + right) / 2 ? [right - 4, "end"] : [LEFT + 4, "start"]);
  const label = (bound) => {
    const [labelX, anchor] = besides(bound.reading);
    return text(withUnit(bound.words, series.unit), labelX, labelAt(bound), anchor);
  };
  return [
    ...seen.map(({ value }) => level(y(value), right, "bound")),
    ...(near ? [joined(seen)] : seen).map(label),
  ];
}

/** What the device can measure, or the simulation's bounds; with the reading nearest to each. */
function boundsOf({ bounds: { lowest, highest }, ...series }) {
  const found = extremes(series);
  const all = [
    { value: lowest, reading: found?.low, words: `lowest possible ${exact(lowest ?? 0)}` },
    { value: highest, reading: found?.high, words: `highest possible ${exact(highest ?? 0)}` },
  ];
  return found ? all.filter(({ value }) => value !== null) : [];
}

/** Bounds that are too near to each other for two labels have one. */
function joined([low, high]) {
  return { ...high, words: `possible ${exact(low.value)} to ${exact(high.value)}` };
}

/** The lowest and the highest reading; where they are one, a single mark. */
function marks(series, { x, y, right }) {
  const found = extremes(series);
  if (!found) return [];
  const mark = ({ at, value }, below) => {
    const [cx, cy] = [x(Math.max(at, series.since)), y(value)];
    const [labelX] = inside(cx, right, 18);
    const words = text(exact(value), labelX, cy + (below ? 15 : -7), "middle", "extreme");
    return [svg("circle", { class: "dot-mark", cx, cy, r: 3 }), words];
  };
  const { low, high } = found;
  const highest = mark(high, false);
  return low.value === high.value ? highest : [...highest, ...mark(low, true)];
}
