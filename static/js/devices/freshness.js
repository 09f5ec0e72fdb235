// Whether a device reports, as the page itself counts it: it may hear of nothing any more.

export const FETCH_EVERY = 5_000; // ms between two fetches, at the least
const ON_THE_WAY = 2_000; // ms that a reading takes to be there, at the most

/** How far this clock is ahead of the server's, in ms; `now` is the server's, as it answers. */
export const aheadOf = (now) => Date.now() - Date.parse(now);

/**
 * Whether a reading of `at` (ms since 1970, by the server's clock) is so young that none is missed;
 * `interval` is the device's, in seconds. Where readings are not live, ask the server first.
 */
export function isFresh(at, { interval, ahead }) {
  const every = interval * 1_000;
  return Date.now() - ahead - at < Math.max(1.5 * every, every + ON_THE_WAY);
}

/**
 * Sets presence, `person` as `people` has them, by the readings of `series`: what was told may be
 * older than a reading, or than the silence after it. Whether that changed anything.
 */
export function correct(person, series) {
  const told = person.last_seen ? Date.parse(person.last_seen) : 0;
  const last = Math.max(told, series.last?.at ?? 0);
  const online = isFresh(last, series);
  if (!last || (online === person.online && last === told)) return false;
  Object.assign(person, { online, last_seen: new Date(last).toISOString() });
  return true;
}
