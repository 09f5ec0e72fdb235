// A chart in words.

import { extremes } from "./series.js";
import { exact, momentWords, rounded, withUnit } from "./words.js";

const LENGTHS = { "1h": "hour", "24h": "24 hours", "7d": "7 days" };

/** The lowest and the highest reading, for the line above the picture. */
export function summaryWords({ range, ...series }) {
  const found = extremes(series);
  if (!found) return "No readings";
  const say = ({ value, at }) => `${exact(value)} (${momentWords(new Date(at), range)})`;
  return `Lowest ${say(found.low)}, highest ${say(found.high)}`;
}

/** The picture: its range, the lowest, the highest and the last reading. */
export function pictureWords({ range, unit, last, ...series }) {
  const found = extremes(series);
  if (!found) return `No readings in the last ${LENGTHS[range]}.`;
  const when = (at) => momentWords(new Date(at), range);
  const say = ({ value, at }) => `${withUnit(exact(value), unit)} at ${when(at)}`;
  const words = `lowest ${say(found.low)}, highest ${say(found.high)}, last ${say(last)}`;
  return `Readings of the last ${LENGTHS[range]}: ${words}.`;
}

/** A point: when, the average, and from where to where. */
export function pointWords({ at, value, lowest, highest }, { range, unit }) {
  const one = lowest === highest;
  const words = withUnit(one ? exact(lowest) : rounded(value), unit);
  const extent = one ? "" : ` (${exact(lowest)} to ${exact(highest)})`;
  return `${momentWords(new Date(at), range)} · ${words}${extent}`;
}
