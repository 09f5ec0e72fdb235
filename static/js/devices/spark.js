// A line without axes: the last 24 hours in small.

import { gapOf, runsOf } from "./series.js";
import { linear, room } from "./scale.js";
import { svg, through } from "./svg.js";
import { exact, withUnit } from "./words.js";

const WIDTH = 240;
const HEIGHT = 48;
const DAY = 86_400; // s
const MOST = 96; // points, as the server sends them

/** The sparkline of a device as `fetchDevices` gives it; `dayWords` says between which values. */
export function spark({ spark: pairs, interval }) {
  const points = pairs.map(([at, value]) => ({ at, value }));
  const size = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none" };
  const picture = svg("svg", { class: "spark", "aria-hidden": "true", ...size });
  if (points.length) picture.append(...lines(points, gapOf(DAY / MOST, interval)));
  return picture;
}

export function dayWords({ day, unit }) {
  if (!day) return "No readings in the last 24 hours";
  const { lowest, highest } = day;
  const range = lowest === highest ? exact(lowest) : `${exact(lowest)} to ${exact(highest)}`;
  return `Last 24 hours: ${withUnit(range, unit)}`;
}

function lines(points, gap) {
  const values = points.map(({ value }) => value);
  const now = Date.now();
  const x = linear(now - DAY * 1_000, now, 0, WIDTH);
  const y = linear(...room(Math.min(...values), Math.max(...values)), HEIGHT - 4, 4);
  return runsOf({ points, gap }).map((run) => {
    const path = through(run.map(({ at, value }) => [x(at), y(value)]));
    return svg("path", { class: "line", d: run.length > 1 ? path : `${path}h.1` });
  });
}
