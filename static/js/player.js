// The live picture of one camera, and the words for its state. The way is a stream over a
// WebSocket; where a browser or a network cannot have that, a moving JPEG; where not even that,
// a picture a second. Whatever breaks is tried again by itself.

import { PictureBuffer, canPlay } from "./picture_buffer.js";
import { Refused, movingJpeg, onePicture, pause, pictureASecond } from "./single_pictures.js";

const SIGNED_OUT = 4401;
const FULL = 4429;
const TICK_MS = 250;
const PING_MS = 5000;
const SILENCE_MS = 13000; // not even a pong: the connection is dead
const LEAST_WAIT_MS = 400;
const MOST_WAIT_MS = 15000;
const HIDDEN_MS = 5000; // a tab in the background gives its stream up after so long
const DELAY_TOLD_MS = 2000;
const NO_PICTURE_MS = 10000;
const TIGHT_MS = 60000; // after a bottleneck the small stream is kept so long
const RETRY_STREAM_MS = 60000;
const MOOF = 0x6d6f6f66;

export const WAYS = {
  stream: "Stream over WebSocket",
  jpeg: "Moving JPEG",
  stills: "A picture a second",
};

export class Player {
  constructor(element, stage) {
    this.element = element;
    this.stage = stage;
    this.video = element.querySelector("video");
    this.frozen = element.querySelector("canvas");
    this.still = element.querySelector("[data-still]");
    this.words = element.querySelector("[data-stage-words]");
    this.state = stage.querySelector("[data-player-state]");
    this.said = stage.querySelector("[data-player-said]");
    this.quality = element.dataset.quality;
    this.way = "stream";
    this.camera = null;
    this.firstPicture_ms = 0; // since the page was asked for
    this.latencies = [];
    this.bytes = 0;
    this.wait_ms = LEAST_WAIT_MS;
    this.failures = 0;
    this.tightUntil = 0;
    this.offset_ms = 0; // the device's clock less ours
    this.bestRound_ms = Infinity;
    element.player = this;
    document.addEventListener("visibilitychange", () => this.visibility());
    addEventListener("online", () => this.hurry());
    addEventListener("pagehide", () => this.stop());
    addEventListener("pageshow", (event) => event.persisted && this.start());
    new ResizeObserver(() => this.reconsider()).observe(element);
    setInterval(() => this.tick(), TICK_MS);
    if (!element.dataset.main && !element.dataset.sub) return;
    this.start();
  }

  // Which stream ------------------------------------------------------------------------

  choose(quality) {
    this.quality = quality;
    this.tightUntil = 0;
    this.reconsider();
  }

  wanted() {
    const { main, sub, subWidth } = this.element.dataset;
    if (!main || !sub) return main || sub;
    if (this.quality !== "auto") return this.quality === "sub" ? sub : main;
    if (this.onlySub || performance.now() < this.tightUntil) return sub;
    const width = this.element.clientWidth * devicePixelRatio;
    const enough = Number(subWidth) * (this.profile === sub ? 1.3 : 1.1);
    return width <= enough ? sub : main;
  }

  reconsider() {
    if (this.running && this.profile && this.wanted() !== this.profile) this.restart();
  }

  // Life --------------------------------------------------------------------------------

  start() {
    if (this.running) return;
    this.running = new AbortController();
    this.wait_ms = LEAST_WAIT_MS;
    this.go();
  }

  stop() {
    this.running?.abort();
    this.running = null;
    clearTimeout(this.again);
    this.closeSocket();
    this.closeBuffer();
  }

  restart() {
    this.stop();
    this.start();
  }

  // Once more, after a wait that grows while it fails.
  later() {
    if (!this.running) return;
    clearTimeout(this.again);
    this.again = setTimeout(() => this.go(), this.wait_ms * (0.75 + Math.random() / 2));
    this.wait_ms = Math.min(this.wait_ms * 2, MOST_WAIT_MS);
  }

  hurry() {
    if (!this.running || this.socket || this.way !== "stream") return;
    this.wait_ms = LEAST_WAIT_MS;
    clearTimeout(this.again);
    this.go();
  }

  visibility() {
    clearTimeout(this.resting);
    if (document.hidden) this.resting = setTimeout(() => this.stop(), HIDDEN_MS);
    else if (!this.running) this.start();
  }

  go() {
    if (!this.running) return;
    this.profile = this.wanted();
    if (this.way === "stream") this.connect();
    else this.showPictures(this.running.signal);
  }

  // The stream --------------------------------------------------------------------------

  connect() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const profile = encodeURIComponent(this.profile);
    const socket = new WebSocket(`${scheme}//${location.host}/ws/live/${profile}/`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.heard = performance.now();
    this.opened = false;
    socket.onopen = () => {
      this.opened = true;
      this.ping();
    };
    socket.onmessage = ({ data }) => {
      this.heard = performance.now();
      if (typeof data === "string") this.take(JSON.parse(data));
      else this.takeBytes(data);
    };
    socket.onclose = ({ code }) => {
      this.closeSocket();
      if (code === SIGNED_OUT) location.reload();
      else if (code === FULL) this.fallBack();
      else if (!this.opened && (this.failures += 1) > 4) this.askWhy();
      else this.later();
    };
  }

  closeSocket() {
    clearInterval(this.pinging);
    if (!this.socket) return;
    this.socket.onmessage = this.socket.onclose = this.socket.onopen = null;
    this.socket.close();
    this.socket = null;
  }

  ping() {
    const send = () => {
      if (performance.now() - this.heard > SILENCE_MS) {
        this.closeSocket();
        this.later();
      } else if (this.socket.readyState === WebSocket.OPEN) {
        this.socket.send(JSON.stringify({ ping: performance.now() }));
      }
    };
    this.pinging = setInterval(send, PING_MS);
    send();
  }

  take(message) {
    if (message.camera) this.camera = message.camera;
    if (message.stream) this.begin(message.stream);
    if (message.refusal) this.refuse(message.refusal);
    if (message.pong) this.setClock(message);
    this.tick();
  }

  takeBytes(data) {
    this.bytes += data.byteLength;
    if (!this.buffer) return;
    if (new DataView(data).getUint32(4) !== MOOF) {
      this.buffer.open(this.stream.codec, data);
      return;
    }
    const lost = this.buffer.lost;
    this.buffer.append(data);
    if (this.buffer && this.buffer.lost > lost) this.tighten();
  }

  begin(stream) {
    this.stream = stream;
    this.trouble = "";
    if (!canPlay(stream.codec)) {
      const name = stream.codec.startsWith("hvc1") ? "H.265" : stream.codec;
      this.refuse(`This browser cannot play ${name}.`);
    } else if (!this.buffer) {
      this.buffer = new PictureBuffer(this.video, {
        shown: () => this.pictureShown(),
        failed: (words) => this.bufferFailed(words),
      });
      this.latencies = this.buffer.latencies;
    }
  }

  // This stream will not do: the small one may, else single pictures.
  refuse(why) {
    const { main, sub } = this.element.dataset;
    this.trouble = why;
    if (this.quality === "auto" && sub && this.profile === main) {
      this.onlySub = true;
      this.restart();
    } else {
      this.fallBack();
    }
  }

  bufferFailed(words) {
    this.trouble = `The picture broke off: ${words}.`;
    this.closeBuffer();
    this.closeSocket();
    this.failures += 1;
    if (this.failures > 4) this.fallBack();
    else this.later();
  }

  // The last picture stays until there is another one.
  closeBuffer() {
    const { video, frozen } = this;
    if (!this.buffer) return;
    if (!video.hidden && video.videoWidth) {
      frozen.width = video.videoWidth;
      frozen.height = video.videoHeight;
      frozen.getContext("2d").drawImage(video, 0, 0);
      frozen.hidden = false;
      video.hidden = true;
    }
    this.buffer.close();
    this.buffer = null;
  }

  pictureShown() {
    this.firstPicture_ms ||= performance.now();
    this.painted = performance.now();
    this.wait_ms = LEAST_WAIT_MS;
    this.failures = 0;
    if (this.video.hidden) {
      this.video.hidden = false;
      this.still.hidden = this.frozen.hidden = true;
      this.tick();
    }
  }

  tighten() {
    if (this.quality !== "auto") return;
    this.tightUntil = performance.now() + TIGHT_MS;
    this.reconsider();
  }

  setClock({ pong, now_ms }) {
    const round_ms = performance.now() - pong;
    if (round_ms > this.bestRound_ms * 2) return; // slow ways tell little
    this.bestRound_ms = Math.min(round_ms, this.bestRound_ms * 1.1);
    this.offset_ms = now_ms + round_ms / 2 - Date.now();
  }

  // Single pictures ---------------------------------------------------------------------

  // Sockets do not open: is it the network between, or is the device away or we signed out?
  async askWhy() {
    try {
      const address = `/snapshot/${encodeURIComponent(this.profile)}.jpg`;
      await onePicture(address, this.running.signal, (blob) => this.showStill(blob));
      this.fallBack();
    } catch (error) {
      this.tellTrouble(error);
      this.later();
    }
  }

  fallBack() {
    this.closeSocket();
    this.closeBuffer();
    this.way = "jpeg";
    this.failures = 0;
    clearTimeout(this.upgrading);
    this.upgrading = setTimeout(() => {
      this.way = "stream";
      if (this.running) this.restart();
    }, RETRY_STREAM_MS);
    this.go();
  }

  async showPictures(signal) {
    const profile = encodeURIComponent(this.element.dataset.sub || this.element.dataset.main);
    const show = (blob) => this.showStill(blob);
    try {
      if (this.way === "jpeg") await movingJpeg(`/mjpeg/${profile}/`, signal, show);
      else await pictureASecond(`/snapshot/${profile}.jpg`, signal, show);
    } catch (error) {
      if (signal.aborted) return;
      this.tellTrouble(error);
    }
    if (signal.aborted) return;
    this.failures += 1;
    if (this.failures > 1) this.way = "stills";
    await pause(this.wait_ms, signal);
    this.later();
  }

  async showStill(blob) {
    const before = this.still.src;
    this.still.src = URL.createObjectURL(blob);
    await this.still.decode().catch(() => {});
    if (before.startsWith("blob:")) URL.revokeObjectURL(before);
    this.bytes += blob.size;
    this.still.hidden = false;
    this.video.hidden = this.frozen.hidden = true;
    this.firstPicture_ms ||= performance.now();
    this.painted = performance.now();
    this.wait_ms = LEAST_WAIT_MS;
    this.trouble = "";
    this.tick();
  }

  tellTrouble(error) {
    if (error instanceof Refused && error.status === 403) location.reload();
    this.trouble = error instanceof Refused
      ? error.message
      : "The device does not answer. It may be restarting.";
  }

  // Words -------------------------------------------------------------------------------

  get delay_ms() {
    if (this.way !== "stream" || !this.buffer?.shown_ms) return NaN;
    return Date.now() + this.offset_ms - this.buffer.shown_ms;
  }

  tick() {
    const [kind, words, since] = this.describe();
    const fresh = kind === "ok";
    this.stage.classList.toggle("stale", !fresh && Boolean(this.painted));
    const why = kind === "danger" ? this.camera.reason : this.trouble;
    this.words.textContent = fresh ? "" : why || (this.painted ? "" : words);
    this.words.hidden = !this.words.textContent;
    const all = since ? `${words} since ${since}` : words;
    if (this.told === kind + all) return;
    this.told = kind + all;
    this.state.replaceChildren(stateOf(kind, all));
    // Read out when it changes in kind, not at each second of a delay.
    if (this.kind !== kind) this.said.textContent = all;
    this.kind = kind;
  }

  describe() {
    const { camera } = this;
    const age_ms = this.painted ? performance.now() - this.painted : Infinity;
    if (camera?.kind === "danger") return ["danger", camera.words, clock(camera.since)];
    if (age_ms > NO_PICTURE_MS) return ["warn", "Connecting\u2026"];
    if (this.way !== "stream") {
      return age_ms < 4000 ? ["ok", "Live, single pictures"] : ["warn", seconds(age_ms)];
    }
    const delay_ms = Math.max(this.delay_ms || 0, age_ms);
    if (delay_ms >= DELAY_TOLD_MS) return ["warn", seconds(delay_ms)];
    return ["ok", "Live"];
  }
}

function seconds(ms) {
  return `Delayed ${Math.floor(ms / 1000)} s`;
}

function clock(since) {
  if (!since) return "";
  const date = new Date(since);
  const today = date.toDateString() === new Date().toDateString();
  const time = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  return today ? time : `${date.toLocaleDateString([], { day: "numeric", month: "short" })} ${time}`;
}

const SHAPES = { ok: "●", warn: "▲", danger: "■" };

function stateOf(kind, words) {
  const state = document.createElement("span");
  state.className = `state ${kind}`;
  const shape = document.createElement("span");
  shape.className = "shape";
  shape.ariaHidden = "true";
  shape.textContent = SHAPES[kind];
  const text = document.createElement("span");
  text.textContent = words;
  state.append(shape, text);
  return state;
}
