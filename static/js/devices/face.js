// The last reading of a device, large, and how old it is.

import { el, setText } from "../lib/dom.js";
import { exact, freshWords, withUnit } from "./words.js";

const value = el("strong", { class: "face-value" });
const about = el("span", { class: "face-about" });
export const face = el("p", { class: "face" }, value, " ", about);

/** `series` may be null: nothing is known yet. To be called each second, for the age. */
export function drawFace(person, series) {
  const last = series?.last;
  setText(value, last ? withUnit(exact(last.value), series.unit) : "–");
  setText(about, series ? freshWords({ online: person.online, last }) : "");
}
