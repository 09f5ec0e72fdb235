// Parts of the page that not everybody looks at: fetched when the first does.

import { touch } from "./store.js";

const parts = {};
const promises = {};

/** What NAME/main.js exports; undefined until it has come, and then all is drawn anew. */
export function part(name) {
  if (!promises[name]) whole(name).catch(() => {});
  return parts[name];
}

/** The same, waited for. Rejects where there is no connection to fetch it by. */
export const whole = (name) => (promises[name] ??= get(name));

async function get(name) {
  try {
    parts[name] = await import(`./${name}/main.js`);
    touch("open", "log");
    return parts[name];
  } catch (error) {
    delete promises[name]; // the next drawing asks again
    console.warn(error);
    throw error;
  }
}
