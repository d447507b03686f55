// What this phone keeps until the city has it: complaints with their photos, and a few facts, in IndexedDB.
// A complaint: key (the token of its draft, drawn here), who (the tag of the sign-in it was begun under), state,
// cut (something of it could not be sent), fields ({step: [[name, value]]}), photos ([{name, type, bytes, sha, sent,
// refused}]), begunAt and touchedAt (milliseconds), tries and nextAt, problems, and once sent number, pin and link.

export const BEGUN = "begun";
export const SENDING = "sending";
export const WAITING = "waiting";
export const LOOK = "look";
export const OTHER_PERSON = "other-person";
export const SENT = "sent";

const NAME = "cps";
const VERSION = 1;
const news = "BroadcastChannel" in globalThis ? new BroadcastChannel("cps-kept") : null;
let opened;

function open() {
  opened ||= new Promise((done, failed) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("kept", { keyPath: "key" });
      request.result.createObjectStore("facts");
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => {
        request.result.close(); // a newer version of this program wants to change it
        opened = undefined;
      };
      done(request.result);
    };
    request.onerror = () => failed(request.error);
  });
  return opened;
}

/** Run `act` on a store and answer, once it is on the disk, with what its request found. */
async function run(store, mode, act) {
  const transaction = (await open()).transaction(store, mode);
  return new Promise((done, failed) => {
    let found;
    act(transaction.objectStore(store), (value) => (found = value));
    transaction.oncomplete = () => done(found);
    transaction.onabort = transaction.onerror = () => failed(transaction.error);
  });
}

const asked = (request, tell) => (request.onsuccess = () => tell(request.result));

export const all = () => run("kept", "readonly", (store, tell) => asked(store.getAll(), tell));
export const get = (key) => run("kept", "readonly", (store, tell) => asked(store.get(key), tell));
export const fact = (name) => run("facts", "readonly", (store, tell) => asked(store.get(name), tell));
export const setFact = (name, value) => run("facts", "readwrite", (store) => store.put(value, name));

export async function remove(key) {
  await run("kept", "readwrite", (store) => store.delete(key));
  news?.postMessage(key);
}

export async function put(kept) {
  await run("kept", "readwrite", (store) => store.put({ ...kept, touchedAt: Date.now() }));
  news?.postMessage(kept.key);
}

/** Change one complaint as it stands now; answers with it, or with nothing where it is gone. */
export async function change(key, edit) {
  const changed = await run("kept", "readwrite", (store, tell) => {
    asked(store.get(key), (kept) => {
      if (!kept) return;
      Object.assign(kept, edit(kept), { touchedAt: Date.now() });
      store.put(kept);
      tell(kept);
    });
  });
  news?.postMessage(key);
  return changed;
}

export function onNews(tell) {
  news?.addEventListener("message", tell);
}

/** A fresh token of 256 bits. */
export function draw() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export async function fresh(key = draw()) {
  const now = Date.now();
  const who = (await fact("who")) || "";
  return { key, who, state: BEGUN, cut: false, fields: {}, photos: [], begunAt: now, touchedAt: now, tries: 0, problems: [] };
}

/** The complaint that is being written, if there is one. */
export async function begun() {
  const open = (await all()).filter(({ state }) => state === BEGUN);
  return open.sort((a, b) => b.touchedAt - a.touchedAt)[0];
}
