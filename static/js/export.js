// A download that is being made: its progress, and the page anew when it is ready.
const card = document.querySelector("[data-export]");
const bar = card.querySelector("progress");

async function look() {
  try {
    const answer = await fetch(card.dataset.export);
    const { state, percent } = await answer.json();
    if (state !== "waiting" && state !== "running") return location.reload();
    bar.value = percent;
  } catch {
    // the device is away for a moment: it is asked again
  }
  setTimeout(look, 700);
}

setTimeout(look, 700);
