// What the service worker keeps: files, shells (pages that work without a connection), pages seen before and own ones.

import { all, BEGUN, fact, remove, SENT, setFact } from "../lib/store.js";

const { build, zone, offline, form, list } = self.CPS;
const MOST_PAGES = 40;
export const OFFLINE = offline;
export const FORM = form;
export const LIST = list;
export const SHELLS = [OFFLINE, FORM, LIST];
export const KINDS = ["files", "shells", "pages", "own", "field"];
export const DAY = 24 * 3600 * 1000;
export const named = (kind, of = build) => `${kind}-${of}`;

export async function renewShells() {
  const cache = await caches.open(named("shells"));
  for (const address of SHELLS) {
    const answer = await fetch(address, { credentials: "same-origin", cache: "no-cache" });
    if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
    await cache.put(address, answer);
  }
  await setFact("renewed", Date.now());
}

export async function shell(address, status = 200) {
  const known = await caches.match(address, { ignoreVary: true });
  if (!known) return Response.error();
  return new Response(known.body, { status, headers: known.headers });
}

export async function keepPage(name, url, copy) {
  const cache = await caches.open(name);
  const address = url.pathname + url.search;
  await cache.delete(address, { ignoreVary: true }); // so that the newest stands last
  await cache.put(address, copy);
  const kept = await cache.keys();
  for (const old of kept.slice(0, Math.max(0, kept.length - MOST_PAGES))) await cache.delete(old, { ignoreVary: true });
}

/** Somebody else is signed in now, or nobody: the pages of the one before go, and PIN and link of what they sent. */
export async function forgetOwner(who = "") {
  for (const name of await caches.keys()) if (/^(own|field)-/.test(name)) await caches.delete(name);
  for (const { key, state, cut, who: owner } of await all()) {
    const isInAccount = state === SENT && owner && owner !== who;
    if ((state === BEGUN && !cut) || isInAccount) await remove(key); // the city has it
  }
  await setFact("who", who);
  await setFact("changed", Date.now());
}

/** Whether a page that was asked for at this time comes late: who was signed in then has left. */
export async function isLate(asked) {
  const changed = (await fact("changed")) || 0;
  return asked <= changed && changed <= Date.now(); // a clock that was set back makes nothing late
}

/** A page as it was, with the line that says from when it is. */
export async function asOf(known) {
  const html = await known.text();
  const at = new Date(known.headers.get("Date") || 0);
  const language = (/<html lang="([\w-]+)"/.exec(html) || [])[1];
  const words = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: zone }).format(at);
  const told = html.replace("data-as-of hidden", "data-as-of").replace("<time></time>", `<time datetime="${at.toISOString()}">${words}</time>`);
  return new Response(told, { headers: known.headers });
}
