// Sends what this phone keeps: photo by photo, then the rest. Each may be sent again as often as answers get lost.
// Runs in the service worker, and on the page of what is kept where there is none.

import { all, change, draw, get, LOOK, BEGUN, OTHER_PERSON, put, remove, SENDING, SENT, WAITING } from "./store.js";

const PHOTO = "/complaints/kept/photo";
const WHOLE = "/complaints/kept";
const TOO_LARGE = 413;
const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;
const BEGUN_KEPT = 7 * DAY;
const SENT_KEPT = 7 * DAY;
const ALONE = 25 * DAY; // the city knows for thirty days what it has had already
const UNSURE = 60 * SECOND; // so long the page after "Send" may take to come
const FIRST_PAUSE = 30 * SECOND;
const LONGEST_PAUSE = 6 * 3600 * SECOND;

let running;

/** Send all that is due, or the one of this key at once; answers whether something has to be tried again. */
export function sendKept(key) {
  running = (running || Promise.resolve()).then(() => alone(() => sendDue(key)));
  return running;
}

/** Page and worker do not send at the same time; the city would take it once all the same. */
const alone = (act) => (navigator.locks ? navigator.locks.request("cps-kept", act) : act());

async function sendDue(key) {
  const now = Date.now();
  for (const kept of await all()) {
    if (isStale(kept, now)) await remove(kept.key);
    else if (key ? kept.key === key : isDue(kept, now)) await send(kept);
  }
  return (await all()).some(({ state }) => state === WAITING);
}

function isStale({ state, cut, touchedAt }, now) {
  return (state === BEGUN && !cut && now - touchedAt > BEGUN_KEPT) || (state === SENT && now - touchedAt > SENT_KEPT);
}

function isDue({ state, begunAt, touchedAt, nextAt = 0 }, now) {
  if (state === SENDING) return now - touchedAt > UNSURE;
  return state === WAITING && nextAt <= now && now - begunAt < ALONE;
}

async function send(kept) {
  kept = await change(kept.key, () => ({ state: WAITING, problems: [] }));
  for (let n = 0; kept && n < kept.photos.length; n += 1) {
    const photo = kept.photos[n];
    if (photo.sent || photo.refused) continue;
    const form = said(kept);
    form.append("photo", new Blob([photo.bytes], { type: photo.type }), photo.name);
    const answer = await post(PHOTO, form);
    if (answer.status === TOO_LARGE) answer.body.refused = String(TOO_LARGE); // said in words by the page of what is kept
    if (answer.status !== 200 && !answer.body.refused) return heard(kept, answer);
    kept = await change(kept.key, ({ photos }) => {
      Object.assign(photos[n], { sha: answer.body.photo, sent: !answer.body.refused, refused: answer.body.refused });
      return { photos };
    });
  }
  if (kept) await heard(kept, await post(WHOLE, whole(kept)));
}

function said({ key, who }) {
  const form = new FormData();
  form.append("draft_key", key);
  form.append("who", who);
  return form;
}

function whole(kept) {
  const form = said(kept);
  for (const [step, fields] of Object.entries(kept.fields)) {
    form.append("step", step);
    for (const [name, value] of fields) form.append(name, value);
  }
  for (const { sent, sha } of kept.photos) if (sent && sha) form.append("photo", sha);
  form.append("seconds", Math.round((Date.now() - kept.begunAt) / SECOND));
  return form;
}

/** What the city says; status 0 where nothing came that can be from it, as from the page of a café's network. */
async function post(address, body) {
  try {
    const answer = await fetch(address, { method: "POST", body, credentials: "same-origin", redirect: "error" });
    const isOurs = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    const wait = Number(answer.headers.get("Retry-After")) || 0;
    return { status: isOurs || answer.status >= 400 ? answer.status : 0, wait, body: isOurs ? await answer.json() : {} };
  } catch {
    return { status: 0, wait: 0, body: {} };
  }
}

function heard(kept, { status, wait, body }) {
  const { state, problems = [], photos: missing = [] } = body;
  if (state === SENT) return sent(kept, body);
  if (state === LOOK || state === OTHER_PERSON) return change(kept.key, () => ({ state, problems, nowWho: body.who }));
  if (state === "new-key") return underNewKey(kept);
  if (state === "photos-missing") {
    const photos = kept.photos.map((photo) => (missing.includes(photo.sha) ? { ...photo, sent: false } : photo));
    return change(kept.key, (now) => ({ photos, ...later(now, 0) }));
  }
  if (status === 422 && problems.length) return change(kept.key, () => ({ state: LOOK, problems }));
  if (!status) return change(kept.key, () => ({ nextAt: 0 })); // no line: the next page that opens tries again
  return change(kept.key, (now) => later(now, wait * SECOND));
}

/** Once the city has it, its words and photos leave the phone. */
function sent(kept, { number, pin, link, address }) {
  const refused = kept.photos.filter((photo) => photo.refused).map(({ name, refused: why }) => `${name}: ${why}`);
  const title = titleOf(kept);
  return change(kept.key, () => ({ state: SENT, cut: true, title, number, pin, link, address, problems: refused, fields: {}, photos: [] }));
}

export function titleOf({ title, fields: { words = [] } }) {
  return title || (words.find(([name]) => name === "body") || [])[1] || "";
}

async function underNewKey(kept) {
  const now = await get(kept.key);
  if (!now) return;
  const photos = now.photos.map((photo) => ({ ...photo, sent: false }));
  await put({ ...now, key: draw(), photos, ...later(now, 0) });
  await remove(kept.key);
}

/** Growing pauses with a little chance in them, so that not all phones of a city come back at once. */
function later({ tries }, least) {
  const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(tries, 10)) * (0.75 + Math.random() / 2);
  return { state: WAITING, tries: tries + 1, nextAt: Date.now() + Math.max(least, pause) };
}
