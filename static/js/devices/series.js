// A device's readings over a range of time, as a chart and a table need them. No drawing here.

import { measured } from "./words.js";

const LENGTHS = { "1h": 3_600_000, "24h": 86_400_000, "7d": 7 * 86_400_000 }; // ms
export const RANGES = Object.keys(LENGTHS);

/**
 * From the server's answer: {range, unit, bounds, last, gap, points, since, until}. A point is
 * {at, value (average), lowest, highest, count}; times are ms since 1970, `at` a span's begin.
 */
export function seriesOf(answer, range) {
  const { unit, lowest, highest, interval, step } = answer;
  return moved({
    range,
    unit,
    interval,
    bounds: { lowest, highest },
    last: answer.last && { value: answer.last.value, at: Date.parse(answer.last.at) },
    step: step * 1_000,
    gap: gapOf(step, interval),
    points: answer.points.map((point) => ({ ...point, at: Date.parse(point.at) })),
  });
}

/** Two points this far apart, in ms, have nothing between them though something should be. */
export const gapOf = (step, interval) => 1_000 * Math.max(1.5 * step, step + interval);

/** The same with its window up to now; what has left it is dropped. */
function moved(series) {
  const until = Date.now();
  const since = until - LENGTHS[series.range];
  const points = series.points.filter(({ at }) => at + series.step > since);
  return { ...series, since, until, points };
}

/** The same with a live reading {value, at}; one that is not newer than the last changes nothing. */
export function withReading(series, { value, at }) {
  if (series.last && at <= series.last.at) return series;
  const points = [...series.points];
  const begin = Math.floor(at / series.step) * series.step;
  const current = points.at(-1)?.at === begin ? points.pop() : fresh(begin, value);
  points.push(grown(current, value));
  return moved({ ...series, points, last: { value, at } });
}

/** The readings among the messages of a feed, `run`, that were measured after `than`: {value, at}. */
export function readingsAfter(run, than) {
  const found = [];
  for (const message of [...run].reverse()) {
    if (message.kind !== "reading") continue;
    const { value, at } = measured({ ...message, at: new Date(message.sent_at) });
    if (at <= than) break;
    found.unshift({ value, at: Number(at) });
  }
  return found;
}

const fresh = (at, value) => ({ at, value: 0, lowest: value, highest: value, count: 0 });

const grown = ({ at, value: average, lowest, highest, count }, value) => ({
  at,
  value: (average * count + value) / (count + 1),
  lowest: Math.min(lowest, value),
  highest: Math.max(highest, value),
  count: count + 1,
});

/** The points in runs without a gap. */
export function runsOf({ points, gap }) {
  const runs = [];
  for (const point of points) {
    const run = runs.at(-1);
    if (run && point.at - run.at(-1).at < gap) run.push(point);
    else runs.push([point]);
  }
  return runs;
}

/** The points with the lowest and the highest reading; null where there is none. */
export function extremes({ points }) {
  if (!points.length) return null;
  const least = (field, sign) =>
    points.reduce((one, other) => (sign * other[field] < sign * one[field] ? other : one));
  return { low: least("lowest", 1), high: least("highest", -1) };
}
