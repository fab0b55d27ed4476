// Digital channels: states come over a socket; a switch is pending until the device read it back.

const link = document.querySelector("[data-link]");
const sure = document.getElementById("sure");
let wait = 1000;

function put(name, html) {
  const place = document.querySelector(`[data-state="${CSS.escape(name)}"]`);
  if (place) place.innerHTML = html; // the server wrote it
}

function showLink(live) {
  link.hidden = false;
  link.querySelector("[data-link-live]").hidden = !live;
  link.querySelector("[data-link-lost]").hidden = live;
  document.querySelector("main").classList.toggle("out-of-date", !live);
}

function connect() {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}/ws/io/`);
  socket.addEventListener("open", () => {
    wait = 1000;
    showLink(true);
  });
  socket.addEventListener("message", (event) => {
    for (const [name, html] of Object.entries(JSON.parse(event.data).states || {})) put(name, html);
  });
  socket.addEventListener("close", (event) => {
    showLink(false);
    if (event.code === 4401) {
      location.reload();
      return;
    }
    setTimeout(connect, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, 15000);
  });
}

function asked(form) {
  if (!("critical" in form.dataset)) return Promise.resolve(true);
  sure.querySelector("[data-sure-name]").textContent = form.dataset.name;
  sure.returnValue = "no";
  sure.showModal();
  return new Promise((done) => {
    sure.addEventListener("close", () => done(sure.returnValue === "yes"), { once: true });
  });
}

async function send(form, button) {
  const name = form.elements.channel.value;
  const place = document.querySelector(`[data-state="${CSS.escape(name)}"]`);
  const before = place.innerHTML;
  const error = form.querySelector("[data-switch-error]");
  const body = new FormData(form, button);
  body.set("sure", "yes");
  error.hidden = true;
  place.innerHTML = '<span class="state unknown"><span class="shape" aria-hidden="true">…</span><span>Switching</span></span>';
  for (const each of form.querySelectorAll("button")) each.setAttribute("aria-disabled", "true");
  try {
    const answer = await fetch(form.action, {
      method: "POST", body, headers: { "X-Requested-With": "script" }, signal: AbortSignal.timeout(10000),
    });
    if (answer.redirected) {
      location.reload(); // signed out
      return;
    }
    const told = await answer.json();
    if (told.error) throw new Error(told.error);
    put(name, told.state);
  } catch (refusal) {
    put(name, before);
    error.textContent = refusal.name === "Error" ? refusal.message : "The device did not answer. Try again.";
    error.hidden = false;
  } finally {
    for (const each of form.querySelectorAll("button")) each.removeAttribute("aria-disabled");
  }
}

for (const form of document.querySelectorAll("[data-switch]")) {
  form.querySelector("[data-sure]")?.remove();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (event.submitter.getAttribute("aria-disabled")) return;
    if (await asked(form)) send(form, event.submitter);
  });
}

showLink(false);
connect();
