// A change on trial: the seconds that are left, and the page anew when they are over.
const left = document.querySelector("[data-left-s]");

if (left) {
  const end_ms = Date.now() + Number(left.dataset.leftS) * 1000;
  const timer = setInterval(() => {
    const left_s = Math.ceil((end_ms - Date.now()) / 1000);
    if (left_s > 0) {
      left.textContent = `in ${left_s} s`;
      return;
    }
    clearInterval(timer);
    left.textContent = "now";
    // The device looks every second; by then it has taken the change back.
    setTimeout(() => location.assign(location.pathname), 2500);
  }, 500);
}
