// Starts the page: who is signed in, then the views, then the connection.

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
import { startLog } from "./view/log.js";
import { startStatus } from "./view/status.js";

const { name, title } = byId("app").dataset;
state.me = { name, title };
keepFor(name);

openOutbox();
startStatus();
startHead();
startHeader(focusBox);
startList(focusBox);
startLog();
startComposer();
startRouting();
connect();
watchNetwork();
focusBox();
