// Shows the photos somebody chose, lets go of one again, and makes large ones smaller before they travel.
// Without it, or where the browser cannot do it, the file field works by itself. Words come from the page.

import { notesOf, withNotes } from "./lib/exif.js";

const QUALITY = 0.85;
const SMALL_ENOUGH = 400 * 1024;
const LARGE_ENOUGH = 1500 * 1024; // so heavy a photo of the right size may be; nothing is made smaller twice

for (const part of document.querySelectorAll("[data-photos]")) {
  if (canFill()) prepare(part);
}

/** Whether this browser lets a script put files into a file field. */
function canFill() {
  try {
    return new DataTransfer().items !== undefined;
  } catch {
    return false;
  }
}

function prepare(part) {
  const input = part.querySelector("input[type=file]");
  const list = part.querySelector(".photo-chosen");
  const template = part.querySelector("template");
  const longest = Number(part.dataset.longest);
  const busy = new Set();
  let chosen = [];
  part.classList.add("is-scripted");

  input.addEventListener("change", () => {
    const known = new Set(chosen.map(nameOf));
    const fresh = [...input.files].filter((file) => !known.has(nameOf(file)));
    chosen = input.multiple ? [...chosen, ...fresh] : fresh;
    show();
    fresh.forEach(replaceBySmaller);
  });

  async function replaceBySmaller(file) {
    busy.add(file);
    say(file);
    const smaller = await shrink(file, longest);
    busy.delete(file);
    if (!chosen.includes(file)) return;
    chosen = chosen.map((other) => (other === file ? smaller : other));
    if (smaller === file) say(file);
    else show();
  }

  /** How far a photo is: being made smaller, or how much of the line it will take. */
  function say(file) {
    const place = list.children[chosen.indexOf(file)]?.querySelector("[data-size]");
    if (!place) return;
    const size = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
    place.textContent = busy.has(file) ? place.dataset.busy : place.dataset.size.replace("{n}", size.format(Math.max(0.1, file.size / 1e6)));
  }

  // The field always holds what is shown, so the form may be sent at any moment
  function show() {
    const files = new DataTransfer();
    chosen.forEach((file) => files.items.add(file));
    input.files = files.files;
    list.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
    list.replaceChildren(...chosen.map(row));
    list.hidden = chosen.length === 0;
    chosen.forEach(say);
    part.dispatchEvent(new Event("photos", { bubbles: true }));
  }

  function row(file) {
    const item = template.content.firstElementChild.cloneNode(true);
    item.querySelector("img").src = URL.createObjectURL(file);
    item.querySelector("button").addEventListener("click", () => {
      chosen = chosen.filter((other) => other !== file);
      show();
      input.focus();
    });
    return item;
  }
}

const nameOf = (file) => `${file.name.replace(/\.\w+$/, "")}/${file.lastModified}`;

/** The photo with its longer side at most `longest` pixels, or itself where that would win nothing or cannot be. */
async function shrink(file, longest) {
  if (file.size <= SMALL_ENOUGH || !window.createImageBitmap) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size <= LARGE_ENOUGH) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!small || small.size >= file.size) return file;
    const notes = notesOf(await file.arrayBuffer());
    const whole = notes ? await withNotes(small, notes) : small;
    return new File([whole], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg", lastModified: file.lastModified });
  } catch {
    return file;
  }
}
