// What the server tells of bots to this person: who answers as what, and what was used.

import { get } from "../cards/api.js";
import { touch } from "../store.js";

/** name → {name, title, connected, personas, personality, usage}, of the API; or null */
const known = new Map();
const asked = new Map(); // name → which answer is waited for

/** What is known of a bot: undefined until the server has told, null where it is switched off. */
export const about = (name) => known.get(name);

/** Asks anew; what fails leaves what was known, unless the answer is that there is none. */
export async function refresh(name) {
  const mine = {};
  asked.set(name, mine);
  const found = await get(`/api/v1/bots/${name}`).catch(missing);
  if (asked.get(name) !== mine || found === undefined) return;
  known.set(name, found);
  touch("people", "log");
}

const missing = ({ status }) => (status === 404 ? null : undefined);

/** Takes over at once what a message says; the server's answer follows. */
export function heard({ sender, data }) {
  const its = known.get(sender);
  if (its && data?.command === "personality" && data.persona) its.personality = data.persona;
}

/** What a personality is called: its title where that is known, else its name as a title. */
export const personaTitle = (bot, persona) =>
  known.get(bot)?.personas.find(({ name }) => name === persona)?.title ?? capitalised(persona);

const capitalised = (word) => word && word[0].toUpperCase() + word.slice(1);
