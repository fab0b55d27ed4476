// Recorded pictures into a <video>: pieces are fetched over HTTP as they are needed and put on a
// time line that counts from the start of the day. Where nothing was recorded it jumps on.

const PIECE_S = 8;
const AHEAD_S = 16;
const KEPT_S = 30;
const GROWING_MS = 1500;

const Source = window.ManagedMediaSource || window.MediaSource;

function canPlay(codec) {
  return Boolean(Source) && Source.isTypeSupported(`video/mp4; codecs="${codec}"`);
}

function cannot(codec) {
  const name = { hvc1: "H.265", hev1: "H.265", avc1: "H.264" }[codec.slice(0, 4)] ?? codec;
  return `This browser cannot play ${name}: download the part instead.`;
}

export class RecordedVideo {
  // moved(ms) while it plays, told(words) where there is something to say ("" for nothing);
  // more() resolves to true where there are newer segments than at load.
  constructor(video, { moved, told, more }) {
    this.video = video;
    this.moved = moved;
    this.told = told;
    this.more = more;
    this.turn = 0;
    this.wanted = false;
    video.addEventListener("timeupdate", () => this.tick());
    video.addEventListener("waiting", () => this.wait());
    video.addEventListener("error", () => this.source && this.told("This part cannot be decoded."));
  }

  load(data) {
    const before = this.segments ?? [];
    this.origin = data.start;
    this.segments = data.segments;
    if (!this.next) return;
    // The oldest go as new ones come: what is fetched next has another place then.
    const since = before[this.next.index]?.[1] ?? (before.at(-1)?.[1] ?? -1) + 1;
    const index = data.segments.findIndex(([, start]) => start >= since);
    this.next.index = index < 0 ? data.segments.length : index;
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
    let index = this.find(ms);
    if (index < 0 && ms < Date.now() && (await this.more())) index = this.find(ms);
    if (turn !== this.turn) return;
    if (index < 0) {
      this.end();
      return;
    }
    const start = Math.max(ms, this.segments[index][1]);
    if (!this.wanted && start > ms + 1000) {
      this.told("Nothing was recorded at this moment.");
      return;
    }
    if (!(await this.open(this.segments[index][3], turn))) return;
    index = this.find(start);
    this.next = { index: index < 0 ? this.segments.length : index, ms: start };
    this.first = (start - this.origin) / 1000;
    await this.fill(turn);
  }

  async open(codec, turn) {
    const kind = `video/mp4; codecs="${codec}"`;
    if (!canPlay(codec)) {
      this.close();
      this.told(cannot(codec));
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

  // What was shown before must not go on under words that say otherwise.
  close() {
    this.source = this.buffer = this.next = null;
    this.video.removeAttribute("src");
    this.video.load();
  }

  // Seconds of pictures that lie there to be shown, on this side of gaps and beyond them.
  ahead() {
    const { buffered, currentTime } = this.video;
    const from = this.first ?? currentTime;
    let sum = 0;
    for (let n = 0; n < buffered.length; n += 1) {
      sum += Math.max(0, buffered.end(n) - Math.max(from, buffered.start(n)));
    }
    return sum;
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
    const { ms } = this.next;
    const segment = this.segments[this.next.index];
    if (!segment) return this.goOn(turn);
    const answer = await fetch(`/recorded/piece/${segment[0]}?from=${Math.round(ms)}&seconds=${PIECE_S}`);
    if (turn !== this.turn) return false;
    if (answer.status === 404) {
      this.next = this.behind(segment);
      return true;
    }
    if (!answer.ok) throw new Error((await answer.json()).detail);
    const about = JSON.parse(answer.headers.get("x-piece"));
    const data = await answer.arrayBuffer();
    if (turn !== this.turn) return false;
    if (!canPlay(about.codec)) throw new Error(cannot(about.codec));
    await this.settled();
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
    } else if (this.wanted && this.video.readyState < 3) this.jump(); // it waits before a gap
    const { index } = this.next;
    if (about.last && about.growing && this.segments.at(-1)?.[0] === segment[0]) {
      const stuck = about.end <= ms + 50;
      this.next = { index, ms: about.end };
      if (stuck) {
        setTimeout(() => this.fill(this.turn), GROWING_MS);
        return false;
      }
    } else if (about.last) this.next = this.behind(segment);
    else this.next = { index, ms: about.end + 5 };
    return true;
  }

  // What follows a segment, which may have gone from the list meanwhile.
  behind([id]) {
    const index = this.next.index + Number(this.segments[this.next.index]?.[0] === id);
    return { index, ms: this.segments[index]?.[1] };
  }

  // Beyond the last segment: another may have begun since.
  async goOn(turn) {
    const found = await this.more();
    if (turn !== this.turn) return false;
    const { index } = this.next;
    if (found && this.segments[index]) {
      this.next = { index, ms: this.segments[index][1] };
      return true;
    }
    this.next = null;
    if (this.video.readyState < 3) this.wait();
    return false;
  }

  // A piece of an earlier turn may still be on its way into the buffer.
  settled() {
    const { buffer } = this;
    if (!buffer.updating) return undefined;
    return new Promise((done) => buffer.addEventListener("updateend", done, { once: true }));
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

  // Nothing comes to show: before a gap it goes on beyond, at the end it stops.
  wait() {
    if (!this.wanted || !this.buffer) return;
    this.jump();
    if (this.next === null && this.ahead() < 0.3) this.end();
  }

  end() {
    this.pause();
    this.told("Nothing was recorded from here on.");
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
