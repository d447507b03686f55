// A map, only when asked for: Leaflet and its style sheet are loaded by the button. Words come from the page.

import { letFrame } from "./lib/map-area.js";
import { showCases, showPoints } from "./lib/map-cases.js";
import { letPick } from "./lib/map-pick.js";

for (const part of document.querySelectorAll("[data-map]")) {
  part.hidden = false;
  part.querySelector("[data-show]").addEventListener("click", () => open(part));
  if (part.dataset.box) whenSeen(part, () => open(part, false));
}

/** A page about one part of the map shows it without being asked, as soon as somebody comes to it. */
function whenSeen(part, act) {
  if (!window.IntersectionObserver) return;
  const seen = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    seen.disconnect();
    act();
  });
  seen.observe(part);
}

async function open(part, takesFocus = true) {
  const say = part.querySelector(":scope > [role=status]");
  const button = part.querySelector("[data-show]");
  if (button.disabled) return;
  button.disabled = true;
  try {
    const [L] = await Promise.all([import(part.dataset.leaflet), loadStyle(part.dataset.style)]);
    part.querySelector(".map-closed").hidden = true;
    part.querySelector(".map-open").hidden = false;
    const map = draw(L, part);
    await addWards(L, map, part.dataset);
    if (part.dataset.live !== undefined) await showCases(L, map, part);
    else if (part.dataset.points) await showPoints(L, map, part);
    if (part.dataset.map === "pick") letPick(map, part);
    if (part.dataset.map === "area") letFrame(map, part);
    if (takesFocus) part.querySelector(".map-frame").focus();
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
  const picks = part.dataset.map === "pick";
  const map = L.map(part.querySelector(".map-frame"), {
    zoomControl: false,
    maxZoom: 19,
    zoomSnap: tiles ? 1 : 0.25, // drawn areas may fill the frame; tiles would blur between their steps
    keyboardPanDelta: picks ? 24 : 80, // three times as far with Shift
    attributionControl: Boolean(tiles),
    zoomAnimation: !still,
    fadeAnimation: !still,
    markerZoomAnimation: !still,
    inertia: !still,
  });
  L.control.zoom({ zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(map);
  map.setView(centre ? centre.split(",").map(Number) : [0, 0], Number(zoom), { animate: false });
  if (tiles) L.tileLayer(tiles, { attribution, maxZoom: 19 }).addTo(map);
  return map;
}

/** The city's wards with their names, so that a map without tiles still says where one is. */
async function addWards(L, map, { wards, centre }) {
  if (!wards) return;
  const answer = await fetch(wards, { headers: { Accept: "application/geo+json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  map.createPane("names").style.zIndex = 450; // over the wards, under the cases
  const layer = L.geoJSON(await answer.json(), { className: "ward", style: { className: "ward" }, interactive: false });
  layer.eachLayer((ward) => {
    const name = ward.feature.properties.name;
    const text = Object.assign(document.createElement("span"), { textContent: name });
    if (name) ward.bindTooltip(text, { pane: "names", permanent: true, direction: "center", className: "ward-name" });
  });
  layer.addTo(map);
  map.on("zoomend", () => thinOut(layer));
  if (!centre && layer.getLayers().length) map.fitBounds(layer.getBounds(), { animate: false });
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
