// A question before what cannot be taken back.

import { el } from "../lib/dom.js";

/** Asks `question`; resolves with true if `action` was chosen, and false on Cancel or Escape. */
export function confirmed(question, action) {
  const yes = el("button", { class: "button", value: "yes" }, action);
  const no = el("button", { class: "button quiet", value: "no", autofocus: true }, "Cancel");
  const form = el("form", { method: "dialog" }, el("p", { id: "question" }, question), yes, no);
  const dialog = el("dialog", { class: "confirm", "aria-labelledby": "question" }, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
