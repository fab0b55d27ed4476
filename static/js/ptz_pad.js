// The PTZ pad: a held button moves, letting go stops. Every way of losing the button is a stop,
// and a move that is not renewed ends by itself on the device.

const RENEW_MS = 500;
const STEP_MS = 300; // of a press that has no length: a screen reader's
const OFFLINE = "The device is not connected just now. Try again in a moment.";
const ARROWS = {
  ArrowLeft: { pan: -1 },
  ArrowRight: { pan: 1 },
  ArrowUp: { tilt: 1 },
  ArrowDown: { tilt: -1 },
  "+": { zoom: 1 },
  "=": { zoom: 1 },
  "-": { zoom: -1 },
};

const section = document.querySelector("[data-ptz]");
if (section) start(section);

function start(section) {
  const pad = section.querySelector("[data-ptz-pad]");
  const error = section.querySelector("[data-ptz-error]");
  const speed = section.querySelector("#ptz-speed");
  const keys = new Set(); // arrows that are down
  let socket = null;
  let wait = 1000;
  let vector = null; // what is being held
  let renewing = 0;
  let byKeys = false;

  function connect() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const source = encodeURIComponent(section.dataset.ptz);
    const opened = new WebSocket(`${scheme}//${location.host}/ws/ptz/${source}/`);
    opened.addEventListener("open", () => {
      socket = opened;
      wait = 1000;
      section.dataset.ptzLink = "open";
      if (error.textContent === OFFLINE) complain("");
    });
    opened.addEventListener("message", (event) => {
      const told = JSON.parse(event.data);
      if (told.error) release();
      if ("error" in told || "moving" in told) complain(told.error || "");
    });
    opened.addEventListener("close", (event) => {
      socket = null; // the device has stopped it by itself
      delete section.dataset.ptzLink;
      release();
      if (event.code === 4401) {
        location.reload();
        return;
      }
      setTimeout(connect, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, 15000);
    });
  }

  function complain(text) {
    error.textContent = text;
    error.hidden = !text;
  }

  function say(what) {
    if (socket) socket.send(JSON.stringify(what));
    else complain(OFFLINE);
  }

  function renew() {
    const share = Number(speed.value) / 100;
    say({ move: { pan: vector.pan * share, tilt: vector.tilt * share, zoom: vector.zoom * share } });
  }

  function hold(wanted, keyboard = false) {
    byKeys = keyboard;
    const complete = { pan: 0, tilt: 0, zoom: 0, ...wanted };
    vector = complete;
    renew();
    clearInterval(renewing);
    renewing = setInterval(renew, RENEW_MS);
    show();
  }

  // Stop, where something is held: called for everything that may mean so.
  function release() {
    clearInterval(renewing);
    keys.clear();
    if (vector === null) return;
    vector = null;
    if (socket) say({ stop: true });
    show();
  }

  function show() {
    for (const each of pad.querySelectorAll("[data-pan]")) {
      const same = vector !== null && ["pan", "tilt", "zoom"].every((axis) => Number(each.dataset[axis]) === vector[axis]);
      each.classList.toggle("held", same);
    }
  }

  const way = (button) => ({
    pan: Number(button.dataset.pan),
    tilt: Number(button.dataset.tilt),
    zoom: Number(button.dataset.zoom),
  });

  for (const button of pad.querySelectorAll("[data-pan]")) {
    button.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      // A finger is captured by itself: so that leaving the button is told of.
      if (button.hasPointerCapture(event.pointerId)) button.releasePointerCapture(event.pointerId);
      hold(way(button));
    });
    for (const over of ["pointerup", "pointerleave", "pointercancel"]) button.addEventListener(over, release);
    button.addEventListener("contextmenu", (event) => event.preventDefault());
    button.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      if (!event.repeat) hold(way(button), true);
    });
    button.addEventListener("keyup", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      release();
    });
    button.addEventListener("click", (event) => {
      event.preventDefault();
      if (event.detail !== 0) return; // held and let go already
      hold(way(button));
      setTimeout(release, STEP_MS);
    });
  }

  pad.querySelector("[data-ptz-stop]").addEventListener("click", (event) => {
    event.preventDefault();
    release();
    say({ stop: true });
  });

  // Home and presets without a new page: the picture goes on.
  async function go(form, button) {
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form, button),
        headers: { "X-Requested-With": "script" },
        signal: AbortSignal.timeout(10000),
      });
      if (answer.redirected || answer.status === 403) location.reload(); // signed out
      else complain((await answer.json()).error || "");
    } catch {
      complain("The device did not answer. Try again.");
    }
  }

  section.addEventListener("submit", (event) => {
    if (!["home", "go"].includes(event.submitter?.value)) return;
    event.preventDefault();
    go(event.target, event.submitter);
  });

  function holdKeys() {
    if (keys.size === 0) {
      release();
      return;
    }
    const sum = { pan: 0, tilt: 0, zoom: 0 };
    for (const key of keys) {
      for (const [axis, value] of Object.entries(ARROWS[key])) {
        sum[axis] = Math.max(-1, Math.min(1, sum[axis] + value));
      }
    }
    hold(sum, true);
  }

  pad.addEventListener("keydown", (event) => {
    if (!(event.key in ARROWS) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === speed) return; // a slider's own keys
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat || keys.has(event.key)) return;
    keys.add(event.key);
    holdKeys();
  });
  pad.addEventListener("keyup", (event) => {
    if (!keys.delete(event.key)) return;
    holdKeys();
  });
  // A pointer's press moves the focus too, and has its own ways to end.
  pad.addEventListener("focusout", (event) => byKeys && !pad.contains(event.relatedTarget) && release());
  window.addEventListener("blur", release);
  window.addEventListener("pagehide", release);
  document.addEventListener("visibilitychange", () => document.hidden && release());

  speed.addEventListener("input", () => speed.setAttribute("aria-valuetext", `${speed.value} %`));
  for (const each of section.querySelectorAll("[data-ptz-speed], [data-ptz-hint]")) each.hidden = false;
  connect();
}
