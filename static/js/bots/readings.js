// The readings that an answer cites: each leads to its place in the device's log.

import { exact, withUnit } from "../devices/words.js";
import { whole } from "../later.js";
import { el } from "../lib/dom.js";
import { brief, clock, dayKey } from "../lib/time.js";
import { titleOf } from "../store.js";

/** `readings` as in a message's data: [{device, seq, at, value, unit}]; not there without any. */
export function readingsOf(readings) {
  if (!readings?.length) return [];
  const items = readings.map((reading) => el("li", {}, chip(reading)));
  return [el("ul", { class: "cited", "aria-label": "Readings" }, ...items)];
}

function chip({ device, seq, at, value, unit }) {
  const parts = [withUnit(exact(value), unit), moment(new Date(at))].map(unbroken);
  const words = [titleOf(device), ...parts].join("\u00a0· ");
  const title = "Show this reading";
  const onclick = () => whole("devices").then(({ seek }) => seek(device, seq), () => {});
  return el("button", { class: "small", tabindex: "-1", title, onclick }, words);
}

/** The time, and the day where it is another one than today. */
const moment = (at) =>
  dayKey(at) === dayKey(new Date()) ? clock(at) : `${brief(at)}, ${clock(at)}`;

/** In one line, so that no unit stands apart from its value. */
const unbroken = (words) => words.replaceAll(" ", "\u00a0");
