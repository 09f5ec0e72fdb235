// Bringing somebody into a room.

import { nameOf } from "../conversations.js";
import { el, setText } from "../lib/dom.js";
import { normalise } from "../lib/names.js";
import { state, titleOf } from "../store.js";
import { change } from "./asking.js";
import { field, formOf, showDialog } from "./dialog.js";
import { fitting, Suggestions } from "./suggesting.js";
import { known, openRoom, refresh } from "./members.js";

const NAME = { required: true, maxlength: "64", autocomplete: "off", autocapitalize: "none", spellcheck: "false" };

const onclick = () => invite(openRoom());
export const inviteButton = el("button", { class: "button quiet", onclick }, "Invite somebody");

/** Asks whom, as often as one likes. */
export function invite(conversation) {
  const input = el("input", NAME);
  const said = el("p", { class: "invited", role: "status" });
  const send = () => change({ type: "invite", room: conversation.id, user: normalise(input.value) });
  const form = formOf([field("Name", input, "A person, a bot or a device."), said], "Invite", send, invited);
  showDialog(`Invite to ${nameOf(conversation)}`, form);
  const find = () => outsiders(input.value);
  const take = ({ name }) => (input.value = name);
  new Suggestions(input, { label: "People", find, take, typed: () => normalise(input.value) });
  input.focus();

  function invited() {
    setText(said, `${titleOf(normalise(input.value))} is in it now.`);
    input.value = "";
    input.focus();
    refresh();
  }
}

/** Those known who fit what was typed and are not in it. */
function outsiders(text) {
  const { members } = known();
  const others = [...state.people.values()].filter(({ name }) => !members.has(name));
  return fitting(normalise(text), others);
}
