// The playback page: strips, player and table say the same moment, and the address names it.

import { DayStrip, timeWords } from "./day_strip.js";
import { RecordedVideo } from "./recorded_video.js";

const ZOOMS_S = [90000, 43200, 21600, 10800, 3600, 1200, 300, 60];
const STEP_MS = 5000;
const FRESH_MS = 15000; // how old the marks of a day get that is not over
const WORDS = { motion: "motion", alarm: "alarm", input: "digital input" };

const page = document.querySelector(".playback");
const find = (name) => page.querySelector(`[data-${name}]`);
const slider = find("slider");
const words = find("words");
const strip = new DayStrip(find("strip"), find("strip-day"));
const player = new RecordedVideo(find("video"), { moved: (ms) => dragged || show(ms), told: say, more });
let data = null;
let at = 0;
let zoom = 0;
let from = 0;
let drawing = 0;
let addressed = 0;
let dragged = false;

function say(text) {
  words.textContent = text;
  words.hidden = !text;
  sayPlay();
}

function sayPlay() {
  find("play").textContent = player.playing ? "Pause" : "Play";
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
  sayPlay();
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

// Up and down scroll the page, but for who stands on the strip; a letter counts there only.
const ON_STRIP = ["ArrowUp", "ArrowDown", "Home", "End", "e"];

function pressed(key) {
  const name = key.key.length === 1 ? key.key.toLowerCase() : key.key;
  const act = KEYS[name];
  const inField = key.target.closest("input, textarea, select, dialog");
  const onButton = name === " " && key.target.closest("button, a, summary");
  const elsewhere = ON_STRIP.includes(name) && !key.target.closest("[data-strips], [data-tools]");
  if (!act || inField || onButton || elsewhere || key.ctrlKey || key.metaKey || key.altKey) return;
  key.preventDefault();
  act(key.shiftKey);
}

// While it is dragged the clock follows; the picture, when it is let go.
function pointed(canvas, begin, length) {
  let held = null;
  const moment = ({ clientX }) => {
    const box = canvas.getBoundingClientRect();
    return held.from + Math.min(Math.max((clientX - box.left) / box.width, 0), 1) * held.length;
  };
  canvas.addEventListener("pointerdown", (pointer) => {
    if (pointer.button !== 0 || !data) return;
    held = { from: begin(), length: length() };
    canvas.setPointerCapture(pointer.pointerId);
    dragged = true;
    show(moment(pointer));
  });
  canvas.addEventListener("pointermove", (pointer) => held && show(moment(pointer)));
  canvas.addEventListener("pointerup", (pointer) => {
    if (!held) return;
    dragged = false;
    go(moment(pointer));
    held = null;
    slider.focus({ preventScroll: true }); // at its end: the press itself moves the focus away
  });
  canvas.addEventListener("pointercancel", () => {
    dragged = false;
    held = null;
  });
}

async function read() {
  const query = new URLSearchParams({ source: page.dataset.source, day: page.dataset.day });
  const answer = await fetch(`/playback/day.json?${query}`, { signal: AbortSignal.timeout(20000) });
  if (answer.redirected) location.reload(); // signed out
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

// Whether more was recorded since.
async function more() {
  const fresh = await read().catch(() => null);
  if (!fresh) return false;
  const newer = String(fresh.segments.at(-1)) !== String(data.segments.at(-1));
  take(fresh);
  show(at);
  return newer;
}

function take(fresh) {
  data = fresh;
  strip.load(data);
  player.load(data);
}

async function start() {
  const fresh = await read().catch(() => null);
  if (!fresh) return say("The recordings of this day cannot be read. Load the page again.");
  take(fresh);
  if (data.end > Date.now()) setInterval(() => document.hidden || more(), FRESH_MS);
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
pointed(find("strip"), () => from, span);
pointed(find("strip-day"), () => data.start, () => data.end - data.start);
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
