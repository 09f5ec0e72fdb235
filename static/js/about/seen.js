// When somebody was last seen.

import { clock, dayName, daysAgo } from "../lib/time.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Presence in words: “online”, “last seen 5 min ago”; a device's is how fresh its readings are. */
export function seenWords(person, now = new Date()) {
  const device = person?.kind === "device";
  if (person?.online) return device ? "Reporting" : "online";
  if (!person?.last_seen) return device ? "No reading yet" : "offline";
  const seen = device ? "Overdue, last reading" : "last seen";
  const moment = new Date(person.last_seen);
  const age = now - moment;
  if (age < MINUTE) return `${seen} just now`;
  if (age < HOUR) return `${seen} ${Math.floor(age / MINUTE)} min ago`;
  const day = dayName(moment, now);
  const when = daysAgo(moment, now) < 2 ? day.toLowerCase() : `on ${day}`;
  return `${seen} ${when} at ${clock(moment)}`;
}
