// Served as the service worker where the city has switched it off: takes itself away, with every page it kept.
// Complaints that wait on the phone stay; the page "Kept on this phone" sends them.

addEventListener("install", () => self.skipWaiting());
addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  for (const name of await caches.keys()) await caches.delete(name);
  await self.registration.unregister();
}
