// What the frame shows is the area: the button writes its edges into a field.

const DIGITS = 6;

export function letFrame(map, part) {
  const field = document.getElementById(part.dataset.field);
  const said = part.querySelector("[data-said]");
  const typed = field.value.split(",").map(parseFloat);
  if (typed.length === 4 && typed.every(Number.isFinite)) show(typed);
  map.on("movestart", () => (said.textContent = ""));
  part.querySelector("[data-use]").addEventListener("click", take);

  function show([west, south, east, north]) {
    map.fitBounds([[south, west], [north, east]], { animate: false });
  }

  function take() {
    const bounds = map.getBounds();
    const west = Math.max(-180, bounds.getWest());
    const east = Math.min(180, bounds.getEast());
    field.value = [west, bounds.getSouth(), east, bounds.getNorth()].map((edge) => edge.toFixed(DIGITS)).join();
    said.textContent = said.dataset.chosen;
  }
}
