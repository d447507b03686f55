// In the field: the nearest cases first, and what could not be sent yet. Where the phone is stays on the phone. Words come from the page.

import { actsOf, onNews, REFUSED, removeAct } from "./lib/acts.js";
import { fact } from "./lib/store.js";

const RADIUS = 6_371_000;
const radians = (degrees) => (degrees * Math.PI) / 180;

const nearest = document.querySelector("[data-nearest]");
const cards = document.querySelector("[data-cards]");
const acts = document.querySelector("[data-acts]");

if (nearest && navigator.geolocation) prepareNearest();
showActs();
onNews(showActs);
addEventListener("pageshow", () => wake("acts"));
addEventListener("online", () => ["acts", "field"].forEach(wake));
wake("acts");

navigator.serviceWorker?.addEventListener("message", ({ data }) => data?.left && takeAway(data.left));

/** Cards of cases that are somebody else's by now go, but for one in which somebody is writing. */
function takeAway(left) {
  const isWritten = (card) => [...card.querySelectorAll("textarea")].some(({ value }) => value);
  for (const card of [...cards.children]) if (!left.includes(card.dataset.case) && !isWritten(card)) card.remove();
}

function wake(what) {
  navigator.serviceWorker?.controller?.postMessage(what);
}

function prepareNearest() {
  const { busy, done, failed } = nearest.dataset;
  const button = nearest.querySelector("button");
  const say = nearest.querySelector("[role=status]");
  nearest.hidden = false;
  button.addEventListener("click", () => {
    say.textContent = busy;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        sort(coords);
        say.textContent = done;
      },
      () => (say.textContent = failed),
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });
}

/** Bring the nearest cards up; those without a place come last, in their order. */
function sort({ latitude, longitude }) {
  const far = (card) => (card.dataset.lat ? metres(latitude, longitude, +card.dataset.lat, +card.dataset.lon) : Infinity);
  const found = [...cards.children].map((card) => [far(card), card]);
  for (const [distance, card] of found.sort(([one], [other]) => (one === other ? 0 : one - other))) {
    if (distance < Infinity) card.querySelector("[data-distance]").textContent = inWords(distance);
    cards.append(card);
  }
}

function inWords(distance) {
  const language = document.documentElement.lang;
  const { metres: near, kilometres } = cards.dataset;
  if (distance < 950) return near.replace("{n}", Math.max(10, Math.round(distance / 10) * 10));
  return kilometres.replace("{n}", new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(distance / 1000));
}

function metres(lat, lon, otherLat, otherLon) {
  const north = radians(otherLat - lat);
  const east = radians(otherLon - lon) * Math.cos(radians((lat + otherLat) / 2));
  return RADIUS * Math.hypot(north, east);
}

async function showActs() {
  const found = await actsOf((await fact("who").catch(() => "")) || "").catch(() => []);
  acts.querySelector("ul").replaceChildren(...found.map(row));
  acts.hidden = !found.length;
}

function row(act) {
  const item = document.createElement("li");
  const typed = act.fields.find(([name]) => name === "message");
  const button = act.state === REFUSED ? Object.assign(document.createElement("button"), { className: "button is-quiet", type: "button", textContent: acts.dataset.forget }) : null;
  button?.addEventListener("click", () => removeAct(act.key).then(showActs));
  const link = Object.assign(document.createElement("a"), { href: act.url.replace(/\/\w+$/, ""), textContent: act.title });
  const parts = [line("strong", link), line("p", wordsOf(act.name)), typed?.[1] ? line("p", typed[1]) : null];
  item.append(...[...parts, line("p", act.state === REFUSED ? acts.dataset.refused : acts.dataset.waiting), button].filter(Boolean));
  return item;
}

/** The words of the button by which such an act is sent. */
function wordsOf(name) {
  return document.querySelector(`[data-cards] form[action$="/${name}"] button:not([type=button])`)?.textContent.trim() || "";
}

function line(tag, content) {
  const element = document.createElement(tag);
  element.append(content);
  return element;
}
