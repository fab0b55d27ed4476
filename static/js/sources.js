// Cameras: a picture that does not come says so, trying tells that it takes a while, and
// removing asks in a dialog. Without this script each works all the same.

for (const picture of document.querySelectorAll("[data-still-picture]")) {
  const say = () => {
    picture.hidden = true;
    picture.nextElementSibling.hidden = false;
  };
  picture.addEventListener("error", say);
  if (picture.complete && !picture.naturalWidth) say();
}

for (const form of document.querySelectorAll("[data-try]")) {
  let under_way = false;
  form.addEventListener("submit", (event) => {
    if (under_way) event.preventDefault();
    under_way = true;
    const told = form.querySelector("[data-trying]");
    if (told) told.hidden = false;
  });
}

for (const opener of document.querySelectorAll("[data-opens]")) {
  const dialog = document.getElementById(opener.dataset.opens);
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
  dialog.querySelector("[data-closes]").addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close();
  });
}
