// Moments in the reader's own time; the server writes them in UTC.

export function localWords(date) {
  const today = date.toDateString() === new Date().toDateString();
  const time = date.toLocaleTimeString([], { hour12: false });
  return today ? time : `${date.toLocaleDateString([], { day: "numeric", month: "short" })} ${time}`;
}

export function localise(root) {
  for (const time of root.querySelectorAll("time")) {
    const date = new Date(time.dateTime);
    time.textContent = localWords(date);
    time.title = date.toLocaleString([], { timeZoneName: "short" });
  }
}
