// Putting a text on the clipboard.

import { el } from "../lib/dom.js";

/** Whether it worked. `parent`: where elements can be selected by now, such as an open dialog. */
export async function copy(text, parent) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text, parent); // over plain HTTP there is no clipboard
  }
}

function copySelected(text, parent) {
  const before = document.activeElement;
  const area = el("textarea", { class: "visually-hidden", tabindex: "-1" });
  area.value = text;
  parent.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  before.focus();
  return done;
}
