// Cases on a map: few of them one by one, many as buttons that say how many. The server counts and finds the words.

const SIZE = 44;
const GRID = 2; // boxes are asked for along lines 64 pixels apart, so that neighbouring views ask for the same
const WAIT = 200;
const NEAREST = 19;

/** Cases of whatever part of the city is looked at; a sentence and a link to their list follow the map. */
export async function showCases(L, map, part) {
  const { points, box } = part.dataset;
  const layer = L.layerGroup().addTo(map);
  const first = await load(addressed(points, box ? { box } : {}));
  show(first);
  const around = box ? box.split(",").map(Number) : first.bbox;
  if (around) map.fitBounds(corners(around), { animate: false, maxZoom: 17 });

  let shown = "";
  let timer;
  let asking;
  map.on("moveend zoomend", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, WAIT);
  });
  await refresh();

  async function refresh() {
    const zoom = Math.max(0, Math.floor(map.getZoom()));
    const box = widened(map.getBounds(), zoom);
    if (shown === `${zoom} ${box}`) return;
    asking?.abort();
    asking = new AbortController();
    try {
      const whole = await load(addressed(points, { box, zoom }), asking.signal);
      shown = `${zoom} ${box}`;
      show(whole);
    } catch (error) {
      if (error.name !== "AbortError") part.querySelector("[data-here]").textContent = part.dataset.lost;
    }
  }

  function show(whole) {
    const hadFocus = map.getPane("markerPane").contains(document.activeElement);
    const focused = hadFocus && document.activeElement.dataset.key;
    layer.clearLayers();
    for (const feature of whole.features) layer.addLayer(marker(L, map, part, feature));
    tell(part, whole);
    if (hadFocus) (focused && find(map, focused) ? find(map, focused) : map.getContainer()).focus({ preventScroll: true });
  }
}

/** Cases that are known from the beginning, such as the one of a page. */
export async function showPoints(L, map, part) {
  const { features } = await load(part.dataset.points);
  const layer = L.featureGroup(features.map((feature) => marker(L, map, part, feature))).addTo(map);
  if (features.length) map.fitBounds(layer.getBounds().pad(0.1), { maxZoom: 16, animate: false });
}

async function load(address, signal) {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json, application/json" }, signal });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function addressed(address, values) {
  const url = new URL(address, location.href);
  for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value);
  return url;
}

function tell(part, { text, list, count, to_list }) {
  part.querySelector("[data-here]").textContent = text;
  const link = part.querySelector("[data-list]");
  link.hidden = !count;
  if (count) link.href = list;
  link.querySelector("span").textContent = to_list;
}

function marker(L, map, part, { geometry, properties }) {
  const [lon, lat] = geometry.coordinates;
  const isCluster = "short" in properties;
  const place = isCluster ? apart(L, map, [lat, lon], properties.bbox) : [lat, lon];
  const made = L.marker(place, { icon: new (button(L))(part, properties), riseOnHover: true });
  made.on("click", () => (isCluster ? comeCloser(map, [lat, lon], properties) : showOne(L, map, [lat, lon], properties)));
  return made;
}

/** A marker that is a real button, with its whole meaning as its name. */
function button(L) {
  return L.DivIcon.extend({
    options: { iconSize: [SIZE, SIZE] },
    initialize(part, properties) {
      L.setOptions(this, {});
      this.part = part;
      this.properties = properties;
    },
    createIcon() {
      const made = document.createElement("button");
      made.type = "button";
      const { short, text, title, status, colour, icon, href, count } = this.properties;
      made.dataset.key = href;
      made.title = text || title;
      made.setAttribute("aria-label", text || `${status}: ${title}`);
      if (short) {
        made.textContent = short;
        const { waiting, in_hand: inHand } = this.properties;
        made.style.setProperty("--waits", `${(100 * waiting) / count}%`);
        made.style.setProperty("--going", `${(100 * (waiting + inHand)) / count}%`);
      } else {
        made.append(drawn(this.part.dataset.icons, icon || "map-pin"));
      }
      this.options.className = short ? "map-cluster" : `map-point is-${colour}`;
      this._setIconStyles(made, "icon");
      return made;
    },
  });
}

function drawn(sprite, name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  svg.append(use);
  return svg;
}

/** The place of a cluster, moved so far into its cell that no two buttons lie on each other. */
function apart(L, map, place, [west, south, east, north]) {
  const [from, to] = [map.project([north, west]), map.project([south, east])];
  const point = map.project(place);
  const inside = (value, low, high) => (high - low < SIZE ? (low + high) / 2 : Math.min(high - SIZE / 2, Math.max(low + SIZE / 2, value)));
  return map.unproject(L.point(inside(point.x, from.x, to.x), inside(point.y, from.y, to.y)));
}

/** Two steps closer to the middle of the cases; where there are none the list of them is left. */
function comeCloser(map, place, { href }) {
  const zoom = Math.floor(map.getZoom());
  if (zoom >= NEAREST) location.assign(href);
  else map.setView(place, Math.min(NEAREST, zoom + 2));
}

function showOne(L, map, place, { title, href, status, colour, lang }) {
  const link = Object.assign(document.createElement("a"), { href, textContent: title, lang: lang || "" });
  const word = Object.assign(document.createElement("span"), { className: `pill is-${colour}`, textContent: status || "" });
  const box = document.createElement("div");
  box.className = "map-card";
  box.append(link, word);
  const popup = L.popup({ offset: [0, -14], autoPanPaddingTopLeft: [64, 12], autoPanPaddingBottomRight: [12, 12] }).setLatLng(place).setContent(box);
  popup.on("remove", () => (find(map, href) || map.getContainer()).focus({ preventScroll: true }));
  popup.openOn(map);
  link.focus({ preventScroll: true });
}

function find(map, key) {
  return [...map.getPane("markerPane").children].find((made) => made.dataset.key === key);
}

function corners([west, south, east, north]) {
  return [
    [south, west],
    [north, east],
  ];
}

/** What is looked at, widened to the lines of the grid: west, south, east, north. */
function widened(bounds, zoom) {
  const count = 2 ** (zoom + GRID);
  const column = (lon) => ((Math.max(-180, Math.min(180, lon)) + 180) / 360) * count;
  const row = (lat) => {
    const angle = (Math.max(-85.05, Math.min(85.05, lat)) * Math.PI) / 180;
    return ((1 - Math.asinh(Math.tan(angle)) / Math.PI) / 2) * count;
  };
  const lon = (x) => (x / count) * 360 - 180;
  const lat = (y) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / count))) * 180) / Math.PI;
  const sides = [
    lon(Math.floor(column(bounds.getWest()))),
    lat(Math.ceil(row(bounds.getSouth()))),
    lon(Math.ceil(column(bounds.getEast()))),
    lat(Math.floor(row(bounds.getNorth()))),
  ];
  return sides.map((degrees) => degrees.toFixed(6)).join(",");
}
