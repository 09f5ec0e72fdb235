// A device's readings over a range of time, as a chart and a table need them. No drawing here.

import { aheadOf } from "./freshness.js";
import { measured } from "./words.js";

const LENGTHS = { "1h": 3_600_000, "24h": 86_400_000, "7d": 7 * 86_400_000 }; // ms
export const RANGES = Object.keys(LENGTHS);

/**
 * From the server's answer: {range, unit, interval, simulated, bounds, last, ahead, step, gap,
 * points, since, until}. A point is {at, value (average), lowest, lowestAt, highest, highestAt,
 * count}; times are ms since 1970, `at` a span's begin.
 */
export function seriesOf(answer, range) {
  const { unit, lowest, highest, interval, simulated, step } = answer;
  return moved({
    range,
    unit,
    interval,
    simulated,
    ahead: aheadOf(answer.until),
    bounds: { lowest, highest },
    last: answer.last && { value: answer.last.value, at: Date.parse(answer.last.at) },
    step: step * 1_000,
    gap: gapOf(step, interval),
    points: answer.points.map(pointOf),
  });
}

const pointOf = ({ at, lowest_at: lowestAt, highest_at: highestAt, ...values }) => ({
  ...values,
  at: Date.parse(at),
  lowestAt: Date.parse(lowestAt),
  highestAt: Date.parse(highestAt),
});

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
  const current = points.at(-1)?.at === begin ? points.pop() : fresh(begin);
  points.push(grown(current, value, at));
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

const fresh = (at) => ({ at, value: 0, lowest: Infinity, highest: -Infinity, count: 0 });

function grown(point, value, at) {
  const { value: average, lowest, highest, count } = point;
  const next = { ...point, value: (average * count + value) / (count + 1), count: count + 1 };
  if (value < lowest) Object.assign(next, { lowest: value, lowestAt: at });
  if (value > highest) Object.assign(next, { highest: value, highestAt: at });
  return next;
}

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

/** The lowest and the highest reading, {value, at} each, the first of equals; null without any. */
export function extremes({ points }) {
  if (!points.length) return null;
  const lows = points.map(({ lowest, lowestAt }) => ({ value: lowest, at: lowestAt }));
  const highs = points.map(({ highest, highestAt }) => ({ value: highest, at: highestAt }));
  return {
    low: lows.reduce((one, other) => (other.value < one.value ? other : one)),
    high: highs.reduce((one, other) => (other.value > one.value ? other : one)),
  };
}
