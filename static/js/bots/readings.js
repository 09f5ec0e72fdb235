// The readings that an answer cites: each leads to its place in the device's log.

import { exact, withUnit } from "../devices/words.js";
import { whole } from "../later.js";
import { el } from "../lib/dom.js";
import { clock } from "../lib/time.js";
import { titleOf } from "../store.js";

/** `readings` as in a message's data: [{device, seq, at, value, unit}]; not there without any. */
export function readingsOf(readings) {
  if (!readings?.length) return [];
  const items = readings.map((reading) => el("li", {}, chip(reading)));
  return [el("ul", { class: "cited", "aria-label": "Readings" }, ...items)];
}

function chip({ device, seq, at, value, unit }) {
  const words = `${withUnit(exact(value), unit)} · ${clock(new Date(at))}`;
  const title = `${titleOf(device)}: show this reading`;
  const onclick = () => whole("devices").then(({ seek }) => seek(device, seq), () => {});
  return el("button", { class: "small", tabindex: "-1", title, onclick }, words);
}
