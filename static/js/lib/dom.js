// Building and updating elements. Text goes in as text nodes only: nothing here parses HTML.

const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

/** An element with attributes, listeners and children. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

/** One of the symbols that the page's template carries, e.g. icon("clock"). */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** Text for screen readers alone. */
export const spoken = (text) => el("span", { class: "visually-hidden" }, text);

/** Sets text only where it differs, which keeps the selection. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const known = new WeakMap();

/**
 * Makes the children of `parent` those of `rows`, in their order. A row's `key` says which
 * element is its own: it is built once, updated as long as it stays, and moved only on need.
 */
export function reconcile(parent, rows, build, update) {
  const nodes = known.get(parent) ?? new Map();
  known.set(parent, nodes);
  dropStale(nodes, new Set(rows.map((row) => row.key)));
  let next = parent.firstElementChild;
  for (const row of rows) {
    let node = nodes.get(row.key);
    if (!node) nodes.set(row.key, (node = build(row)));
    update(node, row);
    if (node === next) next = next.nextElementSibling;
    else parent.insertBefore(node, next);
  }
}

function dropStale(nodes, keys) {
  for (const [key, node] of nodes) {
    if (keys.has(key)) continue;
    node.remove();
    nodes.delete(key);
  }
}
