// The three steps of filing on one page. Everything typed is kept on this phone at once; the button hands it to
// whoever sends it when there is a connection. Words come from the page.

import { BEGUN, begun, change, fresh, get, put, remove, WAITING } from "./lib/store.js";
import { askToSend, wakeLater } from "./lib/phone.js";

const PLACE = ["use_photo", "address", "ward", "lat", "lon"];
const WORDS = ["body", "category"];
const PAUSE = 300;

const form = document.querySelector("[data-offline-form]");
const details = form.querySelector("[data-details]");
const summary = form.querySelector(".error-summary");
const inputs = [...form.querySelectorAll("input[type=file]")];
let kept;
let saving;
let waiting;

start();

async function start() {
  const wanted = location.hash && (await get(location.hash.slice(1)));
  kept = (wanted?.state === BEGUN && wanted) || (await begun()) || (await fresh());
  const isKnown = Boolean(Object.keys(kept.fields).length || kept.photos.length || kept.hasSent);
  form.hidden = false;
  form.querySelector("[data-known]").hidden = !isKnown;
  form.querySelector("[data-sent]").hidden = !kept.hasSent;
  form.elements.use_photo.disabled = !kept.fields.place?.some(([name]) => name === "use_photo");
  fill(kept.fields.place);
  fill(kept.fields.words);
  showDetails();
  bringPhotos();
  form.addEventListener("input", saveSoon);
  form.addEventListener("change", ({ target }) => {
    if (target.name === "category") showDetails();
    saveSoon();
  });
  form.addEventListener("photos", saveSoon);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep();
  });
  form.querySelector("[data-anew]").addEventListener("click", startAnew);
  addEventListener("pagehide", () => waiting && save());
}

function fill(fields = []) {
  for (const [name, value] of fields) {
    const found = form.elements.namedItem(name);
    for (const control of found instanceof RadioNodeList ? found : [found].filter(Boolean)) {
      if (["radio", "checkbox"].includes(control.type)) control.checked ||= control.value === value;
      else control.value = value;
    }
  }
}

/** The questions of the chosen category, with what was answered before. */
function showDetails() {
  const category = form.querySelector("input[name=category]:checked")?.value;
  const asked = [...document.querySelectorAll("template[data-category]")].find((one) => one.dataset.category === category);
  if (!asked || details.dataset.category === category) return;
  const typed = details.dataset.category ? stepsOf(new FormData(form)).details : kept.fields.details;
  details.dataset.category = category;
  details.querySelector("[data-questions]").replaceChildren(asked.content.cloneNode(true));
  details.querySelector("[data-privacy]").hidden = asked.dataset.privacy === "never";
  details.querySelector("[data-integrity]").hidden = asked.dataset.privacy !== "never";
  details.hidden = false;
  if (!form.querySelector("input[name=privacy]:checked")) fill([["privacy", asked.dataset.privacy]]);
  fill(typed);
}

function stepsOf(data) {
  const steps = { place: [], words: [], details: [] };
  for (const [name, value] of data) {
    if (typeof value !== "string" || name === "website") continue;
    steps[PLACE.includes(name) ? "place" : WORDS.includes(name) ? "words" : "details"].push([name, value]);
  }
  return steps;
}

function saveSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(save, PAUSE);
}

/** One after the other, so that an older state never comes over a newer one. */
function save() {
  clearTimeout(waiting);
  waiting = 0;
  saving = (saving || Promise.resolve()).then(async () => {
    if (!kept) return;
    const photos = await photosNow();
    kept = { ...kept, cut: true, fields: { ...kept.fields, ...stepsOf(new FormData(form)) }, photos };
    await put(kept);
  });
  return saving;
}

async function photosNow() {
  const files = inputs.flatMap((input) => [...input.files]);
  const known = new Map(kept.photos.map((photo) => [`${photo.name}/${photo.bytes.byteLength}`, photo]));
  return Promise.all(
    files.map(async (one) => known.get(`${one.name}/${one.size}`) || { name: one.name, type: one.type, bytes: await one.arrayBuffer() }),
  );
}

/** Photos kept before go back into the field, whose own script shows them and lets go of one. */
function bringPhotos() {
  const field = inputs.at(-1);
  if (!kept.photos.length || !field) return;
  try {
    const files = new DataTransfer();
    for (const { name, type, bytes } of kept.photos) files.items.add(new File([bytes], name, { type, lastModified: kept.begunAt }));
    field.files = files.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  } catch {
    // a browser whose file fields no script can fill: the photos stay kept as long as no others are chosen
  }
}

async function keep() {
  const wrong = problems();
  show(wrong);
  if (wrong.length) return;
  await save();
  await change(kept.key, () => ({ state: WAITING, nextAt: 0 }));
  kept = null;
  await wakeLater();
  askToSend();
  location.assign(form.dataset.list);
}

async function startAnew() {
  await saving;
  const { key } = kept;
  kept = null;
  await remove(key);
  location.replace(location.pathname);
}

/** What the city would ask again for certain; the rest it looks at when it arrives. */
function problems() {
  const data = new FormData(form);
  const { noPlace, noBody, noCategory } = form.dataset;
  const wrong = [];
  if (!["use_photo", "address", "lat", "lon"].some((name) => data.get(name)?.trim())) wrong.push(["address", noPlace]);
  if (!data.get("body")?.trim()) wrong.push(["body", noBody]);
  if (!data.get("category")) wrong.push(["category", noCategory]);
  for (const { dataset } of details.querySelectorAll("[data-required]")) {
    if (!data.getAll(dataset.name).some((value) => value.trim())) wrong.push([dataset.field, dataset.required]);
  }
  return wrong;
}

function show(wrong) {
  summary.hidden = !wrong.length;
  const rows = wrong.map(([id, words]) => {
    const link = Object.assign(document.createElement("a"), { href: `#${id}`, textContent: words });
    const row = document.createElement("li");
    row.append(link);
    return row;
  });
  summary.querySelector("ul").replaceChildren(...rows);
  if (wrong.length) summary.focus();
}
