// Suggestions for what is being typed: the field keeps the focus and becomes a combobox while they
// are shown; arrows choose, Enter or Tab take, Escape closes.

import { el } from "../lib/dom.js";
import { drawDot } from "../view/list.js";

const MOST = 8; // shown at once
const DESCRIBED = ["role", "aria-expanded", "aria-controls", "aria-autocomplete", "aria-activedescendant"];
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
export class Suggestions {
  #people = [];
  #active = 0;

  constructor(field, { label, find, take, typed }) {
    Object.assign(this, { field, find, take, typed, id: `suggestions-${++count}` });
    const role = { role: "listbox", "aria-label": label };
    this.list = el("ul", { class: "suggestions", id: this.id, ...role, hidden: true });
    field.after(this.list);
    this.#listen();
  }

  /** Looks what fits by now. */
  look() {
    this.#people = this.find();
    this.#active = 0;
    this.#draw();
  }

  hide() {
    this.#people = [];
    this.#draw();
  }

  #listen() {
    const { field, list } = this;
    for (const type of ["input", "click"]) field.addEventListener(type, () => this.look());
    field.addEventListener("blur", () => this.hide());
    // before the field itself hears of them
    field.parentElement.addEventListener("keydown", (event) => this.#pressed(event), { capture: true });
    for (const type of ["pointerdown", "mousedown"])
      list.addEventListener(type, (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("click", ({ target }) => this.#choose(target.closest("li")?.dataset.index));
  }

  #draw() {
    const { list, id } = this;
    list.hidden = this.#people.length === 0;
    list.replaceChildren(...this.#people.map((person, index) => this.#option(person, index)));
    list.children[this.#active]?.scrollIntoView({ block: "nearest" });
    this.#describe(list.hidden ? null : ["combobox", "true", id, "list", `${id}-${this.#active}`]);
  }

  #describe(values) {
    for (const [at, name] of DESCRIBED.entries())
      if (values) this.field.setAttribute(name, values[at]);
      else this.field.removeAttribute(name);
  }

  #option(person, index) {
    const { name, title } = person;
    const dot = el("span", { class: "dot" });
    drawDot(dot, person);
    const chosen = { "aria-selected": String(index === this.#active), "data-index": index };
    const handle = title === name ? null : el("span", { class: "handle" }, ` ${name}`);
    return el("li", { id: `${this.id}-${index}`, role: "option", ...chosen }, dot, el("bdi", {}, title), handle);
  }

  #pressed(event) {
    const { key, shiftKey, ctrlKey, altKey, metaKey, isComposing, keyCode } = event;
    if (event.target !== this.field || !this.#people.length || isComposing || keyCode === 229) return;
    if (shiftKey || ctrlKey || altKey || metaKey || !this.#act(key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Whether the key was for the list. */
  #act(key) {
    const isTyped = this.#people[this.#active].name === this.typed();
    if (key === "Escape" || (key === "Enter" && isTyped)) this.hide();
    else if (key === "Enter" || key === "Tab") this.#choose(this.#active);
    else if (key === "ArrowDown" || key === "ArrowUp") this.#move(key === "ArrowDown" ? 1 : -1);
    else return false;
    return key !== "Enter" || !isTyped;
  }

  #move(step) {
    this.#active = (this.#active + step + this.#people.length) % this.#people.length;
    this.#draw();
  }

  #choose(index) {
    const person = this.#people[index];
    this.hide();
    if (person) this.take(person);
  }
}
