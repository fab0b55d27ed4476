// The week of a schedule: a grid to paint beside the list of windows. Both are views of the same
// minutes, so they are always equal; the list is what is sent.

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const VALUES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const SLOT = 30, SLOTS = 48, MIDNIGHT = 1440;
const PRESETS = {
  "always": () => [0, MIDNIGHT, VALUES],
  "work-hours": () => [480, 1020, VALUES.slice(0, 5)],
  "nights": () => [1200, 360, VALUES],
  "weekends": () => [0, MIDNIGHT, VALUES.slice(5)],
  "never": () => null,
};

const form = document.getElementById("editor");
const list = form.querySelector("[data-windows]");
const table = form.querySelector(".week");
const unsavedWords = form.querySelector("[data-unsaved-words]");
const week = DAYS.map(() => new Uint8Array(MIDNIGHT));
let unsaved = "unsaved" in form.dataset;
let sent = false;

// The minutes -------------------------------------------------------------------------------

function minuteOf(text) {
  const found = /^(\d{1,2})[:.h](\d{2})$/.exec(text.trim());
  const minute = found ? Number(found[1]) * 60 + Number(found[2]) : NaN;
  return found && Number(found[2]) < 60 && minute <= MIDNIGHT ? minute : NaN;
}

function words(minute) {
  const two = (number) => String(number).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

function fill(day, start, end, on) {
  if (end === MIDNIGHT - 1) end = MIDNIGHT; // as the device understands it
  if (end >= start) {
    week[day].fill(on, start, end);
  } else {
    week[day].fill(on, start);
    week[(day + 1) % 7].fill(on, 0, end);
  }
}

function periods(day) {
  const found = [];
  for (let at = 0; at < MIDNIGHT; at++) {
    if (!week[day][at] || (at && week[day][at - 1])) continue;
    let end = at;
    while (end < MIDNIGHT && week[day][end]) end++;
    found.push([at, end]);
  }
  return found;
}

// The list ----------------------------------------------------------------------------------

function readList() {
  for (const day of week) day.fill(0);
  for (const row of list.children) {
    const [start, end] = [...row.querySelectorAll(".span input")].map((each) => minuteOf(each.value));
    if (Number.isNaN(start) || Number.isNaN(end)) continue;
    for (const box of row.querySelectorAll(".day-box input:checked")) {
      fill(VALUES.indexOf(box.value), start, end, 1);
    }
  }
}

function addRow(place, template) {
  const numbers = [...place.querySelectorAll("input")].map((each) => parseInt(each.name.match(/\d+$/), 10));
  const number = Math.max(-1, ...numbers) + 1;
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("NUMBER", number);
  const row = holder.content.querySelector(".window");
  row.querySelector("[data-remove]").hidden = false;
  place.append(row);
  return row;
}

function writeList() {
  const found = new Map(); // "480-1020" → days
  for (let day = 0; day < 7; day++) {
    for (const [start, end] of periods(day)) {
      const key = `${String(start).padStart(4, "0")}-${String(end).padStart(4, "0")}`;
      found.set(key, [...(found.get(key) || []), day]);
    }
  }
  list.replaceChildren();
  for (const key of [...found.keys()].sort()) {
    const row = addRow(list, form.querySelector("[data-window]"));
    const inputs = row.querySelectorAll(".span input");
    key.split("-").forEach((minute, index) => { inputs[index].value = words(Number(minute)); });
    for (const day of found.get(key)) row.querySelectorAll(".day-box input")[day].checked = true;
  }
  addRow(list, form.querySelector("[data-window]"));
}

// The grid ----------------------------------------------------------------------------------

const cells = []; // [day][slot]
const heads = { days: [], hours: [] };

function make(name, attributes, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inside);
  return element;
}

function build() {
  const hours = [make("td", {})];
  for (let hour = 0; hour < 24; hour++) {
    const button = make("button", { type: "button", tabindex: -1, "data-hour": hour, "aria-label": `Every day from ${words(hour * 60)} to ${words(hour * 60 + 60)}` }, String(hour).padStart(2, "0"));
    heads.hours.push(button);
    hours.push(make("th", { scope: "col", colspan: 2 }, button));
  }
  table.append(make("thead", {}, make("tr", {}, ...hours)));
  const body = make("tbody", {});
  DAYS.forEach((name, day) => {
    const head = make("button", { type: "button", tabindex: -1, "data-day": day, "aria-label": `${name}, all day` }, name.slice(0, 3));
    heads.days.push(head);
    const row = make("tr", {}, make("th", { scope: "row" }, head));
    cells.push([]);
    for (let slot = 0; slot < SLOTS; slot++) {
      const label = `${name} ${words(slot * SLOT)} to ${words(slot * SLOT + SLOT)}`;
      const button = make("button", { type: "button", tabindex: -1, "aria-label": label, "aria-pressed": "false", "data-at": `${day} ${slot}` });
      cells[day].push(button);
      row.append(make("td", {}, button));
    }
    body.append(row);
  });
  table.append(body);
  cells[0][16].tabIndex = 0; // one of all is in the tab order
}

function share(day, slot) {
  let count = 0;
  for (let at = slot * SLOT; at < (slot + 1) * SLOT; at++) count += week[day][at];
  return count;
}

function draw() {
  let minutes = 0;
  for (let day = 0; day < 7; day++) {
    for (const minute of week[day]) minutes += minute;
    for (let slot = 0; slot < SLOTS; slot++) {
      const count = share(day, slot);
      cells[day][slot].setAttribute("aria-pressed", count === SLOT ? "true" : count ? "mixed" : "false");
    }
  }
  const rest = minutes % 60;
  form.querySelector("[data-hours]").textContent = `${Math.floor(minutes / 60)} h ${rest ? `${rest} min ` : ""}a week`;
}

function touched() {
  unsaved = true;
  unsavedWords.hidden = false;
}

function paint(slots, on) {
  for (const [day, slot] of slots) week[day].fill(on, slot * SLOT, (slot + 1) * SLOT);
  touched();
  draw();
}

function place(element) {
  const cell = element?.closest?.("[data-at]");
  return cell ? cell.dataset.at.split(" ").map(Number) : null;
}

function toggle(slots) {
  paint(slots, slots.every(([day, slot]) => share(day, slot) === SLOT) ? 0 : 1);
  writeList();
}

function focusCell(day, slot) {
  table.querySelector("td [tabindex='0']").tabIndex = -1;
  const cell = cells[day][slot];
  cell.tabIndex = 0;
  cell.focus();
}

// The heads of days and hours lie beyond the first column and the first row.
function fromHead(key, day, hour) {
  const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[key];
  if (Number.isInteger(day)) {
    if (key === "ArrowRight") focusCell(day, 0);
    else if (key !== "ArrowLeft") heads.days[day + step]?.focus();
  } else if (key === "ArrowDown") focusCell(0, hour * 2);
  else if (key !== "ArrowUp") heads.hours[hour + step]?.focus();
}

// A rectangle from where the drag began to where it is; what was there before comes back when
// it shrinks.
let drag = null;

table.addEventListener("pointerdown", (event) => {
  const at = place(event.target);
  if (!at || event.button) return;
  event.preventDefault();
  event.target.releasePointerCapture?.(event.pointerId); // of a finger: cells under it are told
  drag = { from: at, on: share(...at) === SLOT ? 0 : 1, before: week.map((day) => day.slice()) };
  focusCell(...at);
  paint([at], drag.on);
});

table.addEventListener("pointermove", (event) => {
  const at = drag && place(document.elementFromPoint(event.clientX, event.clientY));
  if (!at) return;
  week.forEach((day, number) => day.set(drag.before[number]));
  const slots = [];
  for (let day = Math.min(at[0], drag.from[0]); day <= Math.max(at[0], drag.from[0]); day++) {
    for (let slot = Math.min(at[1], drag.from[1]); slot <= Math.max(at[1], drag.from[1]); slot++) slots.push([day, slot]);
  }
  paint(slots, drag.on);
});

function endDrag() {
  if (!drag) return;
  drag = null;
  writeList();
}

addEventListener("pointerup", endDrag);
addEventListener("pointercancel", endDrag);

table.addEventListener("click", (event) => {
  const { day, hour } = event.target.dataset;
  if (day) toggle([...Array(SLOTS).keys()].map((slot) => [Number(day), slot]));
  if (hour) toggle(DAYS.flatMap((_, each) => [[each, hour * 2], [each, hour * 2 + 1]]));
  // A screen reader presses without a pointer; a pointer was at work already.
  const at = place(event.target);
  if (at && event.detail === 0) toggle([at]);
});

table.addEventListener("keydown", (event) => {
  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -SLOTS], End: [0, SLOTS] };
  if (!moves[event.key]) return;
  event.preventDefault();
  const { day: ofDay, hour } = event.target.dataset;
  if (ofDay || hour) {
    fromHead(event.key, Number(ofDay), Number(hour));
    return;
  }
  const at = place(event.target);
  if (!at) return;
  if (event.key === "ArrowUp" && at[0] === 0) return heads.hours[at[1] >> 1].focus();
  if (event.key === "ArrowLeft" && at[1] === 0) return heads.days[at[0]].focus();
  const [down, right] = moves[event.key];
  const day = Math.min(6, Math.max(0, at[0] + down));
  const slot = Math.min(SLOTS - 1, Math.max(0, at[1] + right));
  if (event.shiftKey) paint([at, [day, slot]], share(...at) === SLOT ? 1 : 0);
  focusCell(day, slot);
  if (event.shiftKey) writeList();
});

// The rest of the form ----------------------------------------------------------------------

function presets(event) {
  const name = event.target.value?.startsWith?.("preset-") ? event.target.value.slice(7) : "";
  if (!PRESETS[name]) return;
  event.preventDefault();
  for (const day of week) day.fill(0);
  const chosen = PRESETS[name]();
  if (chosen) for (const day of chosen[2]) fill(VALUES.indexOf(day), chosen[0], chosen[1], 1);
  touched();
  draw();
  writeList();
}

form.querySelector(".presets").addEventListener("click", presets);

form.querySelector("[data-copy-day]").addEventListener("click", () => {
  const from = Number(document.getElementById("copy-from").value);
  for (const box of form.querySelectorAll("#copy-to input:checked")) {
    week[Number(box.value)].set(week[from]);
    box.checked = false;
  }
  touched();
  draw();
  writeList();
});

list.addEventListener("input", () => {
  readList();
  touched();
  draw();
});

form.querySelector("[data-dates]").addEventListener("input", touched);

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-remove]");
  if (!button) return;
  const row = button.closest(".window"), next = row.nextElementSibling || row.previousElementSibling;
  row.remove();
  next?.querySelector("input")?.focus();
  readList();
  touched();
  draw();
});

for (const [button, where, template] of [["[data-add-window]", "[data-windows]", "[data-window]"], ["[data-add-date]", "[data-dates]", "[data-date]"]]) {
  const add = form.querySelector(button);
  add.hidden = false;
  add.addEventListener("click", () => addRow(form.querySelector(where), form.querySelector(template)).querySelector("input").focus());
}

form.addEventListener("submit", () => { sent = true; });
addEventListener("beforeunload", (event) => {
  if (unsaved && !sent) event.preventDefault();
});

// At its next edge the page would be wrong; who has something unsaved or types a name is left alone.
const until = document.querySelector("[data-until]");
const left_ms = until ? new Date(until.dataset.until).getTime() - Date.now() : Infinity;
if (left_ms > 0 && left_ms < 86400000) {
  setTimeout(() => {
    const typing = document.activeElement.matches("input:not([type=checkbox])");
    if (!unsaved && !typing) location.reload();
  }, left_ms + 1000);
}

for (const button of form.querySelectorAll("[data-remove]")) button.hidden = false;
build();
readList();
draw();
form.querySelector("[data-grid]").hidden = false;
