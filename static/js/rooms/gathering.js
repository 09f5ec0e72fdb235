// Three or more who were added one after the other by the same person are one line.

import { dayKey } from "../lib/time.js";
import { state, titleOf } from "../store.js";

const FEW = 3;
const NAMED = 5; // others are counted

/** `items` as view/items.js makes them. */
export function gather(items) {
  const all = [];
  let group = [];
  for (const item of [...items, null]) {
    if (group.length && !(item && belongs(group[0], item))) all.push(...closed(group.splice(0)));
    if (item?.data?.event === "invited") group.push(item);
    else if (item) all.push(item);
  }
  return all;
}

const belongs = (first, { data, sender, at }) =>
  data?.event === "invited" && sender === first.sender && dayKey(at) === dayKey(first.at);

function closed(group) {
  if (group.length < FEW) return group;
  const last = group.at(-1);
  const body = `${called(last.sender)} added ${listed(group.map(({ data }) => called(data.user)))}.`;
  return [{ ...last, key: `${last.key} ${body}`, body }];
}

const called = (name) => (name === state.me.name ? state.me.title : titleOf(name));

/** “Bob, Carol and Dan”, “Bob, Carol, Dan, Erin, Frank and 12 others” */
function listed(names) {
  const others = names.length - NAMED;
  const shown = others > 1 ? [...names.slice(0, NAMED), `${others} others`] : names;
  return `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}
