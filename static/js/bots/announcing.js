// What a screen reader says of answers: that one begins, and all of it at its end. The log itself
// is silent meanwhile, for nobody wants to hear each word twice.

import { el } from "../lib/dom.js";

const FORGOTTEN = 10_000; // ms: what was said is not to be found a second time on the page
const region = el("div", { class: "visually-hidden", role: "status", id: "answers-said" });
let timer = 0;

document.querySelector(".pane").append(region);

export function announce(text) {
  region.textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => region.replaceChildren(), FORGOTTEN);
}
