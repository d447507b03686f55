// The middle of the map is the place. Finger, mouse and arrow keys move the map; the button, or Enter, takes it.

const WAIT = 500;

export function letPick(map, part) {
  const frame = part.querySelector(".map-frame");
  const fields = [part.dataset.lat, part.dataset.lon].map((id) => document.getElementById(id));
  const said = part.querySelector("[data-said]");
  const cross = Object.assign(document.createElement("div"), { className: "map-cross" });
  frame.append(cross);
  const typed = fields.map((field) => parseFloat(field.value));
  if (typed.every(Number.isFinite)) map.setView(typed, Math.max(map.getZoom(), 16), { animate: false });

  let timer;
  let asking;
  map.on("movestart", () => {
    cross.classList.remove("is-taken");
    clearTimeout(timer);
  });
  map.on("moveend", () => {
    clearTimeout(timer);
    timer = setTimeout(() => tell(""), WAIT);
  });
  part.querySelector("[data-use]").addEventListener("click", take);
  frame.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target !== frame) return;
    event.preventDefault();
    take();
  });

  function take() {
    const { lat, lng } = map.getCenter().wrap();
    fields[0].value = lat.toFixed(6);
    fields[1].value = lng.toFixed(6);
    fields.forEach((field) => field.dispatchEvent(new Event("change", { bubbles: true })));
    cross.classList.add("is-taken");
    clearTimeout(timer);
    said.textContent = said.dataset.chosen;
    tell(said.dataset.chosen);
  }

  /** Say in a sentence where the cross is; the server knows wards and what people call the places. */
  async function tell(before) {
    if (!part.dataset.whereabouts) return;
    asking?.abort();
    asking = new AbortController();
    const { lat, lng } = map.getCenter().wrap();
    const address = `${part.dataset.whereabouts}?lat=${lat.toFixed(6)}&lon=${lng.toFixed(6)}`;
    try {
      const answer = await fetch(address, { signal: asking.signal });
      if (answer.ok) said.textContent = [before, (await answer.json()).text].filter(Boolean).join(" ");
    } catch {
      // Without an answer the map still gives the place
    }
  }
}
