// The log's lines for readings, in groups or alone, and notices with their time.

import { el, spoken } from "../lib/dom.js";
import { clock } from "../lib/time.js";
import { bodyNodes } from "../links/main.js";
import { loadOlder } from "../sync.js";
import { BUILDERS } from "../view/rows.js";
import { summed, toggle } from "./groups.js";
import { svg } from "./svg.js";
import { exact, measured, withUnit } from "./words.js";

const PAGE = 100; // readings fetched at once

/** Lines that come by themselves, again and again, are not announced. */
const QUIET = { "aria-live": "off", tabindex: "-1" };

Object.assign(BUILDERS, {
  reading: (row) => el("div", { class: "notice reading", ...QUIET }, ...partsOf(row)),
  readings: group,
  notice: (row) =>
    el("div", { class: "notice", tabindex: "-1", "data-seq": row.seq }, ...bodyNodes(row.body), ` · ${clock(row.at)}`),
  earlier,
});

function partsOf(row) {
  const { at } = measured(row);
  const whose = row.linked ? [el("bdi", {}, row.title), " · "] : [];
  const time = el("time", { datetime: at.toISOString() }, clock(at));
  return [...whose, time, " · ", el("span", {}, row.body)];
}

function group(first) {
  let current = first;
  const node = el("button", { class: "notice readings", ...QUIET, onclick });
  const words = el("span");
  node.append(chevron(), words);
  function onclick() {
    toggle(current);
    // once it is drawn: a long group begins where one has looked, and the log stays there
    requestAnimationFrame(() => node.scrollIntoView({ block: "nearest" }));
  }
  node.update = (row) => {
    current = row;
    node.setAttribute("aria-expanded", String(row.open));
    reword(words, groupParts(row));
  };
  return node;
}

function chevron() {
  const path = svg("path", { d: "M5 2l6 6-6 6" });
  return svg("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" }, path);
}

/** Each part stays on one line. */
function reword(node, parts) {
  const words = parts.join(" · ");
  if (node.textContent === words) return;
  node.replaceChildren(...parts.flatMap((part) => [el("span", {}, part), " · "]).slice(0, -1));
}

/** “14:03 – 15:20 · 12 readings · 20.9 to 22.4 °C · last 21.4 °C” */
function groupParts({ readings }) {
  const { from, to, count, lowest, highest, last } = summed(readings);
  const whose = readings[0].linked ? [readings[0].title] : [];
  const [start, end] = [clock(from), clock(to)];
  const range = lowest === highest ? exact(lowest) : `${exact(lowest)} to ${exact(highest)}`;
  return [
    ...whose,
    start === end ? start : `${start} – ${end}`,
    `${count} readings`,
    withUnit(range, last.unit),
    `last ${withUnit(exact(last.value), last.unit)}`,
  ];
}

/** Where the readings that are held begin. */
function earlier({ feed }) {
  const onclick = () => loadOlder(feed, PAGE);
  const button = el("button", { class: "small", onclick }, "Earlier readings");
  return el("div", { class: "more earlier" }, button, spoken(" are not shown yet"));
}
