// The list of events: the server renders every row, this script puts new ones on top.
// Who reads further down, stands on a row or paused is told how many are new, and moves nothing.

import { localise } from "./times.js";

const KEPT = 500; // rows; older ones are a page away
const log = document.querySelector("[data-log]");
const table = log.querySelector("[data-table]");
const rows = log.querySelector("[data-rows]");
const news = log.querySelector("[data-news]");
const said = log.querySelector("[data-said]");
const live = document.querySelector("[data-live]");
let last = Number(log.dataset.last);
let held = []; // the html of rows that wait to be shown, newest first
let heldCount = 0;
let isGap = false;
let isPaused = false;
let isOpen = false;
let wait = 1000;

localise(document);

// The form's days and times are those of the reader.
document.querySelector("[data-zone]").value = Intl.DateTimeFormat().resolvedOptions().timeZone;
document.querySelector("[data-filters]").addEventListener("submit", (event) => {
  for (const field of event.target.elements) {
    if (field.name && !field.value) field.disabled = true; // a short address
  }
});
window.addEventListener("pageshow", () => {
  for (const field of document.querySelector("[data-filters]").elements) field.disabled = false;
});

// Showing --------------------------------------------------------------------------------

function mayShow() {
  return !isPaused && window.scrollY < 200 && !rows.contains(document.activeElement);
}

function take(message) {
  last = message.last;
  if (!message.count) return;
  held.unshift(message.rows);
  heldCount += message.count;
  isGap ||= message.gap;
  if (heldCount > KEPT) {
    isGap = true;
    held = [message.rows];
  }
  if (mayShow()) show();
  else tellNews();
}

function tellNews() {
  news.hidden = heldCount === 0;
  news.querySelector("[data-count]").textContent = isGap ? `${heldCount} or more` : heldCount;
}

function show() {
  if (isGap) {
    location.reload(); // more was missed than a message holds: the server has the whole list
    return;
  }
  const template = document.createElement("template");
  template.innerHTML = held.join("");
  for (const row of template.content.querySelectorAll("tr")) row.classList.add("fresh");
  localise(template.content);
  rows.prepend(template.content);
  while (rows.children.length > KEPT) rows.lastElementChild.remove();
  said.textContent = heldCount === 1 ? "1 new event" : `${heldCount} new events`;
  held = [];
  heldCount = 0;
  table.hidden = false;
  log.querySelector("[data-empty]")?.remove();
  tellNews();
}

// The socket -----------------------------------------------------------------------------

function say() {
  const state = isPaused ? "paused" : isOpen ? "on" : "lost";
  for (const words of live.querySelectorAll("[data-live-state]")) {
    words.hidden = words.dataset.liveState !== state;
  }
}

function connect() {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const query = new URLSearchParams(log.dataset.query);
  query.set("after", last);
  const socket = new WebSocket(`${scheme}//${location.host}/ws/events/log/?${query}`);
  socket.addEventListener("open", () => {
    wait = 1000;
    isOpen = true;
    say();
  });
  socket.addEventListener("message", (event) => take(JSON.parse(event.data)));
  socket.addEventListener("close", (event) => {
    isOpen = false;
    say();
    if (event.code === 4401) {
      location.reload();
      return;
    }
    setTimeout(connect, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, 15000);
  });
}

if (live) {
  const pause = live.querySelector("[data-pause]");
  live.hidden = false;
  pause.addEventListener("click", () => {
    isPaused = !isPaused;
    pause.textContent = isPaused ? "Go on" : "Pause";
    if (!isPaused && heldCount) show();
    say();
  });
  news.querySelector("[data-show]").addEventListener("click", () => {
    show();
    window.scrollTo({ top: 0 });
    pause.focus({ preventScroll: true });
  });
  say();
  connect();
}
