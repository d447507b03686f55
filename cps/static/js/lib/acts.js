// What an officer did in the field without a connection, until the city has it: in a database of its own, in IndexedDB.
// An act: key (its form with what was typed: pressed twice it is one), who (the tag of the account), url, title, name (the last
// part of the address), fields ([[name, value]]), photos ([{field, name, type, bytes}]), at, state, problem (a status of HTTP).

import { fact } from "./store.js";

export const WAITING = "waiting";
export const REFUSED = "refused";

const PAGE = "/desk/field";
const NOT_TYPED = new Set(["csrf_token", "version", "shown"]);
const news = "BroadcastChannel" in globalThis ? new BroadcastChannel("cps-acts") : null;
let opened;
let running;

export const onNews = (act) => news?.addEventListener("message", act);

function open() {
  opened ||= new Promise((done, failed) => {
    const request = indexedDB.open("cps-field", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("acts", { keyPath: "key" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  return opened;
}

async function run(mode, act) {
  const transaction = (await open()).transaction("acts", mode);
  return new Promise((done, failed) => {
    const request = act(transaction.objectStore("acts"));
    transaction.oncomplete = () => done(request.result);
    transaction.onabort = transaction.onerror = () => failed(transaction.error);
  });
}

/** Return what somebody did, the oldest first. */
export async function actsOf(who) {
  const found = await run("readonly", (store) => store.getAll());
  return found.filter((one) => one.who === who).sort((one, other) => one.at - other.at);
}

export async function removeAct(key) {
  await run("readwrite", (store) => store.delete(key));
  news?.postMessage(key);
}

/** Keep a form of the field that did not arrive; false for any other form. */
export async function keepAct(url, form) {
  const who = await fact("who");
  if (form.get("back") !== "field" || !who) return false;
  const fields = [...form].filter(([, value]) => typeof value === "string");
  const files = [...form].filter(([, value]) => typeof value !== "string" && value.size);
  const photos = await Promise.all(files.map(async ([field, one]) => ({ field, name: one.name, type: one.type, bytes: await one.arrayBuffer() })));
  const typed = fields.filter(([name]) => !NOT_TYPED.has(name));
  const key = JSON.stringify([url, typed, photos.map(({ name, bytes }) => [name, bytes.byteLength])]);
  const name = url.split("/").pop();
  await run("readwrite", (store) => store.put({ key, who, url, name, title: form.get("title") || "", fields, photos, at: Date.now(), state: WAITING }));
  news?.postMessage(key);
  return true;
}

/** Send what waits, one after the other; returns whether something is still to be sent. */
export function sendActs() {
  running ||= send().finally(() => (running = undefined));
  return running;
}

async function send() {
  const who = (await fact("who")) || "";
  const acts = (await actsOf(who)).filter(({ state }) => state === WAITING);
  if (!acts.length) return false;
  const token = await freshToken(who);
  if (token === null) return true;
  for (const act of acts) {
    const answer = await fetch(act.url, { method: "POST", body: bodyOf(act, token), credentials: "same-origin" }).catch(() => null);
    const led = answer ? new URL(answer.url).pathname : "";
    if (!answer || answer.status >= 500 || answer.status === 429 || led.startsWith("/accounts/")) return true;
    if (answer.ok && led === PAGE) await removeAct(act.key);
    else await refuse(act, answer.status);
  }
  return false;
}

/** Return the token of today's sign-in, empty where its page has no form; null while the same person is not signed in here. */
async function freshToken(who) {
  const page = await fetch(PAGE, { credentials: "same-origin" }).catch(() => null);
  if (!page?.ok || page.headers.get("CPS-Who") !== who) return null;
  return /name="csrf_token" value="([^"]+)"/.exec(await page.text())?.[1] || "";
}

async function refuse(act, problem) {
  await run("readwrite", (store) => store.put({ ...act, state: REFUSED, problem }));
  news?.postMessage(act.key);
}

function bodyOf({ fields, photos }, token) {
  const body = new FormData();
  for (const [name, value] of fields) body.append(name, name === "csrf_token" ? token || value : value);
  for (const { field, name, type, bytes } of photos) body.append(field, new Blob([bytes], { type }), name);
  return body;
}
