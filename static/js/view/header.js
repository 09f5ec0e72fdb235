// The header: one Tab stop, arrows move in it.

import { part, whole } from "../later.js";
import { byId, el, reconcile, setText } from "../lib/dom.js";
import { rove, settle } from "../lib/roving.js";
import { open, openName, STORED } from "../router.js";
import { complain, on, state } from "../store.js";

const MOST = 30; // names shown; the others are found through “To”
const bar = byId("tools");
const asks = document.querySelectorAll(".ask"); // the ways to a bot
const people = byId("online");
const count = byId("online-count");

/** `onOpen` is called when somebody was chosen. */
export function startHeader(onOpen) {
  on(["people", "link"], draw);
  const controls = () => [...bar.querySelectorAll("button, a")].filter((each) => each.offsetParent);
  rove(bar, controls, ["ArrowLeft", "ArrowRight"]);
  settle(controls());
  byId("check-stored").addEventListener("click", checkStored);
  bar.querySelector(".rooms").addEventListener("click", browse);
  for (const node of document.querySelectorAll(".find")) node.addEventListener("click", search);
  document.addEventListener("keydown", pressed);
  for (const node of [people, ...asks]) node.addEventListener("click", choose);

  function choose({ target }) {
    const name = target.closest("button")?.dataset.name;
    if (!name) return;
    openName(name);
    onOpen();
  }

  function draw() {
    const active = document.activeElement;
    const at = controls().indexOf(active);
    const here = [...state.people.values()].filter(isHere).sort(byTitle);
    reconcile(people, here.slice(0, MOST).map(rowOf), build, (node, row) => setText(node.querySelector("bdi"), row.title));
    setText(count, countWords(here.length));
    for (const node of asks) offer(node, firstBot());
    settle(controls());
    // who leaves does not take the focus along: the next one has it
    if (at >= 0 && document.activeElement !== active) (active.isConnected ? active : controls()[at])?.focus();
  }
}

const isHere = ({ name, online }) => online && name !== state.me.name;
const byTitle = (one, other) => one.title.localeCompare(other.title);
const rowOf = ({ name, title }) => ({ key: name, name, title });

function countWords(number) {
  if (state.link.phase === "connecting") return "";
  return number === 0 ? "Nobody else is online" : `${number} online`;
}

/** Everybody's own, else the first of those that were added. */
function firstBot() {
  const bots = [...state.people.values()].filter(({ kind }) => kind === "bot").sort(byTitle);
  return bots.find(({ name }) => name === "openai") ?? bots[0];
}

function offer(node, bot) {
  node.hidden = !bot;
  if (!bot) return;
  node.dataset.name = bot.name;
  setText(node, `Chat with ${bot.title}`);
}

function build({ name }) {
  const dot = el("span", { class: "dot online" });
  return el("li", {}, el("button", { class: "tool", "data-name": name, title: `Write to ${name}` }, dot, el("bdi")));
}

/** Ctrl+K, or “/” where nothing is being typed. */
function pressed(event) {
  const typing = event.target.matches("input, textarea, select");
  const control = event.ctrlKey || event.metaKey;
  if (event.altKey || !(control ? event.key === "k" : event.key === "/" && !typing)) return;
  event.preventDefault();
  search();
}

function search() {
  whole("search").then(({ show }) => show(), () => complain("Searching needs a connection."));
}

function browse() {
  whole("rooms").then((its) => its.browse(), () => complain("Looking for rooms needs a connection."));
}

function checkStored() {
  if (state.open === STORED) part(STORED)?.load();
  else open(STORED);
}
