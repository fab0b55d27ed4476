// The strips of a day: lanes of recording, motion, alarm and inputs, each with colour and pattern.
// Marks that fall on the same pixel are drawn once, so that ten thousand cost no more than ten.

const LANES = ["recording", "motion", "alarm", "input"];
const LANE_PX = 26;
const AXIS_PX = 24;
const STEPS_S = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 14400, 21600];
const LABEL_PX = 72;

export function localParts(ms, offsets) {
  const [, minutes] = offsets.findLast(([since]) => since <= ms) ?? offsets[0];
  const at = new Date(ms + minutes * 60000);
  return [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()];
}

export function timeWords(ms, offsets) {
  return localParts(ms, offsets).map((part) => String(part).padStart(2, "0")).join(":");
}

function pattern(context, lane, style) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const draw = tile.getContext("2d");
  const colour = style.getPropertyValue(`--lane-${lane}`).trim();
  draw.fillStyle = colour;
  draw.strokeStyle = colour;
  if (lane === "recording") draw.fillRect(0, 0, 8, 8);
  if (lane === "motion") {
    draw.globalAlpha = 0.35;
    draw.fillRect(0, 0, 8, 8);
    draw.globalAlpha = 1;
    draw.fillRect(1, 1, 3, 3);
    draw.fillRect(5, 5, 3, 3);
  }
  if (lane === "alarm") {
    draw.lineWidth = 3;
    for (const at of [-8, 0, 8]) {
      draw.beginPath();
      draw.moveTo(at, 8);
      draw.lineTo(at + 8, 0);
      draw.stroke();
    }
  }
  if (lane === "input") draw.fillRect(0, 0, 4, 8);
  if (lane === "gap") {
    draw.strokeStyle = style.getPropertyValue("--control").trim();
    draw.globalAlpha = 0.45;
    draw.beginPath();
    draw.moveTo(0, 8);
    draw.lineTo(8, 0);
    draw.stroke();
  }
  return context.createPattern(tile, "repeat");
}

function fit(canvas, height) {
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return [context, width];
}

function fill(context, spans, from, to, width, top, height) {
  const scale = width / (to - from);
  let drawn = -1;
  for (const [start, end] of spans) {
    if (end < from || start > to) continue;
    const left = Math.max(0, (start - from) * scale);
    const right = Math.min(width, Math.max((end - from) * scale, left + 2));
    if (right <= drawn) continue;
    context.fillRect(Math.max(left, drawn), top, right - Math.max(left, drawn), height);
    drawn = right;
  }
}

export class DayStrip {
  constructor(strip, small) {
    this.strip = strip;
    this.small = small;
    this.data = null;
  }

  load(data) {
    this.data = data;
    const now = Math.min(Date.now(), data.end);
    this.lanes = {
      recording: data.spans,
      motion: [],
      alarm: [],
      input: [],
    };
    for (const [lane, start, end] of data.marks) this.lanes[lane].push([start, end ?? now]);
  }

  draw(from, to, at) {
    if (!this.data) return;
    const style = getComputedStyle(this.strip);
    const { start, end, offsets } = this.data;
    const height = LANES.length * LANE_PX + AXIS_PX;
    const [context, width] = fit(this.strip, height);
    const [day, dayWidth] = fit(this.small, 28);
    const fills = {};
    for (const lane of [...LANES, "gap"]) fills[lane] = pattern(context, lane, style);
    context.fillStyle = fills.gap;
    context.fillRect(0, 3, width, LANE_PX - 6);
    context.fillStyle = style.getPropertyValue("--surface").trim();
    fill(context, this.lanes.recording, from, to, width, 3, LANE_PX - 6);
    LANES.forEach((lane, row) => {
      context.fillStyle = fills[lane];
      fill(context, this.lanes[lane], from, to, width, row * LANE_PX + 3, LANE_PX - 6);
    });
    this.axis(context, from, to, width, style, offsets);
    this.cursor(context, ((at - from) / (to - from)) * width, height, style);

    day.fillStyle = fills.gap;
    day.fillRect(0, 2, dayWidth, 12);
    day.fillStyle = fills.recording;
    fill(day, this.lanes.recording, start, end, dayWidth, 2, 12);
    for (const lane of LANES.slice(1)) {
      day.fillStyle = style.getPropertyValue(`--lane-${lane}`).trim();
      fill(day, this.lanes[lane], start, end, dayWidth, 17, 9);
    }
    const scale = dayWidth / (end - start);
    day.strokeStyle = style.getPropertyValue("--text").trim();
    day.lineWidth = 2;
    day.strokeRect((from - start) * scale + 1, 1, Math.max(3, (to - from) * scale - 2), 26);
    this.cursor(day, (at - start) * scale, 28, style);
  }

  axis(context, from, to, width, style, offsets) {
    const top = LANES.length * LANE_PX;
    const wanted = ((to - from) / 1000 / width) * LABEL_PX;
    const step = (STEPS_S.find((each) => each >= wanted) ?? STEPS_S.at(-1)) * 1000;
    context.fillStyle = style.getPropertyValue("--muted").trim();
    context.font = `12px ${style.getPropertyValue("--font") || "sans-serif"}`;
    const [, minutes] = offsets.findLast(([since]) => since <= from) ?? offsets[0];
    const shift = minutes * 60000;
    for (let at = Math.ceil((from + shift) / step) * step - shift; at < to; at += step) {
      const x = ((at - from) / (to - from)) * width;
      const words = timeWords(at, offsets);
      context.fillRect(x, top, 1, 5);
      if (x + 48 < width) context.fillText(step < 60000 ? words : words.slice(0, 5), x + 3, top + 17);
    }
  }

  cursor(context, x, height, style) {
    context.fillStyle = style.getPropertyValue("--text").trim();
    context.fillRect(x - 1, 0, 2, height);
  }
}
