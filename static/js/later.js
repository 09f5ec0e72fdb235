// Parts of the page that not everybody looks at: fetched when the first does.

import { touch } from "./store.js";

const parts = {};

/** What NAME/main.js exports; null until it has come, and then all is drawn anew. */
export function part(name) {
  if (!(name in parts)) get(name);
  return parts[name];
}

async function get(name) {
  parts[name] = null;
  try {
    parts[name] = await import(`./${name}/main.js`);
    touch("open", "log");
  } catch (error) {
    delete parts[name]; // without a connection: the next drawing asks again
    console.warn(error);
  }
}
