// A map, only when asked for: Leaflet and its style sheet are loaded by the button. Words come from the page.

const MANY = 60;

for (const part of document.querySelectorAll("[data-map]")) {
  part.hidden = false;
  part.querySelector("[data-show]").addEventListener("click", () => open(part));
}

async function open(part) {
  const say = part.querySelector(":scope > [role=status]");
  const button = part.querySelector("[data-show]");
  button.disabled = true;
  try {
    const [L] = await Promise.all([import(part.dataset.leaflet), loadStyle(part.dataset.style)]);
    part.querySelector(".map-closed").hidden = true;
    part.querySelector(".map-open").hidden = false;
    const map = draw(L, part);
    await Promise.all([addWards(L, map, part.dataset), addPoints(L, map, part.dataset)]);
    if (part.dataset.map === "pick") letPick(L, map, part);
    part.querySelector(".map-frame").focus();
    say.textContent = "";
  } catch {
    button.disabled = false;
    say.textContent = say.dataset.failed;
  }
}

function loadStyle(href) {
  return new Promise((done, failed) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: done, onerror: failed });
    document.head.append(link);
  });
}

function draw(L, part) {
  const { centre, zoom, tiles, attribution, zoomIn, zoomOut } = part.dataset;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(part.querySelector(".map-frame"), {
    zoomControl: false,
    zoomSnap: tiles ? 1 : 0.25, // drawn areas may fill the frame; tiles would blur between their steps
    attributionControl: Boolean(tiles),
    zoomAnimation: !still,
    fadeAnimation: !still,
    inertia: !still,
  });
  L.control.zoom({ zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(map);
  map.setView(centre ? centre.split(",").map(Number) : [0, 0], Number(zoom));
  if (tiles) L.tileLayer(tiles, { attribution, maxZoom: 19 }).addTo(map);
  return map;
}

async function load(address) {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** The city's wards with their names, so that a map without tiles still says where one is. */
async function addWards(L, map, { wards, centre }) {
  if (!wards) return;
  const layer = L.geoJSON(await load(wards), { className: "ward", style: { className: "ward" }, interactive: false });
  layer.eachLayer((ward) => {
    const name = ward.feature.properties.name;
    if (name) ward.bindTooltip(plain(name), { permanent: true, direction: "center", className: "ward-name" });
  });
  layer.addTo(map);
  map.on("zoomend", () => thinOut(layer));
  if (!centre) map.fitBounds(layer.getBounds());
  thinOut(layer);
}

/** Of names that would lie on each other only the first is shown; coming closer brings the others. */
function thinOut(layer) {
  const shown = [];
  layer.eachLayer((ward) => {
    const name = ward.getTooltip()?.getElement();
    if (!name) return;
    name.hidden = false;
    const box = name.getBoundingClientRect();
    name.hidden = shown.some((other) => overlap(box, other));
    if (!name.hidden) shown.push(box);
  });
}

function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** Cases as points; each opens its title and link. The list beside the map holds the same. */
async function addPoints(L, map, { points }) {
  if (!points) return;
  const found = await load(points);
  const radius = found.features.length > MANY ? 6 : 9;
  const layer = L.geoJSON(found, {
    pointToLayer: ({ properties }, place) =>
      L.circleMarker(place, { radius, className: `case-point is-${properties.colour}` }),
    onEachFeature: ({ properties }, point) => point.bindPopup(() => popup(properties)),
  });
  layer.addTo(map);
  if (layer.getLayers().length) map.fitBounds(layer.getBounds().pad(0.1), { maxZoom: 16 });
}

function popup({ title, href, status }) {
  const link = Object.assign(document.createElement("a"), { href, textContent: title });
  const box = document.createElement("div");
  box.append(link, document.createElement("br"), status || "");
  return box;
}

function plain(text) {
  return Object.assign(document.createElement("span"), { textContent: text });
}

/** The middle of the map is the place; moving by finger, mouse or arrow keys chooses, the button takes it. */
function letPick(L, map, part) {
  const fields = [part.dataset.lat, part.dataset.lon].map((id) => document.getElementById(id));
  const said = part.querySelector("[data-said]");
  const cross = Object.assign(document.createElement("div"), { className: "map-cross" });
  part.querySelector(".map-frame").append(cross);
  const typed = fields.map((field) => parseFloat(field.value));
  if (typed.every(Number.isFinite)) map.setView(typed, Math.max(map.getZoom(), 16));

  map.on("movestart", () => (said.textContent = ""));
  part.querySelector("[data-use]").addEventListener("click", () => {
    const { lat, lng } = map.getCenter().wrap();
    fields[0].value = lat.toFixed(6);
    fields[1].value = lng.toFixed(6);
    fields.forEach((field) => field.dispatchEvent(new Event("change", { bubbles: true })));
    said.textContent = said.dataset.chosen;
  });
}
