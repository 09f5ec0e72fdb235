// Starts the page: who is signed in, then the views, then the connection.

import { part } from "./later.js";
import { byId } from "./lib/dom.js";
import { keepFor } from "./lib/storage.js";
import { openOutbox } from "./outbox.js";
import { startRouting } from "./router.js";
import { connect, watchNetwork } from "./socket.js";
import { state } from "./store.js";
import { focusBox, startComposer } from "./view/composer.js";
import { startHead } from "./view/head.js";
import { startHeader } from "./view/header.js";
import { startList } from "./view/list.js";
import { startStatus } from "./view/status.js";

const SOON = 2_000; // ms until the log is fetched though nothing is open: the line may be lost later
const { name, title } = byId("app").dataset;
state.me = { name, title };
keepFor(name);

openOutbox();
startStatus();
startHead();
startHeader(focusBox);
startList(focusBox);
startComposer();
startRouting();
connect();
watchNetwork();
focusBox();
setTimeout(part, SOON, "log");
