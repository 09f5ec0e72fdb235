// Elements of SVG.

const SVG = "http://www.w3.org/2000/svg";

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const near = (number) => Math.round(number * 10) / 10;

/** A path's data through these points [x, y]. */
export const through = (points) =>
  points.map(([x, y], at) => `${at ? "L" : "M"}${near(x)} ${near(y)}`).join("");
