// Making a room.

import { el } from "../lib/dom.js";
import { open } from "../router.js";
import { focusBox } from "../view/composer.js";
import { change } from "./asking.js";
import { field, formOf, showDialog } from "./dialog.js";

const NAME = { maxlength: "32", autocomplete: "off", autocapitalize: "none", spellcheck: "false" };

/** Asks for a room's name, title and kind, makes it and opens it. */
export function make(typed = "") {
  const name = el("input", { ...NAME, required: true, value: typed });
  const title = el("input", { maxlength: "80", autocomplete: "off" });
  const hidden = el("input", { type: "radio", name: "kind", value: "private" });
  const fields = [
    field("Name", name, "How one writes it: #team. Small letters, digits, “_”, “.” and “-”."),
    field("Title", title, "What is shown; the name, if this is left empty."),
    kinds(hidden),
  ];
  const send = () => {
    const room = name.value.trim().replace(/^#/, "").toLowerCase();
    return change({ type: "create", room, title: title.value.trim(), private: hidden.checked });
  };
  const dialog = showDialog("Make a room", formOf(fields, "Make the room", send, made));
  name.focus();

  function made({ conversation }) {
    for (const each of document.querySelectorAll("dialog.sheet")) each.close();
    dialog.close();
    open(conversation.id);
    focusBox();
  }
}

function kinds(hidden) {
  const shown = el("input", { type: "radio", name: "kind", value: "public", checked: true });
  return el(
    "fieldset",
    { class: "field" },
    el("legend", {}, "Who can come in"),
    kind(shown, "Public", "everybody finds it, joins, and reads from its beginning"),
    kind(hidden, "Private", "who is invited, and reads from then on"),
  );
}

const kind = (input, name, words) =>
  el("label", { class: "kind" }, input, el("span", {}, el("strong", {}, name), `: ${words}`));
