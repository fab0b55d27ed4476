// JPEGs one after the other, for browsers or networks that cannot have the stream: a moving JPEG
// over one request, and where that fails a picture a second.

const STEP_MS = 1000;
const ANSWER_MS = 10000;
const SILENCE_MS = 8000;

export class Refused extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

// Until it ends or signal aborts; show(blob) for each picture.
export async function movingJpeg(address, signal, show) {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), ANSWER_MS);
  try {
    const answer = await fetch(address, {
      cache: "no-store",
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (!answer.ok) throw await refusal(answer);
    const reader = answer.body.getReader();
    let held = new Uint8Array(0);
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      const more = new Uint8Array(held.length + value.length);
      more.set(held);
      more.set(value, held.length);
      held = takeParts(more, show);
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

// Shows every whole part, returns the rest.
function takeParts(data, show) {
  let at = 0;
  for (;;) {
    const head = new TextDecoder("latin1").decode(data.subarray(at, at + 300));
    const found = /Content-Length: (\d+)\r\n\r\n/.exec(head);
    if (!found) return data.slice(at);
    const start = at + found.index + found[0].length;
    const end = start + Number(found[1]);
    if (end > data.length) return data.slice(at);
    show(new Blob([data.subarray(start, end)], { type: "image/jpeg" }));
    at = end;
  }
}

export async function onePicture(address, signal, show) {
  const answer = await fetch(address, {
    cache: "no-store",
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
  });
  if (!answer.ok) throw await refusal(answer);
  show(await answer.blob());
}

export async function pictureASecond(address, signal, show) {
  while (!signal.aborted) {
    const started = performance.now();
    if (!document.hidden) await onePicture(address, signal, show);
    await pause(Math.max(200, STEP_MS - (performance.now() - started)), signal);
  }
}

export function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function refusal(answer) {
  const told = await answer.json().catch(() => ({}));
  return new Refused(answer.status, told.detail || "There is no picture just now.");
}
