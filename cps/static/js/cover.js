// The grid over a photo: drawing over it marks parts, arrow keys move in it. Without it, each part is a box to tick.

for (const part of document.querySelectorAll("[data-cover]")) prepare(part);

function prepare(part) {
  const columns = Number(part.dataset.columns);
  const cells = [...part.querySelectorAll("input")];
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  let marks = null;
  cells.forEach((cell, place) => {
    cell.tabIndex = place ? -1 : 0;
  });

  part.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    const from = cells.indexOf(event.target);
    if (!step || from < 0) return;
    event.preventDefault();
    const leaves = Math.abs(step) === 1 && Math.floor((from + step) / columns) !== Math.floor(from / columns);
    if (!leaves && cells[from + step]) enter(cells[from + step]);
  });

  part.addEventListener("focusin", (event) => {
    if (cells.includes(event.target)) rove(event.target);
  });

  part.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button === 0 && cells.includes(event.target)) {
      marks = !event.target.checked;
    }
  });

  part.addEventListener("pointermove", (event) => {
    if (marks === null || !(event.buttons & 1)) return;
    const cell = document.elementFromPoint(event.clientX, event.clientY);
    if (cells.includes(cell) && cell.checked !== marks) cell.checked = marks;
  });

  // The press itself ticks the first box once more when the pointer is let go above it
  part.addEventListener("click", (event) => {
    if (marks !== null && event.detail && cells.includes(event.target)) event.target.checked = marks;
  });
  window.addEventListener("pointerup", () => setTimeout(() => (marks = null)));

  function enter(cell) {
    rove(cell);
    cell.focus();
  }

  function rove(cell) {
    for (const one of cells) one.tabIndex = one === cell ? 0 : -1;
  }
}
