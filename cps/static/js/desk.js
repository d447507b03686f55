// The officer's keyboard: a letter presses what carries it, j and k walk the list, x marks a row.
// The list keeps its place between pages. Words come from the page.

const desk = document.querySelector("[data-desk]");
const OFF = "desk-keys-off";

if (desk) {
  keepPlace(desk.querySelector("[data-desk-list]"));
  letLettersBeTurnedOff();
  document.addEventListener("keydown", press);
}

function rows() {
  return [...desk.querySelectorAll("[data-desk-row]")];
}

function rowOf(element) {
  return element?.closest?.("[data-desk-row]");
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape") return leave(event);
  if (isTyping(event.target) || stored() || document.querySelector("dialog[open]")) return;
  if (event.key === "j" || event.key === "k") walk(event.key === "j" ? 1 : -1);
  else if (event.key === "x") mark();
  else if (!pressLetter(event.key)) return;
  event.preventDefault();
}

function isTyping(element) {
  return element.matches("textarea, select, [contenteditable], input:not([type=checkbox]):not([type=radio])");
}

/** Escape leaves a field for the row it belongs to. */
function leave(event) {
  if (!isTyping(event.target)) return;
  event.target.blur();
  focusRow(current());
}

function current() {
  const list = rows();
  return rowOf(document.activeElement) || list.find((row) => row.getAttribute("aria-current")) || null;
}

function walk(step) {
  const list = rows();
  const at = list.indexOf(current());
  focusRow(list[at < 0 ? 0 : Math.min(list.length - 1, Math.max(0, at + step))]);
}

function focusRow(row) {
  const link = row?.querySelector("a[href]");
  link?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

function mark() {
  const box = current()?.querySelector("input[type=checkbox]");
  box?.click();
}

/** Press, open or enter what carries this letter; true where something did. */
function pressLetter(letter) {
  const target = document.querySelector(`[data-key="${CSS.escape(letter)}"]`);
  if (!target || target.disabled) return false;
  if (target.matches("input, select, textarea")) target.focus();
  else target.click();
  if (target.matches("summary")) {
    const field = target.parentElement.querySelector("textarea, select, input:not([type=hidden])");
    requestAnimationFrame(() => target.parentElement.open && field?.focus());
  }
  return true;
}

/** The same address shows its list at the same height again. */
function keepPlace(list) {
  if (!list) return;
  const key = `desk-place:${list.dataset.deskList || location.pathname}`;
  const place = Number(sessionStorage.getItem(key));
  if (place) list.scrollTop = place;
  const open = rows().find((row) => row.getAttribute("aria-current"));
  if (open && list.scrollHeight > list.clientHeight) show(open, list);
  window.addEventListener("pagehide", () => sessionStorage.setItem(key, String(list.scrollTop)));
}

/** Scroll the list, and only the list, as little as brings the row into view. */
function show(row, list) {
  const [inner, outer] = [row.getBoundingClientRect(), list.getBoundingClientRect()];
  if (inner.top < outer.top) list.scrollTop += inner.top - outer.top;
  else if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom;
}

function stored() {
  return localStorage.getItem(OFF) === "1";
}

function letLettersBeTurnedOff() {
  const box = document.querySelector("[data-keys-off]");
  if (!box) return;
  box.checked = stored();
  box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "1" : "0"));
}
