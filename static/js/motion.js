// The motion page: the live picture, whether motion is seen now, and a slider for sensitivity.

import { Player } from "./player.js";

const test = document.querySelector("[data-test]");
const stage = test.querySelector(".stage");
new Player(stage.querySelector("[data-player]"), stage);

// Seen right now ---------------------------------------------------------------------------

const place = document.getElementById("motion");
const link = test.querySelector("[data-link]");
let last = Number(test.dataset.last);
let wait = 1000;

function localise(root) {
  for (const time of root.querySelectorAll("time")) {
    time.textContent = new Date(time.dateTime).toLocaleTimeString([], { hour12: false });
  }
}

function showLink(live) {
  link.hidden = !place; // switched off: nothing is awaited
  link.querySelector("[data-link-live]").hidden = !live;
  link.querySelector("[data-link-lost]").hidden = live;
}

function connect() {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const query = new URLSearchParams({ after: last, source: test.dataset.source });
  const socket = new WebSocket(`${scheme}//${location.host}/ws/events/?${query}`);
  socket.addEventListener("open", () => {
    wait = 1000;
    showLink(true);
  });
  socket.addEventListener("message", (event) => {
    const message = JSON.parse(event.data);
    if (message.last) last = message.last;
    if (!message.parts?.motion) return;
    const template = document.createElement("template");
    template.innerHTML = message.parts.motion;
    localise(template.content);
    place.replaceChildren(template.content);
  });
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
if (place) {
  localise(place);
  connect();
}

// Sensitivity ------------------------------------------------------------------------------

const number = document.getElementById("id_sensitivity");
const words = number.dataset.words.split("|");
const slider = document.createElement("input");
slider.type = "range";
slider.className = "slider";
slider.min = 0;
slider.max = 100;
slider.value = number.value;
slider.setAttribute("aria-label", "Sensitivity, as a slider");
const meaning = document.createElement("p");
meaning.className = "help";
number.before(slider);
number.after(meaning);

function tell() {
  const text = words[number.valueAsNumber] || "";
  meaning.textContent = text;
  slider.setAttribute("aria-valuetext", `${number.value}, ${text}`);
}

slider.addEventListener("input", () => {
  number.value = slider.value;
  tell();
});
number.addEventListener("input", () => {
  slider.value = number.value;
  tell();
});
tell();
