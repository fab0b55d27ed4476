// Moments in the reader's own time; the server writes them in UTC.

export function localWords(date) {
  const now = new Date();
  const time = date.toLocaleTimeString([], { hour12: false });
  if (date.toDateString() === now.toDateString()) return time;
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return `${date.toLocaleDateString([], { day: "numeric", month: "short", year })} ${time}`;
}

export function localise(root) {
  for (const time of root.querySelectorAll("time")) {
    const date = new Date(time.dateTime);
    time.textContent = localWords(date);
    time.title = date.toLocaleString([], { timeZoneName: "short" });
  }
  for (const words of root.querySelectorAll("[data-zone-words]")) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    words.textContent = `Times as on this computer, ${zone}.`;
  }
}
