// What the server tells of bots to this person: who answers as what, and what was used.

import { get } from "../cards/api.js";
import { touch } from "../store.js";

/** name → {name, title, connected, personas, personality, usage}, as `GET /api/v1/bots/NAME` */
const known = new Map();
const asked = new Map(); // name → which answer is waited for

/** What is known of a bot, or undefined. */
export const about = (name) => known.get(name);

/** Asks anew; what fails leaves what was known. */
export async function refresh(name) {
  const mine = {};
  asked.set(name, mine);
  const found = await get(`/api/v1/bots/${name}`).catch(() => null);
  if (asked.get(name) !== mine || !found) return;
  known.set(name, found);
  touch("people", "log");
}

/** Takes over at once what a message says; the server's answer follows. */
export function heard({ sender, data }) {
  const its = known.get(sender);
  if (its && data?.command === "personality" && data.persona) its.personality = data.persona;
}

/** What a personality is called: its title where that is known. */
export const personaTitle = (bot, persona) =>
  known.get(bot)?.personas.find(({ name }) => name === persona)?.title ?? persona;
