// Diagnostics: the server renders every part anew, this script puts in place what changed.

const EACH_MS = 2000;
const SHARE = 20; // a small board that takes long to answer is asked less often
const root = document.querySelector(".diagnostics");
const live = document.querySelector("[data-live]");
const pause = live.querySelector("[data-pause]");
const shown = {};
let paused = false;

function localise(part) {
  const today = new Date().toDateString();
  for (const time of part.querySelectorAll("time")) {
    const date = new Date(time.dateTime);
    const clock = date.toLocaleTimeString([], { hour12: false });
    const day = date.toLocaleDateString([], { day: "numeric", month: "short" });
    time.textContent = date.toDateString() === today ? clock : `${day} ${clock}`;
    time.title = date.toLocaleString([], { timeZoneName: "short" });
  }
}

function say(state) {
  for (const words of live.querySelectorAll("[data-live-state]")) {
    words.hidden = words.dataset.liveState !== state;
  }
}

// Whoever reads details or stands on a link keeps their place.
function put(place, html) {
  const open = [...place.querySelectorAll("details[open]")].map((each) => each.id);
  const focus = [...focusable(place)].indexOf(document.activeElement);
  place.innerHTML = html;
  localise(place);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focus >= 0) focusable(place)[focus]?.focus({ preventScroll: true });
}

function focusable(place) {
  return place.querySelectorAll("a, summary");
}

async function look() {
  const answer = await fetch(root.dataset.parts, { signal: AbortSignal.timeout(10000) });
  if (answer.status === 403 || answer.redirected) {
    location.reload(); // signed out, or no operator any more: the server says what to do
    return;
  }
  if (!answer.ok) throw new Error(answer.statusText);
  const parts = await answer.json();
  if (paused) return;
  for (const [name, html] of Object.entries(parts)) {
    const place = document.getElementById(name);
    if (shown[name] !== html) put(place, html);
    shown[name] = html;
  }
  say("on");
}

async function keepLooking() {
  const started = performance.now();
  if (!paused && !document.hidden) {
    try {
      await look();
    } catch {
      if (!paused) say("lost");
    }
  }
  setTimeout(keepLooking, Math.max(EACH_MS, (performance.now() - started) * SHARE));
}

pause.addEventListener("click", () => {
  paused = !paused;
  pause.textContent = paused ? "Go on" : "Pause";
  say(paused ? "paused" : "on");
});

live.hidden = false;
localise(document);
keepLooking();
