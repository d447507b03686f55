// The page "Kept on this phone": what waits, what the city asked back, what was sent. Words come from the page.

import { all, BEGUN, change, draw, get, onNews, OTHER_PERSON, put, remove, SENDING, SENT, WAITING } from "./lib/store.js";
import { sendKept, titleOf } from "./lib/sending.js";
import { wakeLater } from "./lib/phone.js";

const list = document.querySelector("[data-list]");
const nothing = document.querySelector("[data-nothing]");
const template = document.querySelector("[data-entry]");
const language = document.documentElement.lang;
const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: list.dataset.zone || undefined });
const shown = new Set();

start();

async function start() {
  await stripShown();
  onNews(redraw);
  await redraw();
  await send();
}

/** PIN and link are shown once: opened anew the page has the number alone, and not the key that asks for them. */
async function stripShown() {
  for (const kept of await all()) {
    if (kept.state !== SENT || !kept.shown || !kept.pin) continue;
    await put({ ...kept, key: draw(), pin: "", link: "" });
    await remove(kept.key);
  }
}

/** By this page itself, which is here to be looked at; the worker is woken should it be closed on the way. */
async function send(key) {
  await wakeLater();
  await sendKept(key);
  await redraw();
}

let drawing = Promise.resolve();

function redraw() {
  drawing = drawing.then(async () => {
    const kept = (await all()).filter(({ state, cut }) => state !== BEGUN || cut);
    kept.sort((a, b) => b.begunAt - a.begunAt);
    const focused = document.activeElement?.closest("[data-key]")?.dataset.key;
    list.replaceChildren(...kept.map(entry));
    nothing.hidden = kept.length > 0;
    list.hidden = !kept.length;
    if (focused && !list.contains(document.activeElement)) list.querySelector(`[data-key="${focused}"] h2`)?.focus();
    for (const { key, state, shown: before } of kept) {
      if (state !== SENT || before || shown.has(key)) continue;
      shown.add(key);
      await change(key, () => ({ shown: true }));
    }
  });
  return drawing;
}

function entry(kept) {
  const item = template.content.firstElementChild.cloneNode(true);
  const state = stateOf(kept);
  const part = (name) => item.querySelector(`[data-${name}]`);
  const words = (name, text) => {
    const place = part(name);
    place.textContent = text || "";
    place.hidden = !text;
  };
  item.dataset.key = kept.key;
  for (const one of item.querySelectorAll("[data-when]")) one.hidden = !one.dataset.when.split(" ").includes(state);
  words("title", titleOf(kept).slice(0, 120) || part("title").textContent);
  words("at", moment.format(kept.begunAt));
  words("photos", kept.photos.length ? part("photos").dataset.photos.replace("{n}", kept.photos.length.toLocaleString(language)) : "");
  words("tried", state === WAITING && kept.tries ? part("tried").dataset.tried.replace("{n}", kept.tries.toLocaleString(language)).replace("{time}", moment.format(kept.nextAt)) : "");
  words("number", kept.number);
  words("pin", kept.pin);
  words("link", kept.link);
  for (const secret of item.querySelectorAll("[data-secret]")) secret.hidden = !kept.pin;
  part("gone").hidden = state !== SENT || Boolean(kept.pin);
  const problems = part("problems");
  problems.replaceChildren(...kept.problems.map((text) => row(text.replace(/\b413$/, problems.dataset.tooLarge))));
  problems.hidden = !kept.problems.length;
  const bar = part("progress");
  bar.max = kept.photos.length + 1;
  bar.value = kept.photos.filter(({ sent, refused }) => sent || refused).length;
  bar.hidden = state !== WAITING || !bar.value;
  for (const link of item.querySelectorAll("a[data-open]")) link.href = kept.link || kept.address || "/";
  for (const link of item.querySelectorAll("a[data-write]")) link.href += `#${kept.key}`;
  item.querySelector("input[name=draft_key]").value = kept.key;
  item.addEventListener("click", (event) => pressed(event, kept));
  return item;
}

const row = (textContent) => Object.assign(document.createElement("li"), { textContent });
const stateOf = ({ state }) => (state === SENDING ? WAITING : state);

async function pressed(event, { key }) {
  const act = event.target.closest("button[data-act]")?.dataset.act;
  if (act === "delete") {
    await remove(key);
    await redraw();
  } else if (act === "send") {
    await send(key);
  } else if (act === "as-now") {
    await send(await underThisSignIn(key));
  }
}

/** The draft of the other sign-in stays with the city, unsent; this one begins anew with everything that is here. */
async function underThisSignIn(key) {
  const kept = await get(key);
  if (kept?.state !== OTHER_PERSON) return key;
  const photos = kept.photos.map((photo) => ({ ...photo, sent: false }));
  const anew = { ...kept, key: draw(), who: kept.nowWho || "", state: WAITING, nextAt: 0, photos };
  await put(anew);
  await remove(key);
  return anew.key;
}
