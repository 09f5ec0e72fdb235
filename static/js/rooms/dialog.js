// A dialog with a heading and a button that closes it; and one that is a form.

import { el } from "../lib/dom.js";
import { whyNot } from "./asking.js";

let count = 0;

/** A modal dialog, open; it is gone when it closes, and the focus is where it was. */
export function showDialog(title, ...children) {
  const id = `dialog-title-${++count}`;
  const close = el("button", { class: "small", type: "button", onclick: () => dialog.close() }, "Close");
  const head = el("header", { class: "sheet-head" }, el("h2", { id }, title), close);
  const dialog = el("dialog", { class: "sheet", "aria-labelledby": id }, head, ...children);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** A form, whose `send()` may reject with why not; `sent(answer)` is called after it. */
export function formOf(fields, action, send, sent) {
  const trouble = el("p", { class: "trouble", role: "alert" });
  const button = el("button", { class: "button" }, action);
  return el("form", { class: "sheet-form", onsubmit }, ...fields, trouble, button);

  async function onsubmit(event) {
    event.preventDefault();
    if (button.ariaDisabled) return;
    button.ariaDisabled = "true";
    trouble.textContent = "";
    try {
      sent(await send());
    } catch (error) {
      trouble.textContent = whyNot(error);
    }
    button.ariaDisabled = null;
  }
}

/** A field with its label before it, and words that explain it below. */
export function field(label, input, help = "") {
  const id = (input.id ||= `field-${++count}`);
  const about = help ? el("span", { class: "help", id: `${id}-help` }, help) : null;
  if (about) input.setAttribute("aria-describedby", about.id);
  return el("div", { class: "field" }, el("label", { for: id }, label), input, about);
}
