// What a message shows that the server refused: why, and what can be done about it.

import { el, icon } from "../lib/dom.js";
import { discard, retry } from "../outbox.js";

export function failure({ error, key }) {
  const action = (words, act) => {
    const onclick = ({ target }) => {
      target.closest("#log").focus(); // the button will be gone
      act(key);
    };
    return el("button", { class: "small", tabindex: "-1", onclick }, words);
  };
  const why = el("span", { class: "why" }, icon("failed"), el("strong", {}, "Not sent"), ` ${error}`);
  return [why, action("Retry", retry), action("Delete", discard)];
}
