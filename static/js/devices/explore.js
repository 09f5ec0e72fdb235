// Moving over the chart's points, by pointer, finger and arrow keys. To screen readers it is a
// slider, whose text they read out as it moves.

import { el } from "../lib/dom.js";
import { pointWords } from "./summary.js";
import { svg } from "./svg.js";

const PAGE = 12; // points that Page Up and Page Down go

/** Lies above the picture; takes keys and pointer. */
export const layer = el("div", { class: "explore", role: "slider", tabindex: "0" });
/** The cross at the point that is looked at: belongs into an svg as large as the picture. */
export const cursor = svg("g", { class: "cursor" });
let series = null;
let scales = null;
let at = null; // the time of the point looked at: it stays the same when others come
let moved = () => {};

/** `onMove(words)` is told what the point says that is looked at, and null when none is. */
export function startExploring(onMove) {
  moved = onMove;
  layer.setAttribute("aria-label", "Readings along the chart");
  for (const type of ["pointermove", "pointerdown"]) layer.addEventListener(type, pointed);
  for (const type of ["pointerleave", "blur"]) layer.addEventListener(type, () => go(null));
  layer.addEventListener("keydown", pressed);
}

/** To be called after each drawing of the chart; with null where there is none. */
export function explore(newSeries, newScales) {
  [series, scales] = [newSeries, newScales];
  draw();
}

const points = () => series?.points ?? [];
const index = () => points().findIndex((point) => point.at === at);

/** To the point of this number, or the next there is; null: to none. */
function go(to) {
  const all = points();
  at = to === null || !all.length ? null : all[Math.min(Math.max(to, 0), all.length - 1)].at;
  draw();
}

function draw() {
  const here = index();
  const point = points()[here];
  const last = Math.max(1, points().length);
  layer.setAttribute("aria-valuemin", "1");
  layer.setAttribute("aria-valuemax", String(last));
  layer.setAttribute("aria-valuenow", String(point ? here + 1 : last));
  layer.setAttribute("aria-valuetext", point ? pointWords(point, series) : "None chosen");
  cursor.replaceChildren(...(point ? cross(point) : []));
  moved(point ? pointWords(point, series) : null);
}

function cross(point) {
  const [cx, cy] = [scales.x(scales.middle(point)), scales.y(point.value)];
  return [svg("path", { d: `M${cx} 0V${scales.bottom}` }), svg("circle", { cx, cy, r: 4 })];
}

/** To the point nearest to the pointer. */
function pointed({ clientX }) {
  if (!points().length) return;
  const x = clientX - layer.getBoundingClientRect().left;
  const far = points().map((point) => Math.abs(scales.x(scales.middle(point)) - x));
  go(far.indexOf(Math.min(...far)));
}

function pressed(event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const to = target(event.key, index() < 0 ? points().length : index());
  if (to === undefined) return;
  event.preventDefault();
  go(to);
}

function target(key, here) {
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return here - 1;
    case "ArrowRight":
    case "ArrowUp":
      return here + 1;
    case "PageDown":
      return here - PAGE;
    case "PageUp":
      return here + PAGE;
    case "Home":
      return 0;
    case "End":
      return Infinity;
    case "Escape":
      return null;
  }
}
