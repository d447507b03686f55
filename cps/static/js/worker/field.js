// The page of officers in the field: kept for a day with the small pictures on it, and brought up to date.

import { fact } from "../lib/store.js";
import { keepAct } from "../lib/acts.js";
import { asOf, DAY, named, OFFLINE, shell } from "./kept.js";

export const FIELD = "/desk/field";
const PICTURES = /src="(\/photos\/[\w-]+\/thumbnail)"/g;
const MOST_PICTURES = 60;
const LARGEST_PICTURE = 16_000; // bytes; the city makes none of more than 8 KB
const PICTURE_BYTES = 500_000;
const FRESH = 10 * 60_000;

/** The page of the field with the small pictures on it, as many as there is room for; those of the page before go. */
export async function keepField(url, copy) {
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
export async function renewField() {
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

/** Bring it up to date where it was not for some minutes; it is thrown away after a day, also where nobody opens it. */
export async function renewOldField() {
  const field = await fieldPage();
  if (field && Date.now() - new Date(field.headers.get("Date")) > FRESH) await renewField();
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
export async function picture(request) {
  try {
    return await fetch(request);
  } catch {
    return (await (await caches.open(named("field"))).match(request.url, { ignoreVary: true })) || Response.error();
  }
}

/** The page of the field as it was within the last day; an older one is thrown away. */
async function fieldPage() {
  const cache = await caches.open(named("field"));
  const known = await cache.match(FIELD, { ignoreVary: true });
  if (known && Date.now() - new Date(known.headers.get("Date") || 0) < DAY) return known;
  await caches.delete(named("field")); // with its pictures
  return null;
}

export async function fieldAsOf() {
  const known = await fieldPage();
  await registration.sync?.register("field").catch(() => {}); // to be asked for anew once there is a connection
  return known ? asOf(known) : shell(OFFLINE, 503);
}

/** What an officer did: where it does not arrive and came from the field, it is kept and sent later. */
export async function sendAct(event, pathname) {
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
