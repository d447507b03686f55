// Comfort on every page; each page works the same without it. All words come from the page.

import { startPhone } from "./lib/phone.js";
import { showChosen } from "./lib/strip.js";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (type, handler, options) => document.addEventListener(type, handler, options);

/** A summary of errors takes the focus; a link in it leads into the field, also of a group. */
function showErrors() {
  const summary = document.querySelector("[data-focus]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    const control = target.matches("fieldset") ? target.querySelector("input") : target;
    control.focus();
    control.closest(".field")?.scrollIntoView({ block: "start" });
  });
}

/** Sending twice is stopped here for comfort; the form key stops it for certain on the server. */
function sendOnce() {
  on("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
    event.submitter?.classList.add("is-busy");
  });
  // Coming back by the browser's own button shows the page as it was left
  window.addEventListener("pageshow", () => {
    for (const form of all("form[data-sent]")) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    }
    all(".is-busy").forEach((button) => button.classList.remove("is-busy"));
  });
}

/** A dangerous button asks first. */
function askFirst() {
  on(
    "click",
    (event) => {
      const button = event.target.closest("[data-confirm]");
      if (button && !window.confirm(button.dataset.confirm)) {
        event.preventDefault();
        event.stopPropagation();
      }
    },
    true,
  );
}

/** Whoever changes language or letters in the middle of a form sends what is typed first. */
function keepTyped() {
  on("click", (event) => {
    const link = event.target.closest("a[data-leave]");
    const form = link && document.querySelector("form[data-keeps]");
    if (!form || !navigator.onLine) return;
    event.preventDefault();
    const leave = Object.assign(document.createElement("input"), {
      type: "hidden",
      name: "leave",
      value: link.dataset.leave,
    });
    form.append(leave);
    form.submit();
  });
}

/** How many characters are left; said aloud only near the end. */
function countCharacters() {
  for (const field of all("[data-count]")) {
    const place = field.parentElement.querySelector(".count");
    const limit = Number(field.dataset.count);
    if (!place) continue;
    const tell = () => {
      const left = limit - [...field.value].length;
      const text = left < 0 ? place.dataset.over : place.dataset.left;
      place.textContent = text.replace("{n}", Math.abs(left).toLocaleString(document.documentElement.lang));
      place.classList.toggle("is-over", left < 0);
      place.setAttribute("aria-live", left < limit / 10 ? "polite" : "off");
    };
    field.addEventListener("input", tell);
    if (field.value) tell();
  }
}

/** Filters send by themselves, so their button goes. */
function sendFilters() {
  for (const form of all("form")) {
    if (!form.querySelector("[data-autosubmit]")) continue;
    all("[data-no-script]", form).forEach((part) => (part.hidden = true));
    form.addEventListener("change", (event) => {
      if (event.target.matches("[data-autosubmit]")) form.submit();
    });
  }
}

/** The chosen card is marked in browsers that know no :has(). */
function markChoices() {
  on("change", (event) => {
    if (!event.target.closest(".choice")) return;
    for (const input of all(".choice input")) {
      input.closest(".choice").classList.toggle("is-checked", input.checked);
    }
  });
}

/** An open menu closes when one goes elsewhere or presses Escape. */
function closeMenus() {
  const close = (except) =>
    all("details[data-menu][open]").forEach((menu) => menu.contains(except) || (menu.open = false));
  on("click", (event) => close(event.target));
  on("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.("details[data-menu][open]");
    close(null);
    menu?.querySelector("summary").focus();
  });
}

function openDialogs() {
  for (const button of all("[data-opens]")) {
    const dialog = document.getElementById(button.dataset.opens);
    if (!dialog?.showModal) continue;
    button.hidden = false;
    button.addEventListener("click", () => dialog.showModal());
    all("[data-closes]", dialog).forEach((close) => close.addEventListener("click", () => dialog.close()));
  }
}

function copyTexts() {
  for (const button of all("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.querySelector("span").textContent = button.dataset.copied;
    });
  }
}

[
  showErrors,
  askFirst,
  sendOnce,
  keepTyped,
  countCharacters,
  sendFilters,
  markChoices,
  closeMenus,
  openDialogs,
  copyTexts,
].forEach((start) => start());
startPhone();
showChosen(document.querySelector(".tabs ul"));
