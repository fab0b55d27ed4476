// The live page: the picture, its toolbar and keys.

import { Player, WAYS } from "./player.js";

const stage = document.querySelector(".stage");
const player = new Player(stage.querySelector("[data-player]"), stage);

// Quality ----------------------------------------------------------------------------------

const choices = document.querySelectorAll("[data-choose]");
for (const choice of choices) {
  choice.addEventListener("click", (event) => {
    event.preventDefault();
    for (const each of choices) each.removeAttribute("aria-current");
    choice.setAttribute("aria-current", "true");
    history.replaceState(null, "", choice.href);
    player.choose(choice.dataset.choose);
  });
}

// Full screen ------------------------------------------------------------------------------

const fullScreen = document.querySelector("[data-full-screen]");
const { video } = player;

async function toggleFullScreen() {
  if (document.fullscreenElement) await document.exitFullscreen();
  else if (stage.requestFullscreen) await stage.requestFullscreen();
  else video.webkitEnterFullscreen?.(); // a phone that knows it for videos only
}

fullScreen.hidden = !(document.fullscreenEnabled || video.webkitSupportsFullscreen);
fullScreen.addEventListener("click", toggleFullScreen);
document.addEventListener("fullscreenchange", () => {
  const words = document.fullscreenElement ? "Leave full screen" : "Full screen";
  fullScreen.querySelector("[data-words]").textContent = words;
});

// Stats ------------------------------------------------------------------------------------

const figures = document.getElementById("figures");
const figuresButton = document.querySelector("[data-figures]");
let counting = 0;
let before = null;

function showFigures() {
  const now = {
    at: performance.now(),
    bytes: player.bytes,
    painted: player.buffer?.painted ?? 0,
  };
  const passed_s = before ? (now.at - before.at) / 1000 : 0;
  const { stream, delay_ms } = player;
  const quality = video.getVideoPlaybackQuality?.();
  const isStream = player.way === "stream";
  const told = {
    way: WAYS[player.way],
    stream: player.profile,
    codec: isStream && stream ? stream.codec : "JPEG",
    size: isStream
      ? `${video.videoWidth} × ${video.videoHeight}`
      : `${player.still.naturalWidth} × ${player.still.naturalHeight}`,
    fps: passed_s && isStream ? `${((now.painted - before.painted) / passed_s).toFixed(1)} a second` : "–",
    kbps: passed_s ? `${Math.round(((now.bytes - before.bytes) * 8) / passed_s / 1000)} kbit/s` : "–",
    delay: Number.isFinite(delay_ms) ? `${Math.round(delay_ms)} ms` : "–",
    dropped: isStream && quality ? `${quality.droppedVideoFrames} pictures` : "–",
  };
  for (const place of figures.querySelectorAll("[data-figure]")) {
    place.textContent = told[place.dataset.figure] || "–";
  }
  before = now;
}

figuresButton.hidden = false;
figuresButton.addEventListener("click", () => {
  figures.hidden = !figures.hidden;
  figuresButton.setAttribute("aria-expanded", String(!figures.hidden));
  clearInterval(counting);
  if (figures.hidden) return;
  before = null;
  showFigures();
  counting = setInterval(showFigures, 1000);
});

// Keys -------------------------------------------------------------------------------------

const snapshot = document.querySelector("[data-snapshot]");
const keys = document.getElementById("keys");
const keysButton = document.querySelector("[data-keys]");
const useKeys = document.getElementById("single-keys");
const KEYS = {
  f: toggleFullScreen,
  s: () => snapshot?.click(),
  "?": () => (keys.open ? keys.close() : keys.showModal()),
};

function preset(key) {
  const found = /^[1-9]$/.test(key) && document.querySelectorAll(".ptz-preset button")[key - 1];
  return found ? () => found.click() : undefined;
}

snapshot?.addEventListener("click", () => {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60000);
  const name = snapshot.download.replace(/(-\d{8}-\d{6})?\.jpg$/, "");
  const moment = local.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  snapshot.download = `${name}-${moment}.jpg`;
});

keysButton.hidden = false;
keysButton.addEventListener("click", () => keys.showModal());
useKeys.checked = localStorage.getItem("single-keys") !== "off";
useKeys.addEventListener("change", () => {
  localStorage.setItem("single-keys", useKeys.checked ? "on" : "off");
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !useKeys.checked) return;
  if (event.target.matches("input:not([type=checkbox]), select, textarea")) return;
  const act = KEYS[event.key.toLowerCase()] ?? preset(event.key);
  if (!act || (keys.open && event.key !== "?")) return;
  event.preventDefault();
  act();
});
