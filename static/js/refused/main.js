// What a message shows that the server refused: why, and what can be done about it.

import { el, icon } from "../lib/dom.js";
import { newId } from "../lib/names.js";
import { allEntries, discard, pump, save } from "../outbox.js";

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

/** Sends it again; under a new id where the old one was the trouble. */
function retry(id) {
  const entry = allEntries().find((each) => each.id === id);
  if (!entry) return;
  const { code } = entry.error ?? {};
  if (code === "conflict") discard(id);
  save({ ...entry, id: code === "conflict" ? newId() : id, error: null });
  pump();
}
