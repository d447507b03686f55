// The officer's keyboard: a letter presses what carries it, j and k walk the list, x marks a row.
// The list keeps its place between pages, and what an act needs unfolds without losing what stands in another.
// Words come from the page.

import { showChosen } from "./lib/strip.js";

const desk = document.querySelector("[data-desk]");
const OFF = "desk-keys-off";
const LEFT = "desk-left";
let byKey = false;
let byLetter = false;

if (desk) {
  for (const kind of ["keydown", "pointerdown"]) {
    document.addEventListener(kind, () => (byKey = kind === "keydown"), { capture: true });
  }
  keepPlace(desk.querySelector("[data-desk-list]"));
  showChosen(desk.querySelector(".desk-boxes"));
  preparePanels();
  letLettersBeTurnedOff();
  if (remembered().byKey && !desk.querySelector("[data-focus]")) {
    desk.querySelector("[data-bulk-form] input[type=radio]")?.focus();
  }
  beginWriting(desk.querySelector("form[data-begins]"));
  desk.addEventListener("change", countMarked);
  countMarked();
  document.addEventListener("keydown", press);
}
countDown(document.querySelector("[data-undo]"));

function rows() {
  return [...desk.querySelectorAll("[data-desk-row]")];
}

function rowOf(element) {
  return element?.closest?.("[data-desk-row]");
}

function press(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return send(event.target.form);
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") return leave(event);
  if (isTyping(event.target) || lettersAreOff()) return;
  if (event.key === "j" || event.key === "k") walk(event.key === "j" ? 1 : -1);
  else if (event.key === "x") mark();
  else if (event.key === "X") markUpTo();
  else if (!pressLetter(event.key)) return;
  event.preventDefault();
}

/** Send a form from any of its fields, as its main button does. */
function send(form) {
  const button = form?.querySelector(".button.is-primary");
  if (button) form.requestSubmit(button);
}

function isTyping(element) {
  return element.matches("textarea, select, [contenteditable], input:not([type=checkbox]):not([type=radio])");
}

/** A page that is one form begins in the field one writes first, unless something else wants the eye. */
function beginWriting(form) {
  if (form && !desk.querySelector("[data-focus]")) form.elements[form.dataset.begins].focus();
}

/** Escape leaves a field for the button or the row it belongs to; pressed there again, it folds the form. */
function leave(event) {
  const panel = openPanel();
  if (panel?.contains(event.target)) buttonOf(panel).focus();
  else if (isTyping(event.target)) {
    event.target.blur();
    focusRow(current());
    event.preventDefault(); // or the browser empties a search field
  } else if (panel) fold(panel);
}

/** The row that has the focus, else the open one, else the one that was open before. */
function current() {
  const list = rows();
  const left = remembered();
  return (
    rowOf(document.activeElement) ||
    list.find((row) => row.getAttribute("aria-current")) ||
    list.find((row) => row.id === left.row) ||
    null
  );
}

function walk(step) {
  const list = rows();
  const at = list.indexOf(current());
  // What was open may have left the list; the next one stands in its place by now
  const from = at < 0 ? (remembered().at ?? 0) - (step > 0 ? 1 : 0) : at;
  focusRow(list[Math.min(list.length - 1, Math.max(0, from + step))]);
}

function focusRow(row) {
  row?.querySelector("a[href]").focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

let marked = null;

function boxOf(row) {
  return row?.querySelector("input[type=checkbox]");
}

function mark() {
  marked = current();
  boxOf(marked)?.click();
}

/** Mark every row from the one that was marked last to this one. */
function markUpTo() {
  const list = rows();
  const ends = [list.indexOf(marked), list.indexOf(current())];
  if (ends.includes(-1)) return mark();
  for (const row of list.slice(Math.min(...ends), Math.max(...ends) + 1)) boxOf(row).checked = true;
  countMarked();
}

/** Say on the button how many are selected. */
function countMarked() {
  const form = desk.querySelector(".desk-bulk");
  const number = desk.querySelectorAll("[data-desk-row] input:checked").length;
  form?.querySelector("[data-bulk-count]")?.replaceChildren(number ? String(number) : "");
  form?.classList.toggle("has-some", number > 0 || form.elements.all.checked);
}

/** Press, open or enter what carries this letter, in the row that has the focus first; true where something did. */
function pressLetter(letter) {
  const carries = `[data-key="${CSS.escape(letter)}"]`;
  const target = rowOf(document.activeElement)?.querySelector(carries) || document.querySelector(carries);
  if (!target || target.disabled || !target.checkVisibility()) return false;
  if (target.matches("input, select, textarea, summary")) target.focus();
  byLetter = true;
  if (!target.matches("input, select, textarea")) target.click();
  byLetter = false;
  return true;
}

/** The forms of the acts: one open at a time, its first field in focus. */
function preparePanels() {
  for (const button of desk.querySelectorAll("[data-opens-panel]")) {
    button.setAttribute("role", "button");
    button.setAttribute("aria-controls", panelOf(button).id);
    button.addEventListener("keydown", (event) => event.key === " " && (event.preventDefault(), button.click()));
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const panel = panelOf(button);
      // From elsewhere a letter leads back into the form that is open, as after an error
      if (panel === openPanel() && (!byLetter || document.activeElement === button)) fold(panel);
      else unfold(panel);
    });
  }
  desk.querySelectorAll("[data-folds-panel]").forEach((link) =>
    link.addEventListener("click", (event) => {
      event.preventDefault();
      fold(link.closest(".desk-panel"));
    }),
  );
  const wanted = location.hash.startsWith("#panel-") && document.getElementById(location.hash.slice(1));
  if (wanted) location.replace("#acts"); // else its style goes on showing it beside the next one
  if (wanted) unfold(wanted);
  else tell();
  if (openPanel()) load(openPanel());
}

function panelOf(button) {
  return document.getElementById(button.hash.slice(1));
}

function buttonOf(panel) {
  return desk.querySelector(`[data-opens-panel][href="#${panel.id}"]`);
}

function openPanel() {
  return desk.querySelector(".desk-panel.is-open");
}

function unfold(panel) {
  if (!panel) return;
  openPanel()?.classList.remove("is-open");
  panel.classList.add("is-open");
  load(panel);
  tell();
  const first = panel.querySelector("form > .field :is(textarea, select, input)");
  (panel.querySelector("[data-focus]") || first || panel).focus({ preventScroll: true });
  bringIntoView(panel);
}

/** Where all of it fits, as little as needed; of what does not fit, the beginning. */
function bringIntoView(panel) {
  const room = Math.min(panel.closest("[data-desk-case]").clientHeight, window.innerHeight);
  panel.scrollIntoView({ block: panel.offsetHeight < room * 0.75 ? "nearest" : "start" });
}

/** What only one act needs is loaded when it is needed first; loading it again does nothing. */
function load(panel) {
  if (panel.dataset.loads) import(panel.dataset.loads);
}

function fold(panel) {
  panel.classList.remove("is-open");
  tell();
  buttonOf(panel).focus();
}

/** Say with each button whether its form is open. */
function tell() {
  const open = openPanel();
  for (const button of desk.querySelectorAll("[data-opens-panel]")) {
    button.setAttribute("aria-expanded", String(panelOf(button) === open));
    button.classList.toggle("is-chosen", panelOf(button) === open);
  }
  desk.querySelector(".desk-acts")?.classList.toggle("has-open", Boolean(open));
}

/** The same list shows itself at the same height again, and knows which row was left. */
function keepPlace(list) {
  if (!list) return;
  const address = list.dataset.deskList;
  const left = remembered();
  if (left.list === address && left.top) list.scrollTop = left.top;
  const open = rows().find((row) => row.getAttribute("aria-current"));
  if (open && list.scrollHeight > list.clientHeight) show(open, list);
  window.addEventListener("pagehide", remember);
  goOn(left, open);

  function remember() {
    const row = rowOf(document.activeElement) || rows().find((one) => one.getAttribute("aria-current"));
    const known = row ? { row: row.id, at: rows().indexOf(row) } : { row: left.row, at: left.at };
    sessionStorage.setItem(LEFT, JSON.stringify({ list: address, top: list.scrollTop, byKey, ...known }));
  }
}

/** Coming back, the row that was left has the focus; what was opened or done by a key leads on where its page tells. */
function goOn(left, open) {
  const kind = performance.getEntriesByType("navigation")[0]?.type;
  const row = document.getElementById(left.row);
  if (!open && kind === "back_forward" && row) row.querySelector("a[href]").focus({ preventScroll: true });
  if (kind !== "navigate" || desk.querySelector("[data-focus]")) return;
  const filled = openPanel()?.querySelector("textarea");
  if (filled && !desk.querySelector("[role=alert]")) writeOn(filled);
  else if (left.byKey) partWithNews()?.focus({ preventScroll: true });
}

function partWithNews() {
  const part = desk.matches(".shows-case") ? "[data-desk-case]" : "[data-desk-list]:has(.desk-said, .desk-lost)";
  return desk.querySelector(part);
}

/** After a template was inserted one writes on behind it. */
function writeOn(field) {
  field.focus({ preventScroll: true });
  field.setSelectionRange(field.value.length, field.value.length);
  bringIntoView(field.closest(".desk-panel"));
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(LEFT)) || {};
  } catch {
    return {};
  }
}

/** Scroll the list, and only the list, as little as brings the row into view. */
function show(row, list) {
  const [inner, outer] = [row.getBoundingClientRect(), list.getBoundingClientRect()];
  if (inner.top < outer.top) list.scrollTop += inner.top - outer.top;
  else if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom;
}

/** How long one may still undo; at the end the button goes, and the focus it may have to the part it stood in. */
function countDown(bar) {
  if (!bar) return;
  const end = performance.now() + Number(bar.dataset.undo) * 1000;
  const left = bar.querySelector("[data-undo-left]");
  const words = new Intl.NumberFormat(document.documentElement.lang || "en", {
    style: "unit",
    unit: "second",
    unitDisplay: "long",
    maximumFractionDigits: 0,
  });
  const timer = setInterval(() => {
    const seconds = Math.ceil((end - performance.now()) / 1000);
    left.textContent = words.format(Math.max(0, seconds));
    if (seconds > 0) return;
    clearInterval(timer);
    if (bar.contains(document.activeElement)) bar.closest("[tabindex]")?.focus({ preventScroll: true });
    bar.remove();
  }, 250);
}

function lettersAreOff() {
  return localStorage.getItem(OFF) === "1";
}

function letLettersBeTurnedOff() {
  const box = document.querySelector("[data-keys-off]");
  if (!box) return;
  box.checked = lettersAreOff();
  box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "1" : "0"));
}
