// The service worker: pages seen before, the form that works offline, and what could not be sent.
// The server puts `self.CPS` before it: build, zone, static (addresses to keep), offline, form and list (pages).

import { sendActs } from "./lib/acts.js";
import { sendKept } from "./lib/sending.js";
import { begun, fact, remove, setFact } from "./lib/store.js";
import { FIELD, fieldAsOf, keepField, picture, renewField, renewOldField, sendAct } from "./worker/field.js";
import { FILING, filingSeen, sendStep, unsure } from "./worker/filing.js";
import { asOf, DAY, forgetOwner, FORM, isLate, keepPage, KINDS, LIST, named, OFFLINE, renewShells, shell, SHELLS } from "./worker/kept.js";

const { build, files } = self.CPS;
const STEPS = { photos: 1, place: 1, words: 1, details: 1, check: 1 };
const ACT = /^\/desk\/[\d-]+\/(here|missing|note|close)$/;
const PICTURE = /^\/photos\/[\w-]+\/thumbnail$/;

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
  const asked = Date.now();
  try {
    const answer = (await event.preloadResponse) || (await fetch(event.request));
    const copy = answer.status === 200 ? answer.clone() : null;
    event.waitUntil(seen(url, answer, copy, asked));
    return answer;
  } catch {
    return withoutConnection(url);
  }
}

/** Note what a page that came says of who is signed in and of what was sent, and keep it where that is allowed. */
async function seen(url, answer, copy, asked) {
  const header = (name) => answer.headers.get(name) || "";
  if (!copy || !header("Content-Type").startsWith("text/html")) return;
  const who = header("CPS-Who");
  if (who !== ((await fact("who")) || "")) {
    if (await isLate(asked)) return;
    await forgetOwner(who);
  }
  if (url.pathname.startsWith(FILING)) await filingSeen(url.pathname);
  if (SHELLS.includes(url.pathname)) await (await caches.open(named("shells"))).put(url.pathname, copy);
  else if (who && header("CPS-Keep") === "own") await keepPage(named("own"), url, copy);
  else if (who && header("CPS-Keep") === "field") await keepField(url, copy);
  else if (!who && header("Cache-Control").startsWith("public")) await keepPage(named("pages"), url, copy);
  await renewOldField();
  if (Date.now() - ((await fact("renewed")) || 0) > DAY) await renewShells().catch(() => {});
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
  return shell(OFFLINE, 503);
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
