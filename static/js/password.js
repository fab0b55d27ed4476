// Password fields: a button to show what was typed, and words on how strong it is.
// Advice only: the server decides what it accepts (at least 6 characters, no other rules).

const COMMON = /^(.)\1+$|pass|admin|qwert|asdf|camera|letmein|welcome|abc|123456|654321|1111/i;

function words(password) {
  if (!password) return ["unknown", ""];
  if (password.length < 6) return ["danger", `Too short: ${6 - password.length} more to go`];
  if (COMMON.test(password) && password.length < 14) return ["warn", "Easy to guess"];
  if (password.length < 10) return ["warn", "Fair: 10 characters or more are better"];
  if (new Set(password).size < 5) return ["warn", "Easy to guess: too few different characters"];
  if (password.length < 14) return ["ok", "Good"];
  return ["ok", "Strong"];
}

const SHAPES = { ok: "●", warn: "▲", danger: "■", unknown: "" };

for (const field of document.querySelectorAll("[data-password]")) {
  const input = field.querySelector("input");
  const show = field.querySelector("[data-show]");
  const strength = field.querySelector("[data-strength]");

  show.hidden = false;
  show.addEventListener("click", () => {
    const visible = input.type === "password";
    input.type = visible ? "text" : "password";
    show.setAttribute("aria-pressed", String(visible));
    input.focus();
  });
  // A browser offers to keep only what it was sent as a password.
  input.form.addEventListener("submit", () => { input.type = "password"; });

  if (strength) {
    input.addEventListener("input", () => {
      const [kind, text] = words(input.value);
      const shape = document.createElement("span");
      shape.className = "shape";
      shape.setAttribute("aria-hidden", "true");
      shape.textContent = SHAPES[kind];
      strength.className = `strength state ${kind}`;
      strength.replaceChildren(shape, text);
    });
  }
}
