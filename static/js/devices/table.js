// A chart's points as a table, the newest first.

import { el } from "../lib/dom.js";
import { exact, momentWords, rounded, withUnit } from "./words.js";

export function tableOf({ points, range, unit }) {
  const names = ["From", "Average", "Lowest", "Highest"];
  const heads = names.map((words) => el("th", { scope: "col" }, words));
  const body = el("tbody");
  for (const point of [...points].reverse()) body.append(rowOf(point, range));
  const caption = el("caption", {}, withUnit("Readings, in", unit));
  return el("table", {}, caption, el("thead", {}, el("tr", {}, ...heads)), body);
}

function rowOf({ at, value, lowest, highest }, range) {
  const cells = [rounded(value), exact(lowest), exact(highest)].map((words) => el("td", {}, words));
  return el("tr", {}, el("th", { scope: "row" }, momentWords(new Date(at), range)), ...cells);
}
