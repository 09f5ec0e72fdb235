// Moments in words. Times are shown in the reader's time zone.

const DAY = 24 * 3_600_000; // ms
const clockFormat = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const part = (options) => new Intl.DateTimeFormat("en-GB", options);
const weekday = part({ weekday: "long" });
const month = part({ month: "long" });
const shortDay = part({ day: "numeric", month: "short" });

export const clock = (moment) => clockFormat.format(moment);

/** A key that is the same for all moments of one local day. */
export const dayKey = (moment) => `${moment.getFullYear()}-${moment.getMonth()}-${moment.getDate()}`;

export function daysAgo(moment, now) {
  const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(now) - midnight(moment)) / DAY);
}

/** “Today”, “Yesterday”, “Sunday 22 November”, with the year where it is another one. */
export function dayName(moment, now = new Date()) {
  const days = daysAgo(moment, now);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  const year = moment.getFullYear() === now.getFullYear() ? "" : ` ${moment.getFullYear()}`;
  return `${weekday.format(moment)} ${moment.getDate()} ${month.format(moment)}${year}`;
}

/** As short as a row of the list needs it: the time today, else the day. */
export function brief(moment, now = new Date()) {
  const days = daysAgo(moment, now);
  if (days === 0) return clock(moment);
  return days === 1 ? "Yesterday" : shortDay.format(moment);
}
