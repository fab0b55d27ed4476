// Recorded pictures into a <video>: pieces are fetched over HTTP as they are needed and put on a
// time line that counts from the start of the day. Where nothing was recorded it jumps on.

const PIECE_S = 8;
const AHEAD_S = 16;
const KEPT_S = 30;
const JOIN_S = 0.6; // holes up to here are no gaps
const GROWING_MS = 1500;

const Source = window.ManagedMediaSource || window.MediaSource;

export class RecordedVideo {
  // moved(ms) while it plays, told(words) where there is something to say ("" for nothing).
  constructor(video, { moved, told }) {
    this.video = video;
    this.moved = moved;
    this.told = told;
    this.turn = 0;
    this.wanted = false;
    video.addEventListener("timeupdate", () => this.tick());
    video.addEventListener("error", () => this.source && this.told("This part cannot be decoded."));
  }

  load(data) {
    this.origin = data.start;
    this.segments = data.segments;
  }

  get playing() {
    return this.wanted;
  }

  play() {
    this.wanted = true;
    this.video.play().catch(() => {});
  }

  pause() {
    this.wanted = false;
    this.video.pause();
  }

  // The segment with a moment in it, or the next one.
  find(ms) {
    return this.segments.findIndex(([, , end]) => end > ms);
  }

  async seek(ms) {
    const turn = ++this.turn;
    const at = (ms - this.origin) / 1000;
    const { buffered } = this.video;
    for (let n = 0; n < buffered.length; n += 1) {
      if (this.buffer && at >= buffered.start(n) && at < buffered.end(n) - 0.2) {
        this.video.currentTime = at;
        this.told("");
        return this.fill(turn);
      }
    }
    const index = this.find(ms);
    if (index < 0) {
      this.told("Nothing was recorded from here on.");
      return;
    }
    const start = Math.max(ms, this.segments[index][1]);
    if (!this.wanted && start > ms + 1000) {
      this.told("Nothing was recorded at this moment.");
      return;
    }
    if (!(await this.open(this.segments[index][3], turn))) return;
    this.next = { index, ms: start };
    this.first = (start - this.origin) / 1000;
    await this.fill(turn);
  }

  async open(codec, turn) {
    const kind = `video/mp4; codecs="${codec}"`;
    if (!Source || !Source.isTypeSupported(kind)) {
      this.told(`This browser cannot play ${codec.startsWith("hvc1") ? "H.265" : codec}: download the part instead.`);
      return false;
    }
    this.codec = codec;
    this.buffer = null;
    const source = new Source();
    this.source = source;
    this.video.disableRemotePlayback = true;
    const address = URL.createObjectURL(source);
    this.video.src = address;
    await new Promise((done) => source.addEventListener("sourceopen", done, { once: true }));
    URL.revokeObjectURL(address);
    if (turn !== this.turn) return false;
    this.buffer = source.addSourceBuffer(kind);
    source.duration = 26 * 3600;
    return true;
  }

  ahead() {
    const { buffered, currentTime } = this.video;
    const from = this.first ?? currentTime;
    let end = from;
    for (let n = 0; n < buffered.length; n += 1) {
      if (buffered.start(n) <= end + JOIN_S) end = Math.max(end, buffered.end(n));
    }
    return end - from;
  }

  async fill(turn) {
    if (this.filling === turn) return;
    this.filling = turn;
    try {
      while (turn === this.turn && this.next && this.ahead() < AHEAD_S) {
        if (!(await this.fetchPiece(turn))) break;
      }
    } catch (error) {
      if (turn === this.turn) this.told(error.message || "The device does not answer.");
    } finally {
      if (this.filling === turn) this.filling = 0;
    }
  }

  async fetchPiece(turn) {
    const { index, ms } = this.next;
    const segment = this.segments[index];
    if (!segment) {
      this.next = null;
      return false;
    }
    const answer = await fetch(`/recorded/piece/${segment[0]}?from=${Math.round(ms)}&seconds=${PIECE_S}`);
    if (turn !== this.turn) return false;
    if (answer.status === 404) {
      this.next = { index: index + 1, ms: this.segments[index + 1]?.[1] };
      return true;
    }
    if (!answer.ok) throw new Error((await answer.json()).detail);
    const about = JSON.parse(answer.headers.get("x-piece"));
    const data = await answer.arrayBuffer();
    if (turn !== this.turn) return false;
    if (about.codec !== this.codec) {
      this.buffer.changeType(`video/mp4; codecs="${about.codec}"`);
      this.codec = about.codec;
    }
    this.buffer.timestampOffset = about.base - this.origin / 1000;
    await this.append(data);
    this.told("");
    if (this.first !== undefined && turn === this.turn) {
      const { buffered } = this.video;
      this.video.currentTime = Math.max(this.first, buffered.length ? buffered.start(0) + 0.01 : 0);
      this.first = undefined;
      if (this.wanted) this.video.play().catch(() => {});
    }
    if (about.last && about.growing && this.segments.length === index + 1) {
      const stuck = about.end <= ms + 50;
      this.next = { index, ms: about.end };
      if (stuck) {
        setTimeout(() => this.fill(this.turn), GROWING_MS);
        return false;
      }
    } else if (about.last) this.next = { index: index + 1, ms: this.segments[index + 1]?.[1] };
    else this.next = { index, ms: about.end + 5 };
    return true;
  }

  append(data) {
    const { buffer } = this;
    return new Promise((done, failed) => {
      const end = (event) => {
        buffer.removeEventListener("updateend", end);
        buffer.removeEventListener("error", end);
        if (event.type === "error") failed(new Error("This part cannot be decoded."));
        else done();
      };
      buffer.addEventListener("updateend", end);
      buffer.addEventListener("error", end);
      buffer.appendBuffer(data);
    });
  }

  tick() {
    if (this.first !== undefined || !this.buffer) return;
    const { video } = this;
    if (this.wanted) { // else the strip says where one is: a picture that comes late must not
      this.moved(this.origin + video.currentTime * 1000);
      this.jump();
    }
    if (!this.buffer.updating && video.currentTime > 2 * KEPT_S && video.buffered.length &&
        video.currentTime - video.buffered.start(0) > 2 * KEPT_S) {
      this.buffer.remove(0, video.currentTime - KEPT_S);
    }
    this.fill(this.turn);
  }

  // Over what was not recorded, once it is reached.
  jump() {
    const { buffered, currentTime } = this.video;
    for (let n = 0; n + 1 < buffered.length; n += 1) {
      if (currentTime >= buffered.end(n) - 0.15 && currentTime < buffered.start(n + 1)) {
        this.video.currentTime = buffered.start(n + 1) + 0.01;
        return;
      }
    }
  }
}
