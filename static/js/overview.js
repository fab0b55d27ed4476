// The overview: the live picture, and what happens as it happens.
// The server renders every row and card; this script only puts them in their place.

import { offerCopies } from "./copy.js";
import { Player } from "./player.js";
import { localWords, localise } from "./times.js";

const overview = document.querySelector(".overview");
const ROWS = 50;

localise(document);

// The picture ------------------------------------------------------------------------------

const stage = document.querySelector(".stage");
new Player(stage.querySelector("[data-player]"), stage);

// Events -----------------------------------------------------------------------------------

const list = overview.querySelector(".events");
const empty = overview.querySelector("[data-empty]");
const link = overview.querySelector("[data-link]");
const linkLive = overview.querySelector("[data-link-live]");
const linkLost = overview.querySelector("[data-link-lost]");
let last = Number(overview.dataset.last);
let wait = 1000;

function showLink(live) {
  link.hidden = false;
  linkLive.hidden = !live;
  linkLost.hidden = live;
}

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  localise(template.content);
  return template.content;
}

function take(message) {
  if (message.rows) {
    if (message.gap) list.replaceChildren(); // more was missed than the list holds
    const rows = parse(message.rows);
    for (const row of rows.querySelectorAll("li")) row.classList.add("fresh");
    list.prepend(rows);
    while (list.children.length > ROWS) list.lastElementChild.remove();
    empty.hidden = true;
  }
  for (const [name, html] of Object.entries(message.parts || {})) {
    document.getElementById(name)?.replaceChildren(parse(html));
  }
  if (message.last) last = message.last;
}

function connect() {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const query = new URLSearchParams({ after: last, source: overview.dataset.source });
  const socket = new WebSocket(`${scheme}//${location.host}/ws/events/?${query}`);
  socket.addEventListener("open", () => {
    wait = 1000;
    showLink(true);
  });
  socket.addEventListener("message", (event) => take(JSON.parse(event.data)));
  socket.addEventListener("close", (event) => {
    showLink(false);
    if (event.code === 4401) {
      location.reload();
      return;
    }
    setTimeout(connect, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, 15000);
  });
}

showLink(false);
connect();

// Clock ------------------------------------------------------------------------------------

const clock = overview.querySelector("[data-clock] time");
const offset_ms = new Date(clock.dateTime).getTime() - Date.now();
const drift_s = Math.round(Math.abs(offset_ms) / 1000);
const drift = overview.querySelector("[data-drift]");
drift.textContent = drift_s < 2
  ? "None from this computer"
  : `${drift_s} s ${offset_ms > 0 ? "ahead of" : "behind"} this computer`;
drift.hidden = false;
overview.querySelector("[data-drift-name]").hidden = false;
setInterval(() => {
  clock.textContent = localWords(new Date(Date.now() + offset_ms));
}, 1000);

offerCopies(document);
