// A device's direct conversation and its feed as one log, merged by time.

import { feedOf, hasOlder } from "../conversations.js";
import { itemOf, itemsOf as talkOf } from "../view/items.js";

/** device → its feeds, one for each time that one subscribed: lines once shown stay on leaving. */
const shown = new Map();
/** device → readings that somebody went to, older than what its feed holds: a feed of their own. */
const excerpts = new Map();

/** The items of both, oldest first; what waits to be sent comes last. */
export function itemsOf(conversation) {
  if (conversation.isPast) return talkOf(conversation);
  return merged(talkOf(conversation), feedsOf(conversation).flatMap((feed) => linesOf(feed)));
}

function feedsOf(conversation) {
  const feeds = shown.get(conversation.partner) ?? [];
  shown.set(conversation.partner, feeds);
  const feed = feedOf(conversation);
  if (feed && feeds.at(-1) !== feed) feeds.push(feed);
  const excerpt = excerpts.get(conversation.partner);
  return excerpt ? [before(excerpt, feeds[0]), ...feeds] : feeds;
}

/** Shows these messages of a device's feed besides what is held of it, until another call. */
export function showExcerpt(device, run) {
  excerpts.clear();
  excerpts.set(device, { id: `device:${device}`, partner: device, keys: new Map(), run });
}

export const hideExcerpt = () => excerpts.clear();

/** What was fetched for itself, without what the feed holds by now. */
function before(excerpt, feed) {
  const first = feed?.run[0]?.seq ?? Infinity;
  return { ...excerpt, run: excerpt.run.filter(({ seq }) => seq < first) };
}

/** Without their seqs, which count in the feed: cursors of the log are the conversation's. */
function linesOf(feed) {
  const lines = feed.run.map((message) => ({ ...itemOf(message, feed), seq: undefined }));
  const more = lines.length > 0 && hasOlder(feed) && feed === feedOf(feed);
  return more ? [earlier(feed, lines[0]), ...lines] : lines;
}

const earlier = (feed, { at, id }) => ({ kind: "earlier", key: `earlier ${feed.id}`, at, id, feed });

function merged(talk, lines) {
  const items = [];
  let next = 0;
  for (const item of talk) {
    while (next < lines.length && isBefore(lines[next], item)) items.push(lines[next++]);
    items.push(item);
  }
  return items.concat(lines.slice(next));
}

/** By the time of storing, then by id; what waits to be sent has none. */
function isBefore(line, item) {
  const [one, other] = [Number(line.at), Number(item.at)];
  return item.seq === null || one < other || (one === other && line.id < item.id);
}
