// The steps of filing: what was typed is kept on the phone before it travels.

import { all, BEGUN, begun, change, fresh, get, put, remove, SENDING, WAITING } from "../lib/store.js";
import { FORM, LIST } from "./kept.js";

export const FILING = "/complaints/new";
const NOT_TYPED = new Set(["csrf_token", "draft_key", "form_key", "back", "leave", "more"]);
const IN_FLIGHT = 60_000;

/** A step of filing: what was typed is kept here before it travels, and stays when it does not arrive. */
export async function sendStep(event, step) {
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
export async function filingSeen(pathname) {
  const isDone = pathname.startsWith(`${FILING}/done`);
  for (const { key, state, touchedAt } of await all()) {
    if (state !== SENDING || Date.now() - touchedAt > IN_FLIGHT) continue;
    if (isDone) await remove(key);
    else await change(key, () => ({ state: BEGUN }));
  }
}

/** Whether it arrived nobody knows: it is sent once more, and the city takes it once. */
export async function unsure() {
  for (const { key, state } of await all()) if (state === SENDING) await change(key, () => ({ state: WAITING, cut: true, nextAt: 0 }));
  await registration.sync?.register("kept").catch(() => {});
}
