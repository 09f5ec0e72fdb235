// Which rows a log consists of: a pure function from messages to rows, each with a stable key.

import { dayKey, dayName } from "../lib/time.js";

const CLOSE = 5 * 60_000; // ms between two messages of one group

/**
 * `items` are what items.js makes. A row is an item with `head` (whether name and time are
 * shown), or a day or the unread line. `marker` is the seq after which the unread messages
 * begin, or null. `heads` remembers which rows got a name: they keep it when older messages
 * come before them, so that nothing on the screen moves.
 */
export function rowsOf(items, marker, heads) {
  const rows = [];
  const unread = firstUnread(items, marker);
  let last = null;
  for (const item of items) {
    const broken = separate(rows, last, item, unread);
    const head = heads.has(item.key) || broken || !follows(last, item);
    if (head) heads.add(item.key);
    rows.push({ ...item, head });
    last = item;
  }
  return rows;
}

/** The first message of others beyond the marker, if all that is unread is held. */
function firstUnread(items, marker) {
  if (marker === null || !(items.find(({ seq }) => seq)?.seq <= marker + 1)) return null;
  return items.find((item) => !item.own && item.seq > marker);
}

/** Puts a day or the unread line before `item` where one belongs. True if it did. */
function separate(rows, last, item, unread) {
  const count = rows.length;
  const day = dayKey(item.at);
  if (!last || dayKey(last.at) !== day)
    rows.push({ kind: "day", key: `day ${day}`, text: dayName(item.at) });
  if (item === unread) rows.push({ kind: "unread", key: "unread" });
  return rows.length > count;
}

const follows = (last, item) =>
  last !== null &&
  last.kind === item.kind &&
  last.sender === item.sender &&
  last.conversation === item.conversation &&
  last.stored === item.stored &&
  last.label === item.label &&
  item.at - last.at <= CLOSE;
