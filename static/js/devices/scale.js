// Scales and their ticks: pure functions.

const STEPS = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
const MOST = 4; // ticks
const HOUR = 3_600_000;
const EVERY = { "1h": HOUR / 4, "24h": 6 * HOUR, "7d": 48 * HOUR }; // ms between two ticks of time

/** A function that takes `from` to `start` and `to` to `end`, in a straight line. */
export const linear = (from, to, start, end) => (value) =>
  start + ((value - from) / (to - from || 1)) * (end - start);

/** Three or four round numbers between two bounds, ascending. */
export function ticks(lowest, highest) {
  const power = 10 ** Math.floor(Math.log10((highest - lowest) / MOST));
  const all = STEPS.map((step) => multiples(step * power, lowest, highest));
  return all.find((found) => found.length <= MOST);
}

function multiples(step, lowest, highest) {
  const found = [];
  for (let number = Math.ceil(lowest / step); number * step <= highest; number += 1)
    found.push(Number((number * step).toPrecision(12)));
  return found;
}

/** Moments at round local times. Counted from a local midnight, on days with a changed clock too. */
export function timeTicks(since, until, range) {
  const midnight = new Date(since);
  midnight.setHours(0, 0, 0, 0);
  const found = [];
  for (let number = 0, at = 0; at <= until; number += 1) {
    at = localMoment(midnight, number * EVERY[range]);
    if (at >= since && at <= until) found.push(at);
  }
  return found;
}

function localMoment(midnight, offset) {
  const moment = new Date(midnight);
  moment.setMinutes(offset / 60_000);
  return Number(moment);
}

/** Bounds of the vertical axis: all values with some room; never so near that noise looks wild. */
export function room(lowest, highest) {
  const least = Math.max(Math.abs(lowest), Math.abs(highest)) / 50 || 1;
  const lack = Math.max(0, least - (highest - lowest)) / 2;
  return [lowest - lack, highest + lack];
}
