// localStorage, keyed by account, where there is one; else memory, so that the page works on.

const PREFIX = "p2p:";
const memory = new Map();
let account = "";

/** Everything kept belongs to this account. */
export function keepFor(name) {
  account = name;
}

const full = (kind, key) => `${PREFIX}${account}:${kind}:${key}`;

function local() {
  try {
    return window.localStorage;
  } catch {
    return null; // storage is blocked in this browser
  }
}

/** The value kept under kind and key, or null. */
export function load(kind, key) {
  const text = memory.get(full(kind, key)) ?? local()?.getItem(full(kind, key));
  return parse(text);
}

function parse(text) {
  try {
    return text == null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

export function keep(kind, key, value) {
  const name = full(kind, key);
  const text = JSON.stringify(value);
  try {
    local().setItem(name, text);
    memory.delete(name);
  } catch {
    memory.set(name, text); // full or blocked: kept until the page closes
  }
}

export function drop(kind, key) {
  memory.delete(full(kind, key));
  local()?.removeItem(full(kind, key));
}

/** The keys of one kind that are kept. */
export function keysOf(kind) {
  const start = full(kind, "");
  const names = new Set([...Object.keys(local() ?? {}), ...memory.keys()]);
  return [...names].filter((name) => name.startsWith(start)).map((name) => name.slice(start.length));
}

/** Calls back with (key, value or null) when another tab changed something of this kind. */
export function onOtherTab(kind, callback) {
  const start = full(kind, "");
  window.addEventListener("storage", (event) => {
    if (event.key?.startsWith(start)) callback(event.key.slice(start.length), parse(event.newValue));
  });
}
