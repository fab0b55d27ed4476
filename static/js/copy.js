// Values to copy: their buttons appear where scripts run.

export function offerCopies(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    const text = button.closest(".copy").querySelector("[data-copy-text]");
    button.hidden = false;
    button.addEventListener("click", () => copy(button, text));
  }
}

async function copy(button, text) {
  const kept = button.innerHTML;
  try {
    await navigator.clipboard.writeText(text.textContent); // needs https or localhost
    button.textContent = "Copied";
  } catch {
    const range = document.createRange();
    range.selectNodeContents(text);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    button.textContent = document.execCommand("copy") ? "Copied" : "Selected";
  }
  setTimeout(() => { button.innerHTML = kept; }, 2000);
}
