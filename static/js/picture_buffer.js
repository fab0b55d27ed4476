// Fragments of MP4 into a <video>, shown as they come: the edge is chased, the past removed.
// Each fragment says in UTC when its picture was taken (nvrdevice/media/fmp4/writer.py), so
// what is on the screen can be dated.

const TICKS_S = 90000;
const SEQUENCE_AT = 20; // bytes from the start of a fragment
const TIME_AT = 60;
const DURATION_AT = 88;
const NOT_KEY_AT = 97; // its lowest bit
// We play so far behind the camera that nine of ten pictures are there in time.
const IN_TIME = 0.9;
const MOST_LATE_S = 0.25; // more than the promptest one: these are not waited for
const DECODING_S = 0.03;
const LOOSE_S = 0.05; // how far beyond that we may drift
const TOO_FAR_S = 1; // further behind it is skipped, not played faster
const ARRIVALS = 75;
const BURST_MS = 8; // pictures that come together were held up together: the first tells
const SKIPS = 3; // in SKIPS_MS: this computer cannot follow
const SKIPS_MS = 10000;
const KEPT_S = 8; // behind what is shown
const FIRST_S = 0.002; // a rounded time below 0 would cost the whole first group
const STEP_S = 0.04; // from what was to what is new on the time line
// Beyond twice the duration a browser takes a late picture for one after a hole, and waits for
// the next key picture. Nothing is missing, so we shift what follows instead.
const HOLE = 1.8;
const LINES = 12;
const WAITING_LIMIT = 1600;
const LATENCIES = 1500;

const Source = window.ManagedMediaSource || window.MediaSource;

export function canPlay(codec) {
  return Boolean(Source) && Source.isTypeSupported(type(codec));
}

function type(codec) {
  return `video/mp4; codecs="${codec}"`;
}

export class PictureBuffer {
  // shown() at each picture that is painted; failed(words) when it cannot go on.
  constructor(video, { shown, failed }) {
    this.video = video;
    this.shown = shown;
    this.failed = failed;
    this.shown_ms = 0; // when what is on the screen was taken
    this.latencies = []; // ms from capture to paint, newest last
    this.painted = 0;
    this.lost = 0; // holes in the numbers: the device left pictures out for us
    this.source = null;
    this.onError = () => this.failed(video.error?.message || "the picture cannot be decoded");
    video.addEventListener("error", this.onError);
    this.follow();
  }

  open(codec, init) {
    this.waiting = this.source ? this.waiting : [];
    this.waiting.push({ codec, data: init });
    this.arrived_ms = performance.now(); // what follows at once is of the past
    if (this.source) return this.pump();
    this.buffer = null;
    this.codec = codec;
    this.edge = 0;
    this.ages_s = []; // of the newest pictures when they came
    this.skips = [];
    this.keys = []; // where on the time line of the video key pictures lie
    this.lines = []; // where on the time line of the video which stream begins
    this.source = new Source();
    this.video.disableRemotePlayback = true; // a ManagedMediaSource wants it
    const address = URL.createObjectURL(this.source);
    this.source.addEventListener("sourceopen", () => {
      URL.revokeObjectURL(address);
      if (this.source?.readyState !== "open") return;
      this.buffer = this.source.addSourceBuffer(type(codec));
      this.buffer.addEventListener("updateend", () => this.pump());
      this.pump();
    }, { once: true });
    this.video.src = address;
    this.video.play().catch((error) => {
      if (error.name === "NotAllowedError") this.failed("this browser does not start videos");
    });
  }

  append(data) {
    if (!this.source) return;
    const view = new DataView(data);
    const number = view.getUint32(SEQUENCE_AT);
    if (this.number !== undefined && number > this.number + 1) this.lost += 1;
    this.number = number;
    const at = Number(view.getBigUint64(TIME_AT)) / TICKS_S;
    this.arrived(at);
    const hole_s = (view.getUint32(DURATION_AT) / TICKS_S) * HOLE;
    this.waiting.push({
      data,
      at,
      key: !(view.getUint8(NOT_KEY_AT) & 1),
      late: at - this.newest > hole_s,
    });
    this.newest = at;
    if (this.waiting.length > WAITING_LIMIT) this.failed("this computer is too slow");
    else this.pump();
  }

  // One thing at a time, as a SourceBuffer wants it.
  pump() {
    const { buffer } = this;
    if (!buffer || buffer.updating || this.source.readyState !== "open") return;
    try {
      if (this.waiting.length === 0) return this.tidy();
      if (this.waiting[0].codec) this.begin(this.waiting.shift());
      else this.appendFragments();
    } catch (error) {
      if (error.name === "QuotaExceededError") this.forget(1);
      else this.failed(error.message);
    }
  }

  begin({ codec, data }) {
    if (codec !== this.codec) this.buffer.changeType(type(codec));
    this.codec = codec;
    this.number = undefined;
    this.fresh = true;
    this.buffer.appendBuffer(data);
  }

  appendFragments() {
    if (this.fresh || this.waiting[0].late) this.place(this.waiting[0]);
    let end = this.waiting.findIndex((each, index) => index && (each.codec || each.late));
    if (end < 0) end = this.waiting.length;
    const taken = this.waiting.splice(0, end);
    const { offset } = this.lines.at(-1);
    this.edge = taken.at(-1).at + offset;
    this.keys.push(...taken.filter((each) => each.key).map((each) => each.at + offset));
    this.buffer.appendBuffer(taken.length === 1 ? taken[0].data : joined(taken));
  }

  // What comes from here on follows at once what is there.
  place({ at }) {
    this.fresh = false;
    const start = this.lines.length ? this.edge + STEP_S : FIRST_S;
    this.buffer.timestampOffset = start - at;
    this.lines = [...this.lines.slice(1 - LINES), { start, offset: start - at }];
  }

  tidy() {
    this.chase();
    const { buffered, currentTime } = this.video;
    if (buffered.length && currentTime - buffered.start(0) > 2 * KEPT_S) this.forget(KEPT_S);
  }

  // Whole groups only: a removal in the middle of one takes the rest of it along.
  forget(kept_s) {
    const past = this.keys.filter((at) => at < this.video.currentTime - kept_s);
    if (past.length < 2 || this.buffer.updating) return;
    this.keys.splice(0, past.length - 1);
    this.buffer.remove(0, past.at(-1));
  }

  arrived(at) {
    const now = performance.now();
    if (now - this.arrived_ms > BURST_MS) {
      this.ages_s.push(Date.now() / 1000 - at);
      if (this.ages_s.length > ARRIVALS) this.ages_s.shift();
    }
    this.arrived_ms = now;
  }

  // Both sides of the comparison are by the same two clocks: how far these differ is no matter.
  chase() {
    const { video, ages_s } = this;
    const { buffered } = video;
    if (!buffered.length) return;
    const start = buffered.start(buffered.length - 1);
    if (video.currentTime < start - 0.01) video.currentTime = start;
    if (video.paused && !document.hidden) video.play().catch(() => {});
    if (!ages_s.length) return;
    const sorted = ages_s.toSorted((a, b) => a - b);
    const late_s = Math.min(sorted[Math.floor(sorted.length * IN_TIME)], sorted[0] + MOST_LATE_S);
    const { offset } = this.lines.at(-1);
    const behind_s = Date.now() / 1000 + offset - video.currentTime - late_s - DECODING_S;
    const there_s = this.edge - video.currentTime;
    if (behind_s > TOO_FAR_S && there_s > TOO_FAR_S / 2) {
      this.skip(video.currentTime + Math.min(behind_s, there_s));
    } else if (behind_s > LOOSE_S) {
      video.playbackRate = Math.min(2, 1.05 + 2 * behind_s);
    } else if (behind_s < LOOSE_S / 3) {
      video.playbackRate = 1;
    }
  }

  skip(to) {
    const now = performance.now();
    this.skips = [...this.skips.filter((at) => now - at < SKIPS_MS), now];
    if (this.skips.length > SKIPS) this.lost += 1;
    this.video.currentTime = to;
  }

  // Every painted picture, dated.
  follow() {
    if (!this.video.requestVideoFrameCallback) {
      this.onTime = () => this.paint(this.video.currentTime, performance.now());
      this.video.addEventListener("timeupdate", this.onTime);
      return;
    }
    this.callback = this.video.requestVideoFrameCallback((now, about) => {
      this.paint(about.mediaTime, about.expectedDisplayTime);
      this.follow();
    });
  }

  paint(mediaTime, painted_ms) {
    const line = this.lines?.findLast((each) => mediaTime >= each.start - 0.001);
    if (!line) return;
    this.shown_ms = (mediaTime - line.offset) * 1000;
    const wall_ms = Date.now() + (painted_ms - performance.now());
    this.latencies.push(wall_ms - this.shown_ms);
    if (this.latencies.length > LATENCIES) this.latencies.shift();
    this.painted += 1;
    this.shown();
  }

  close() {
    this.video.removeEventListener("error", this.onError);
    if (this.onTime) this.video.removeEventListener("timeupdate", this.onTime);
    if (this.callback) this.video.cancelVideoFrameCallback(this.callback);
    this.source = null;
    this.buffer = null;
    this.video.removeAttribute("src");
    this.video.load();
  }
}

function joined(fragments) {
  const all = new Uint8Array(fragments.reduce((sum, each) => sum + each.data.byteLength, 0));
  let at = 0;
  for (const { data } of fragments) {
    all.set(new Uint8Array(data), at);
    at += data.byteLength;
  }
  return all;
}
