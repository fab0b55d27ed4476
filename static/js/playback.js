// The playback page: strips, player and table say the same moment, and the address names it.

import { DayStrip, timeWords } from "./day_strip.js";
import { RecordedVideo } from "./recorded_video.js";

const ZOOMS_S = [90000, 43200, 21600, 10800, 3600, 1200, 300, 60];
const STEP_MS = 5000;
const WORDS = { motion: "motion", alarm: "alarm", input: "digital input" };

const page = document.querySelector(".playback");
const find = (name) => page.querySelector(`[data-${name}]`);
const slider = find("slider");
const words = find("words");
const strip = new DayStrip(find("strip"), find("strip-day"));
const player = new RecordedVideo(find("video"), { moved: (ms) => show(ms), told: say });
let data = null;
let at = 0;
let zoom = 0;
let from = 0;
let drawing = 0;
let addressed = 0;

function say(text) {
  words.textContent = text;
  words.hidden = !text;
}

function span() {
  return Math.min(ZOOMS_S[zoom] * 1000, data.end - data.start);
}

// The closest view that still shows all that was recorded.
function fitting(length) {
  const index = ZOOMS_S.findLastIndex((each) => each * 1000 >= length * 1.3);
  return Math.min(Math.max(index, 0), 5);
}

function show(ms) {
  at = Math.min(Math.max(ms, data.start), data.end);
  const length = span();
  if (at < from || at > from + length) from = at - length / 2;
  from = Math.min(Math.max(from, data.start), data.end - length);
  find("clock").textContent = timeWords(at, data.offsets);
  slider.setAttribute("aria-valuenow", String(Math.round((at - data.start) / 1000)));
  slider.setAttribute("aria-valuetext", spoken());
  find("play").textContent = player.playing ? "Pause" : "Play";
  if (!drawing) drawing = requestAnimationFrame(draw);
  clearTimeout(addressed);
  addressed = setTimeout(address, 600);
}

function draw() {
  drawing = 0;
  const began = performance.now();
  strip.draw(from, from + span(), at);
  page.dataset.drawn = String(Math.round(performance.now() - began));
}

function spoken() {
  const now = data.marks.filter(([, start, end]) => start <= at && at < (end ?? Date.now()));
  const what = [...new Set(now.map(([lane, , , name]) => name || WORDS[lane]))];
  const recorded = data.spans.some(([start, end]) => start <= at && at < end);
  return [timeWords(at, data.offsets), recorded ? "recorded" : "not recorded", ...what].join(", ");
}

function address() {
  const query = new URLSearchParams({
    source: page.dataset.source,
    day: page.dataset.day,
    t: String(Math.round(at)),
  });
  history.replaceState(null, "", `?${query}`);
}

function go(ms) {
  show(ms);
  player.seek(at);
}

function event(step) {
  const starts = [...new Set(data.marks.map(([, start]) => start))].sort((a, b) => a - b);
  const found = step > 0
    ? starts.find((start) => start > at + 500)
    : starts.findLast((start) => start < at - 1500);
  if (found !== undefined) go(found);
}

function setZoom(step) {
  zoom = Math.min(Math.max(zoom + step, 0), ZOOMS_S.length - 1);
  from = at - span() / 2;
  show(at);
}

function toggle() {
  if (player.playing) player.pause();
  else {
    player.play();
    player.seek(at);
  }
  show(at);
}

function exportHere() {
  const field = document.querySelector("#export-from");
  if (!field) return;
  const day = page.dataset.day;
  field.value = `${day}T${timeWords(at, data.offsets)}`;
  document.querySelector("#export-to").value =
    `${day}T${timeWords(Math.min(at + 60000, data.end - 1000), data.offsets)}`;
  field.focus();
}

const KEYS = {
  " ": toggle,
  ArrowLeft: (shift) => (shift ? event(-1) : go(at - STEP_MS)),
  ArrowRight: (shift) => (shift ? event(1) : go(at + STEP_MS)),
  ArrowUp: () => setZoom(1),
  ArrowDown: () => setZoom(-1),
  Home: () => go(data.start),
  End: () => go(data.spans.length ? data.spans.at(-1)[1] - STEP_MS : data.end),
  e: exportHere,
};

function pressed(key) {
  const act = KEYS[key.key] ?? KEYS[key.key.toLowerCase()];
  const inField = key.target.closest("input, textarea, select, dialog");
  const onButton = key.key === " " && key.target.closest("button, a");
  if (!act || inField || onButton || key.ctrlKey || key.metaKey || key.altKey) return;
  key.preventDefault();
  act(key.shiftKey);
}

function pointed(canvas, begin, length) {
  return (pointer) => {
    const box = canvas.getBoundingClientRect();
    const share = (pointer.clientX - box.left) / box.width;
    go(begin() + Math.min(Math.max(share, 0), 1) * length());
    slider.focus({ preventScroll: true });
  };
}

async function start() {
  const query = new URLSearchParams({ source: page.dataset.source, day: page.dataset.day });
  const answer = await fetch(`/playback/day.json?${query}`);
  if (!answer.ok) return say("The recordings of this day cannot be read. Load the page again.");
  data = await answer.json();
  strip.load(data);
  player.load(data);
  find("tools").hidden = find("strips").hidden = false;
  slider.setAttribute("aria-valuemax", String(Math.round((data.end - data.start) / 1000)));
  from = data.start;
  const wanted = Number(page.dataset.t);
  const first = data.spans.length ? Math.max(data.spans.at(-1)[1] - 30000, data.spans.at(-1)[0]) : data.start;
  if (wanted) zoom = 4;
  else if (data.spans.length) zoom = fitting(data.spans.at(-1)[1] - data.spans[0][0]);
  show(wanted || first);
  from = at - span() / 2;
  show(at);
  if (data.spans.length) {
    if (wanted) player.play();
    await player.seek(at);
  }
  show(at);
}

find("play").addEventListener("click", toggle);
find("back").addEventListener("click", () => go(at - STEP_MS));
find("forth").addEventListener("click", () => go(at + STEP_MS));
find("last-event").addEventListener("click", () => event(-1));
find("next-event").addEventListener("click", () => event(1));
find("in").addEventListener("click", () => setZoom(1));
find("out").addEventListener("click", () => setZoom(-1));
find("keys").addEventListener("click", () => document.querySelector("#keys").showModal());
find("strip").addEventListener("pointerdown", pointed(find("strip"), () => from, span));
find("strip-day").addEventListener(
  "pointerdown",
  pointed(find("strip-day"), () => data.start, () => data.end - data.start),
);
page.addEventListener("click", (click) => {
  const link = click.target.closest("[data-go]");
  if (!link || !data) return;
  click.preventDefault();
  player.play();
  go(Number(link.dataset.go));
});
document.addEventListener("keydown", (key) => data && pressed(key));
window.addEventListener("resize", () => data && show(at));
start();
