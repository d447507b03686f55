// On every page: the service worker, and a line when something is kept on this phone. Words come from the page.

import { all, begun, BEGUN, draw, SENT } from "./store.js";

const worker = navigator.serviceWorker;
const { worker: address } = document.documentElement.dataset;

export async function startPhone() {
  const line = document.querySelector("[data-kept]");
  if (!line || !("indexedDB" in window)) return;
  if (worker) await (address ? register() : unregister()).catch(() => {});
  await fillKeys().catch(() => {});
  await tell(line).catch(() => {}); // private windows of some browsers have no store
}

async function register() {
  const whole = new Promise((done) => addEventListener("load", done));
  if (document.readyState !== "complete") await whole; // the page itself comes first
  await worker.register(address, { updateViaCache: "none" });
  addEventListener("online", askToSend);
  askToSend();
}

async function unregister() {
  for (const one of await worker.getRegistrations()) await one.unregister();
}

/** Let the worker send what is due. */
export function askToSend() {
  worker?.controller?.postMessage("send");
}

/** Ask the browser to wake the worker when there is a connection, also after the page is closed. */
export async function wakeLater() {
  try {
    const { sync } = await worker.getRegistration();
    await sync.register("kept");
  } catch {
    // then it is sent when a page opens
  }
}

/** The steps of filing carry the token of their draft; before there is one, this phone draws it. */
async function fillKeys() {
  const empty = document.querySelectorAll('input[name=draft_key][value=""]');
  if (!empty.length || !worker?.controller) return;
  const key = (await begun())?.key || draw();
  empty.forEach((field) => (field.value = key));
}

async function tell(line) {
  const kept = (await all()).filter(({ state, cut }) => state !== BEGUN || cut);
  if (!kept.length || location.pathname === new URL(line.firstElementChild.href).pathname) return;
  const isSent = kept.some(({ state, shown }) => state === SENT && !shown);
  if (!isSent && kept.every(({ state }) => state === SENT)) return;
  line.querySelector("[data-sent]").hidden = !isSent;
  line.querySelector("[data-waiting]").hidden = isSent;
  line.hidden = false;
}
