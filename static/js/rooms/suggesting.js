// Suggestions for what is being typed: the field keeps the focus and becomes a combobox while they
// are shown; arrows choose, Enter or Tab take, Escape closes.

import { el, spoken } from "../lib/dom.js";
import { drawDot } from "../view/list.js";

const MOST = 8; // shown at once
let count = 0;

/** Of these people those whose name or a word of whose title begins so; by name first. */
export function fitting(text, people) {
  const rank = ({ name, title }) => {
    if (name.startsWith(text)) return 0;
    return title.toLowerCase().split(/\s+/).some((word) => word.startsWith(text)) ? 1 : 2;
  };
  const found = people.filter((each) => rank(each) < 2);
  found.sort((one, other) => rank(one) - rank(other) || one.title.localeCompare(other.title));
  return found.slice(0, MOST);
}

/**
 * Shows suggestions for `field`. `find()` gives people for what stands in it by now (none: []), and
 * `take(person)` puts one in. `typed()` is the name as it is typed: where that is the one chosen,
 * Enter is the field's own.
 */
export function suggest(field, { label, find, take, typed = () => null }) {
  const id = `suggestions-${++count}`;
  const list = el("ul", { class: "suggestions", id, role: "listbox", "aria-label": label, hidden: true });
  let people = [];
  let active = 0;
  field.after(list);
  field.addEventListener("input", look);
  field.addEventListener("click", look);
  field.addEventListener("blur", hide);
  field.parentElement.addEventListener("keydown", pressed, { capture: true });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", ({ target }) => choose(target.closest("li")?.dataset.index));
  return { look, hide };

  function look() {
    people = find();
    active = 0;
    draw();
  }

  function hide() {
    people = [];
    draw();
  }

  function draw() {
    list.hidden = people.length === 0;
    list.replaceChildren(...people.map((person, index) => option(person, index)));
    list.children[active]?.scrollIntoView({ block: "nearest" });
    if (list.hidden) describe(null);
    else describe({ role: "combobox", "aria-expanded": "true", "aria-controls": id,
      "aria-autocomplete": "list", "aria-activedescendant": `${id}-${active}` });
  }

  function describe(attributes) {
    for (const name of ["role", "aria-expanded", "aria-controls", "aria-autocomplete", "aria-activedescendant"])
      if (attributes) field.setAttribute(name, attributes[name]);
      else field.removeAttribute(name);
  }

  function option(person, index) {
    const dot = el("span", { class: "dot" });
    drawDot(dot, person);
    const name = el("span", { class: "handle" }, ` ${person.name}`);
    const chosen = String(index === active);
    return el("li", { id: `${id}-${index}`, role: "option", "aria-selected": chosen, "data-index": index },
      dot, el("bdi", {}, person.title), person.title === person.name ? spoken("") : name);
  }

  function pressed(event) {
    if (event.target !== field || !people.length || event.isComposing || event.keyCode === 229) return;
    if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey || !act(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Whether the key was for the list. */
  function act(key) {
    if (key === "Enter" && people[active].name === typed()) return hide() ?? false;
    if (key === "Enter" || key === "Tab") choose(active);
    else if (key === "Escape") hide();
    else if (key === "ArrowDown" || key === "ArrowUp") move(key === "ArrowDown" ? 1 : -1);
    else return false;
    return true;
  }

  function move(step) {
    active = (active + step + people.length) % people.length;
    draw();
  }

  function choose(index) {
    const person = people[index];
    hide();
    if (person) take(person);
  }
}
