// Whether there is a room, for this person; what it is to who is not in it.

import { request } from "../socket.js";
import { state } from "../store.js";

const KEPT = 30_000; // ms for which an answer is good
const MOST = 200; // rooms with a name that contains the one looked for
/** id → {at, room: promise} */
const known = new Map();
let turn = Promise.resolve();

/** The room of this id: {id, title, private, closed, members, joined}; null where there is none that
    one may see. Rejects without a connection. */
export function find(id) {
  const { title, room } = state.conversations.get(id) ?? {};
  if (room) return Promise.resolve({ id, title, ...room, joined: true });
  const { at, found } = known.get(id) ?? {};
  if (Date.now() - at < KEPT) return found;
  const asked = (turn = turn.then(() => ask(id), () => ask(id))); // one after the other
  known.set(id, { at: Date.now(), found: asked });
  asked.catch(() => known.delete(id));
  return asked;
}

/** The next question is asked anew. */
export const forget = (id) => known.delete(id);

async function ask(id) {
  const query = id.replace("room:", "");
  const { rooms } = await request({ type: "rooms", query, limit: MOST });
  return rooms.find((room) => room.id === id) ?? null;
}
