// The time step: how far this computer's clock is off, its time to take over, and its zone
// chosen beforehand where the device has none yet.

const clock = document.querySelector("[data-now]");
const offset_ms = new Date(clock.dateTime).getTime() - Date.now();
const drift_s = Math.round(Math.abs(offset_ms) / 1000);
const drift = document.querySelector("[data-drift]");
drift.textContent = drift_s < 3
  ? "None from this computer"
  : `${drift_s} s ${offset_ms > 0 ? "ahead of" : "behind"} this computer`;
drift.hidden = false;
document.querySelector("[data-drift-name]").hidden = false;

const form = document.querySelector("[data-clock]");
if (form) {
  form.hidden = false;
  form.addEventListener("submit", () => {
    form.elements.computer_ms.value = Date.now();
  });
}

const zone = document.querySelector("[data-zone-unset] select");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && here !== zone.value && [...zone.options].some((option) => option.value === here)) {
  zone.value = here;
  document.querySelector("[data-zone-guessed]").hidden = false;
}
