/** In a line that is pushed sideways bring the chosen link into view; nothing where all of it is seen. */
export function showChosen(strip) {
  const chosen = strip?.querySelector("[aria-current]");
  if (!chosen || strip.scrollWidth <= strip.clientWidth) return;
  const [inner, outer] = [chosen.getBoundingClientRect(), strip.getBoundingClientRect()];
  strip.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
}
