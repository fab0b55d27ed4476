// The stream step: the live picture, and what an NVR gets, played and measured at once.

import { Player } from "./player.js";

const stage = document.querySelector(".stage");
new Player(stage.querySelector("[data-player]"), stage);

const place = document.querySelector("[data-figures]");
const waiting = place.querySelector("[data-waiting]");

async function measure() {
  waiting.hidden = false;
  place.replaceChildren(waiting);
  try {
    const answer = await fetch(place.dataset.figures, { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.statusText);
    place.innerHTML = await answer.text();
  } catch {
    waiting.textContent = "The device did not answer. Play it again in a moment.";
  }
}

document.querySelector("[data-play]").addEventListener("submit", (event) => {
  event.preventDefault();
  if (waiting) measure();
  else location.assign(location.pathname);
});
if (waiting) measure();
