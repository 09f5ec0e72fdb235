// Values, times and ages in words, as the server writes them.

import { brief, clock } from "../lib/time.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DECIMALS = 4;
const SMALLEST = 10 ** -DECIMALS;
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric" });

/** A measured number, with no more decimals than it needs: 21.4. */
export function exact(value) {
  if (value !== 0 && Math.abs(value) < SMALLEST) return value.toPrecision(DECIMALS);
  return String(Number(value.toFixed(DECIMALS)));
}

/** An average, as exact as a look at it needs: 21.4 for 21.4375. */
export function rounded(value) {
  const decimals = Math.max(1, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return exact(Number(value.toFixed(Math.min(decimals, DECIMALS))));
}

export const withUnit = (words, unit) => (unit ? `${words} ${unit}` : words);

/** What the message of a reading measured: {value, unit, at}. */
export function measured({ data, body, at }) {
  const value = Number(data?.value ?? Number.parseFloat(body));
  return { value, unit: data?.unit ?? "", at: data?.at ? new Date(data.at) : at };
}

/** “40 s ago”, “5 min ago”, “3 h ago”, and from a day on when it was. */
export function ageWords(moment, now = new Date()) {
  const age = now - moment;
  if (age < 1_000) return "just now";
  if (age < MINUTE) return `${Math.floor(age / 1_000)} s ago`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h ago`;
  return `${brief(moment, now)}, ${clock(moment)}`;
}

/** A moment of a chart of this range: the time; of a week's, the day too. */
export const momentWords = (moment, range) =>
  range === "7d" ? `${dayWords(moment)}, ${clock(moment)}` : clock(moment);

/** “Sun 22” */
export const dayWords = (moment) => weekday.format(moment);

/** How fresh a device's readings are: “Reporting, last reading 40 s ago”. */
export function freshWords({ online, last }) {
  if (!last) return "No reading yet";
  return `${online ? "Reporting" : "Overdue"}, last reading ${ageWords(new Date(last.at))}`;
}
