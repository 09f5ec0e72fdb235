// Who is in the room that is open. Whoever is asked of is told of from then on: presence is live.

import { isOnline, request } from "../socket.js";
import { isWatched, on, state, touch } from "../store.js";
import { onHello } from "../sync.js";
import { find } from "./finding.js";

const AGAIN = 60_000; // ms after which it is asked anew: nobody tells who joins by themselves
const NEWS = new Set(["invited", "removed", "appointed"]);
const RANKS = ["owner", "moderator", "member"];

/** Of the room `id`: the members known by name, whether there are more, and how many in all. */
let held = { id: null, members: new Map(), more: false, total: 0 };
let last = null; // the newest message that was looked at
let asking = false;

export function startMembers() {
  on(["open", "list"], look);
  on(["log", "status"], listen);
  onHello(() => refresh());
  setInterval(() => isWatched() && refresh(), AGAIN);
  look();
}

/** The room that is open and this person's; undefined where none is. */
export function openRoom() {
  const conversation = state.conversations.get(state.open);
  return conversation?.onServer && conversation.room ? conversation : undefined;
}

/** {members: by name, more, total} of what is open. */
export const known = () => (held.id === state.open ? held : { members: new Map(), more: false, total: 0 });

/** The members known, owners and moderators first, then by title. */
export function sorted() {
  const rank = ({ role }) => RANKS.indexOf(role);
  const by = (one, other) => rank(one) - rank(other) || one.title.localeCompare(other.title);
  return [...known().members.values()].map(current).sort(by);
}

/** A member as presence has it by now. */
function current(member) {
  if (member.name === state.me.name) return { ...member, online: true };
  return { ...member, ...state.people.get(member.name), role: member.role };
}

function look() {
  if (openRoom() && held.id !== state.open) refresh();
}

/** Somebody who speaks or types and is not known is new; so is what notices tell. */
function listen() {
  const room = openRoom();
  const message = room?.run.at(-1);
  if (!message || held.id !== room.id) return;
  const typing = [...(state.typing.get(room.id)?.keys() ?? [])];
  const unknown = [message.sender, ...typing].some((name) => !held.members.has(name));
  const isNews = unknown || NEWS.has(message.data?.event);
  if (message.id === last || !isNews || (unknown && held.more)) return;
  last = message.id;
  refresh();
}

/** Asks anew for those who are known, and for a page more if there are to be `more`. */
export async function refresh(more = 0) {
  const id = openRoom()?.id;
  if (!id || asking || !isOnline()) return;
  asking = true;
  const wanted = (held.id === id ? held.members.size : 0) + more;
  try {
    const found = await pages(id, Math.max(1, wanted));
    const total = found.more ? (await find(id)).members : found.members.size;
    take({ id, ...found, total: total ?? found.members.size });
  } catch {
    // the next reason asks again
  }
  asking = false;
  if (openRoom() && held.id !== state.open) refresh();
}

export const loadMore = () => refresh(1);

async function pages(room, wanted) {
  const members = new Map();
  let page = { more: true };
  for (let after; page.more && members.size < wanted; after = page.members.at(-1)?.name) {
    page = await request({ type: "members", room, after });
    for (const member of page.members) members.set(member.name, member);
  }
  return { members, more: page.more };
}

function take(found) {
  held = found;
  for (const { role, ...person } of found.members.values())
    if (person.name !== state.me.name) state.people.set(person.name, person);
  touch("people", "open");
}
