// The time page: the clock runs, and this computer's time and zone are at hand.

const clock = document.querySelector("[data-now]");
const zoneOffset_ms = Number(clock.dataset.offsetS) * 1000;
const offset_ms = new Date(clock.dateTime).getTime() - Date.now();

setInterval(() => {
  const here = new Date(Date.now() + offset_ms + zoneOffset_ms).toISOString();
  clock.textContent = `${here.slice(0, 10)} ${here.slice(11, 19)}`;
}, 1000);

const drift_s = Math.round(Math.abs(offset_ms) / 1000);
const drift = document.querySelector("[data-drift]");
drift.textContent = drift_s < 2
  ? "None from this computer"
  : `${drift_s} s ${offset_ms > 0 ? "ahead of" : "behind"} this computer`;
drift.hidden = false;
document.querySelector("[data-drift-name]").hidden = false;

function addButton(form, words, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = words;
  button.addEventListener("click", act);
  form.querySelector(".actions").append(button);
}

const byHand = document.querySelector("[data-card=by_hand]");
if (byHand) {
  addButton(byHand, "Use this computer's time", () => {
    byHand.elements.computer_ms.value = Date.now();
    byHand.requestSubmit(byHand.querySelector("[name=what]"));
  });
}

const zone = document.querySelector("[data-card=zone]");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && [...zone.elements.zone.options].some((option) => option.value === here)) {
  addButton(zone, `Choose ${here.replaceAll("_", " ")}, as on this computer`, () => {
    zone.elements.zone.value = here;
    zone.elements.zone.focus();
  });
}
