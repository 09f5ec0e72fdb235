// Three or more readings in a row become one line, which can be opened.

import { touch } from "../store.js";
import { measured } from "./words.js";

const FEW = 3;
const opened = new Set(); // keys of readings whose group is open

/** `rows` as layout.js makes them; groups stand in for their readings, or before them if open. */
export function shorten(rows) {
  const short = [];
  let group = [];
  for (const row of rows) {
    if (group.length && !belongs(group[0], row)) short.push(...closed(group.splice(0)));
    if (row.kind === "reading") group.push(row);
    else short.push(row);
  }
  return [...short, ...closed(group)];
}

const belongs = (first, row) => row.kind === "reading" && row.sender === first.sender;

function closed(readings) {
  if (readings.length < FEW) return readings;
  const open = readings.some(({ key }) => opened.has(key));
  const line = { kind: "readings", key: `readings ${readings[0].key}`, open, readings };
  return open ? [line, ...readings] : [line];
}

/** Shows the readings of a group, or hides them. Its ends are kept: others may join it. */
export function toggle({ open, readings }) {
  for (const { key } of open ? readings : [readings[0], readings.at(-1)])
    if (open) opened.delete(key);
    else opened.add(key);
  touch("log");
}

/** Shows a reading, by its key, even where it stands in a group. */
export const reveal = (key) => opened.add(key);

/** What a group says: {from, to, count, lowest, highest, last} by the times of measuring. */
export function summed(readings) {
  const all = readings.map(measured).sort((one, other) => one.at - other.at);
  const values = all.map(({ value }) => value);
  return {
    from: all[0].at,
    to: all.at(-1).at,
    count: all.length,
    lowest: Math.min(...values),
    highest: Math.max(...values),
    last: all.at(-1),
  };
}
