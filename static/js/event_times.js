// Times of the journal, which the server writes in UTC, in the reader's own.

export function localise(root) {
  const today = new Date().toDateString();
  for (const time of root.querySelectorAll("time")) {
    const date = new Date(time.dateTime);
    const clock = date.toLocaleTimeString([], { hour12: false });
    const year = date.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
    const day = date.toLocaleDateString([], { day: "numeric", month: "short", year });
    time.textContent = date.toDateString() === today ? clock : `${day} ${clock}`;
    time.title = date.toLocaleString([], { timeZoneName: "short" });
  }
}
