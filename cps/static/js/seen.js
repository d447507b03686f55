// The page shown without a connection: which pages this phone has kept, the newest first. Words come from the page.

const part = document.querySelector("[data-seen]");
const MOST = 12;

start();

async function start() {
  if (!("caches" in window)) return;
  const found = new Map();
  for (const name of await caches.keys()) {
    if (!/^(own|pages)-/.test(name)) continue;
    const cache = await caches.open(name);
    for (const request of (await cache.keys()).reverse().slice(0, MOST)) {
      const { pathname, search } = new URL(request.url);
      const answer = await cache.match(request, { ignoreVary: true });
      const { title } = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (title) found.set(pathname + search, title);
    }
  }
  const rows = [...found].slice(0, MOST).map(([href, title]) => {
    const link = Object.assign(document.createElement("a"), { href, textContent: title });
    const row = document.createElement("li");
    row.append(link);
    return row;
  });
  part.querySelector("ul").replaceChildren(...rows);
  part.hidden = !rows.length;
}
