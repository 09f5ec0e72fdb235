// A group of controls that is one Tab stop: arrows move inside it.

/** Arrow keys, Home and End move among `items()`; `keys` are [back, forward]. */
export function rove(container, items, keys) {
  container.addEventListener("keydown", (event) => {
    const to = target(items(), event, keys);
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
  container.addEventListener("focusin", ({ target }) =>
    settle(items(), items().find((item) => item.contains(target))),
  );
}

function target(all, event, [back, forward]) {
  const at = all.findIndex((item) => item.contains(event.target));
  if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return null;
  const to = { [back]: at - 1, [forward]: at + 1, Home: 0, End: all.length - 1 }[event.key];
  return to === undefined ? null : all[to];
}

/** Makes `active` the one that Tab reaches. */
export function settle(all, active = all.find((item) => item.tabIndex === 0) ?? all[0]) {
  for (const item of all) {
    const index = item === active ? 0 : -1;
    if (item.tabIndex !== index) item.tabIndex = index;
  }
}
