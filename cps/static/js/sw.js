// The service worker: pages seen before, the form that works offline, and what could not be sent.
// The server puts `self.CPS` before it: build, zone, static (addresses to keep), offline, form and list (pages).

import { all, BEGUN, begun, change, fact, fresh, get, put, remove, SENDING, SENT, setFact, WAITING } from "./lib/store.js";
import { keepAct, sendActs } from "./lib/acts.js";
import { sendKept } from "./lib/sending.js";

const { build, zone, files, offline, form: FORM, list: LIST } = self.CPS;
const SHELLS = [offline, FORM, LIST];
const KINDS = ["files", "shells", "pages", "own", "field"];
const MOST_PAGES = 40;
const FILING = "/complaints/new";
const STEPS = { photos: 1, place: 1, words: 1, details: 1, check: 1 };
const NOT_TYPED = new Set(["csrf_token", "draft_key", "form_key", "back", "leave", "more"]);
const FIELD = "/desk/field";
const ACT = /^\/desk\/[\d-]+\/(here|missing|note|close)$/;
const PICTURE = /^\/photos\/[\w-]+\/thumbnail$/;
const PICTURES = /src="(\/photos\/[\w-]+\/thumbnail)"/g;
const MOST_PICTURES = 60;
const LARGEST_PICTURE = 16_000; // bytes; the city makes none of more than 8 KB
const PICTURE_BYTES = 500_000;
const IN_FLIGHT = 60_000;
const FIELD_FRESH = 10 * 60_000;
const DAY = 24 * 3600 * 1000;
const named = (kind, of = build) => `${kind}-${of}`;

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("sync", (event) => event.waitUntil(sendOrFail(event.tag)));
addEventListener("message", (event) => event.waitUntil(send(event.data)));
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate" && request.method === "GET") event.respondWith(page(event, url));
  else if (request.mode === "navigate" && request.method === "POST") posted(event, url.pathname);
  else if (request.method === "GET" && isFile(url)) event.respondWith(file(request));
  else if (request.method === "GET" && PICTURE.test(url.pathname) && request.referrer.endsWith(FIELD)) event.respondWith(picture(request));
});

async function install() {
  const cache = await caches.open(named("files"));
  await cache.addAll(files);
  await renewShells();
  await self.skipWaiting(); // open pages go on with what they have loaded
}

/** The files of the version before stay: pages that are open, or kept, may still want them. */
async function activate() {
  const before = await fact("build");
  if (before !== build) await setFact("before", before);
  await setFact("build", build);
  const wanted = [build, await fact("before")].flatMap((of) => KINDS.map((kind) => named(kind, of)));
  for (const name of await caches.keys()) if (!wanted.includes(name)) await caches.delete(name);
  await registration.navigationPreload?.enable();
  await clients.claim();
}

const send = (what) => (what === "acts" ? sendActs() : what === "field" ? renewField() : sendKept());

async function sendOrFail(what) {
  if (await send(what)) throw new Error("to be tried again"); // the browser then wakes us later
}

async function renewShells() {
  const cache = await caches.open(named("shells"));
  for (const address of SHELLS) {
    const answer = await fetch(address, { credentials: "same-origin", cache: "no-cache" });
    if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
    await cache.put(address, answer);
  }
  await setFact("renewed", Date.now());
}

const isFile = ({ pathname }) => pathname.startsWith("/static/dist/") || pathname.startsWith("/crest/") || pathname === "/city.css";

/** Built files are named by their content. */
async function file(request) {
  const known = await caches.match(request, { ignoreVary: true });
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(named("files"))).put(request, answer.clone());
  return answer;
}

async function page(event, url) {
  try {
    const answer = (await event.preloadResponse) || (await fetch(event.request));
    const copy = answer.status === 200 ? answer.clone() : null;
    event.waitUntil(seen(url, answer, copy));
    return answer;
  } catch {
    return withoutConnection(url);
  }
}

/** Note what a page that came says of who is signed in and of what was sent, and keep it where that is allowed. */
async function seen(url, answer, copy) {
  const header = (name) => answer.headers.get(name) || "";
  if (!copy || !header("Content-Type").startsWith("text/html")) return;
  const who = header("CPS-Who");
  if (who !== ((await fact("who")) || "")) await forgetOwner(who);
  if (url.pathname.startsWith(FILING)) await filingSeen(url.pathname);
  if (SHELLS.includes(url.pathname)) await (await caches.open(named("shells"))).put(url.pathname, copy);
  else if (who && header("CPS-Keep") === "own") await keepPage(named("own"), url, copy);
  else if (who && header("CPS-Keep") === "field") await keepField(url, copy);
  else if (!who && header("Cache-Control").startsWith("public")) await keepPage(named("pages"), url, copy);
  const field = await fieldPage(); // throws it away after a day, also where nobody opens it
  if (field && Date.now() - new Date(field.headers.get("Date")) > FIELD_FRESH) await renewField();
  if (Date.now() - ((await fact("renewed")) || 0) > DAY) await renewShells().catch(() => {});
}

async function keepPage(name, url, copy) {
  const cache = await caches.open(name);
  const address = url.pathname + url.search;
  await cache.delete(address, { ignoreVary: true }); // so that the newest stands last
  await cache.put(address, copy);
  const kept = await cache.keys();
  for (const old of kept.slice(0, Math.max(0, kept.length - MOST_PAGES))) await cache.delete(old, { ignoreVary: true });
}

/** The page of the field with the small pictures on it, as many as there is room for; those of the page before go. */
async function keepField(url, copy) {
  const cache = await caches.open(named("field"));
  const html = await copy.clone().text();
  await cache.put(url.pathname, copy);
  const wanted = navigator.connection?.saveData ? [] : [...html.matchAll(PICTURES)].slice(0, MOST_PICTURES).map(([, address]) => address);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname !== FIELD && !wanted.includes(pathname)) await cache.delete(request, { ignoreVary: true });
  }
  let room = PICTURE_BYTES;
  for (const address of wanted) room -= await keepPicture(cache, address, Math.min(room, LARGEST_PICTURE));
}

/**
 * Bring the kept page of the field up to date, so that cases that were handed over meanwhile leave the phone, and
 * tell pages that are open which are left. Answers whether it is to be tried again.
 */
async function renewField() {
  const cache = await caches.open(named("field"));
  if (!(await cache.match(FIELD, { ignoreVary: true }))) return false;
  const answer = await fetch(FIELD, { cache: "no-cache" }).catch(() => null);
  if (!answer || answer.status >= 500 || answer.status === 429) return true;
  if (answer.headers.get("CPS-Who") !== (await fact("who")) || answer.headers.get("CPS-Keep") !== "field") return !(await caches.delete(named("field")));
  const html = await answer.clone().text();
  await keepField(new URL(FIELD, location), answer);
  const left = [...html.matchAll(/data-case="(\d+)"/g)].map(([, reference]) => reference);
  for (const page of await clients.matchAll()) page.postMessage({ left });
  return false;
}

/** Keep one picture, unless it takes more than this; answers how many bytes it takes. */
async function keepPicture(cache, address, most) {
  const known = await cache.match(address, { ignoreVary: true });
  const answer = known || (await fetch(address).catch(() => null));
  if (!answer?.ok) return 0;
  const { size } = await answer.clone().blob();
  if (size > most) return (await cache.delete(address, { ignoreVary: true }), 0);
  if (!known) await cache.put(address, answer);
  return size;
}

/** A picture as the city has it; without a connection the one that was kept with the page of the field. */
async function picture(request) {
  try {
    return await fetch(request);
  } catch {
    return (await (await caches.open(named("field"))).match(request.url, { ignoreVary: true })) || Response.error();
  }
}

/** Somebody else is signed in now, or nobody: the pages of the one before go, and PIN and link of what they sent. */
async function forgetOwner(who = "") {
  for (const name of await caches.keys()) if (/^(own|field)-/.test(name)) await caches.delete(name);
  for (const { key, state, cut, who: owner } of await all()) {
    const isInAccount = state === SENT && owner && owner !== who;
    if ((state === BEGUN && !cut) || isInAccount) await remove(key); // the city has it
  }
  await setFact("who", who);
}

async function withoutConnection({ pathname, search }) {
  if (pathname.startsWith(`${FILING}/done`)) {
    await unsure();
    return shell(LIST);
  }
  if (pathname.startsWith(FILING)) return shell(FORM);
  if (SHELLS.includes(pathname)) return shell(pathname);
  if (pathname === FIELD) return fieldAsOf();
  for (const name of [named("own"), named("pages"), ...(await caches.keys()).filter((one) => /^(own|pages)-/.test(one))]) {
    const known = await (await caches.open(name)).match(pathname + search, { ignoreVary: true });
    if (known) return asOf(known);
  }
  return shell(offline, 503);
}

/** The page of the field as it was within the last day; an older one is thrown away. */
async function fieldPage() {
  const cache = await caches.open(named("field"));
  const known = await cache.match(FIELD, { ignoreVary: true });
  if (known && Date.now() - new Date(known.headers.get("Date") || 0) < DAY) return known;
  await caches.delete(named("field")); // with its pictures
  return null;
}

async function fieldAsOf() {
  const known = await fieldPage();
  await registration.sync?.register("field").catch(() => {}); // to be asked for anew once there is a connection
  return known ? asOf(known) : shell(offline, 503);
}

async function shell(address, status = 200) {
  const known = await caches.match(address, { ignoreVary: true });
  if (!known) return Response.error();
  return new Response(known.body, { status, headers: known.headers });
}

/** A page as it was, with the line that says from when it is. */
async function asOf(known) {
  const html = await known.text();
  const at = new Date(known.headers.get("Date") || 0);
  const language = (/<html lang="([\w-]+)"/.exec(html) || [])[1];
  const words = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: zone }).format(at);
  const told = html.replace("data-as-of hidden", "data-as-of").replace("<time></time>", `<time datetime="${at.toISOString()}">${words}</time>`);
  return new Response(told, { headers: known.headers });
}

function posted(event, pathname) {
  const step = pathname.startsWith(`${FILING}/`) ? pathname.slice(FILING.length + 1) : "";
  if (STEPS[step]) event.respondWith(sendStep(event, step));
  else if (ACT.test(pathname)) event.respondWith(sendAct(event, pathname));
  else if (step === "anew") event.waitUntil(begun().then((kept) => kept && remove(kept.key)));
  else if (pathname === "/accounts/sign-out") event.waitUntil(forgetOwner());
  else if (pathname === "/language" || pathname === "/text-size") {
    event.respondWith(
      fetch(event.request).then((answer) => {
        event.waitUntil(renewShells().catch(() => {}));
        return answer;
      }),
    );
  }
}

/** What an officer did: where it does not arrive and came from the field, it is kept and sent later. */
async function sendAct(event, pathname) {
  const copy = event.request.clone();
  try {
    return await fetch(event.request);
  } catch {
    const kept = await keepAct(pathname, await copy.formData());
    if (!kept) return Response.error();
    await registration.sync?.register("acts").catch(() => {});
    return Response.redirect(FIELD, 303);
  }
}

/** A step of filing: what was typed is kept here before it travels, and stays when it does not arrive. */
async function sendStep(event, step) {
  const copy = event.request.clone();
  const noting = copy.formData().then((form) => note(step, form)).catch(() => null);
  event.waitUntil(noting);
  const answer = await fetch(event.request).catch(() => null);
  const kept = await noting;
  if (answer && (answer.status < 500 || !kept)) {
    if (kept) event.waitUntil(arrived(kept, step, answer));
    return answer;
  }
  if (!kept) return Response.error();
  if (step !== "check") {
    await change(kept.key, () => ({ cut: true }));
    return Response.redirect(`${FORM}#${kept.key}`, 303);
  }
  await unsure();
  return Response.redirect(LIST, 303);
}

async function note(step, form) {
  const key = form.get("draft_key");
  const kept = (key && (await get(key))) || (!key && (await begun())) || (await fresh(key || undefined));
  if (step === "photos") kept.photos = [...kept.photos, ...(await photosOf(form))];
  else if (step === "check") kept.state = SENDING;
  else kept.fields = { ...kept.fields, [step]: [...form].filter(([name, value]) => !NOT_TYPED.has(name) && typeof value === "string") };
  await put(kept);
  return kept;
}

async function photosOf(form) {
  const files = [...form.getAll("camera"), ...form.getAll("photos")].filter((one) => one.size);
  return Promise.all(files.map(async (one) => ({ name: one.name, type: one.type, bytes: await one.arrayBuffer() })));
}

/** The city has answered: its draft holds the photos now, and a page that came instead of a way on asks once more. */
async function arrived({ key }, step, answer) {
  if (step === "photos") await change(key, ({ photos }) => ({ photos: photos.filter(({ sent }) => sent), hasSent: photos.length > 0 }));
  if (step === "check" && answer.type !== "opaqueredirect") await change(key, () => ({ state: BEGUN }));
}

/** A page of filing came: the last one ends what was sent, any other says that it was not. */
async function filingSeen(pathname) {
  const isDone = pathname.startsWith(`${FILING}/done`);
  for (const { key, state, touchedAt } of await all()) {
    if (state !== SENDING || Date.now() - touchedAt > IN_FLIGHT) continue;
    if (isDone) await remove(key);
    else await change(key, () => ({ state: BEGUN }));
  }
}

/** Whether it arrived nobody knows: it is sent once more, and the city takes it once. */
async function unsure() {
  for (const { key, state } of await all()) if (state === SENDING) await change(key, () => ({ state: WAITING, cut: true, nextAt: 0 }));
  await registration.sync?.register("kept").catch(() => {});
}
