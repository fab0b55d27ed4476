// Diagnostics: the server renders every part anew, this script keeps them fresh.

import { keepLooking, speaker } from "./parts.js";
import { localise } from "./times.js";

const EACH_MS = 2000;
const live = document.querySelector("[data-live]");
const pause = live.querySelector("[data-pause]");
const say = speaker(live);
let paused = false;

pause.addEventListener("click", () => {
  paused = !paused;
  pause.textContent = paused ? "Go on" : "Pause";
  say(paused ? "paused" : "on");
});

live.hidden = false;
localise(document);
keepLooking(document.querySelector(".diagnostics").dataset.parts, EACH_MS, say, () => paused);
