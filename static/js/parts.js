// Parts of a page that the server renders anew: this puts in place what changed.

import { localise } from "./times.js";

const SHARE = 20; // a small board that takes long to answer is asked less often
const shown = {};

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

async function look(url, say, isPaused) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(10000) });
  if (answer.status === 403 || answer.redirected) {
    location.reload(); // signed out, or the role changed: the server says what to do
    return;
  }
  if (!answer.ok) throw new Error(answer.statusText);
  const parts = await answer.json();
  if (isPaused()) return;
  for (const [name, html] of Object.entries(parts)) {
    const place = document.getElementById(name);
    if (shown[name] !== html) put(place, html);
    shown[name] = html;
  }
  say("on");
}

// Ask url each eachMs, at once the first time; say("on") or say("lost") tells how it goes.
export async function keepLooking(url, eachMs, say, isPaused = () => false) {
  const started = performance.now();
  if (!isPaused() && !document.hidden) {
    try {
      await look(url, say, isPaused);
    } catch {
      if (!isPaused()) say("lost");
    }
  }
  const wait = Math.max(eachMs, (performance.now() - started) * SHARE);
  setTimeout(() => keepLooking(url, eachMs, say, isPaused), wait);
}

// Show which of the words under [data-live] holds.
export function speaker(live) {
  return (state) => {
    for (const words of live.querySelectorAll("[data-live-state]")) {
      words.hidden = words.dataset.liveState !== state;
    }
  };
}
