// Choosing a category: a field that finds, and a hint from the words. The page works the same without it.

import "./lib/voice.js"; // the same step offers both, and one file is quicker than two

const MOST_HINTS = 3;

/** Words as they are compared: without capitals and accents. */
const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
const wordsOf = (text) => plain(text).match(/[\p{L}\p{N}]+/gu) || [];
const isLong = (word) => word.length > 3 || /[^\p{Script=Latin}\p{N}]/u.test(word);
const akin = (one, other) => one === other || (isLong(one) && other.startsWith(one)) || (isLong(other) && one.startsWith(other));
const times = ({ words }, typed) => new Set(typed.filter((word) => words.some((known) => akin(known, word)))).size;

for (const form of document.querySelectorAll("form[data-categories]")) prepare(form);

function prepare(form) {
  const cards = [...form.querySelectorAll("[data-words]")].map((card) => ({
    card,
    input: card.querySelector("input"),
    name: card.querySelector(".choice-text").firstChild.textContent.trim(),
    icon: card.querySelector("svg"),
    words: wordsOf(card.dataset.words),
  }));
  find(form, cards);
  hint(form, cards);
}

function find(form, cards) {
  const part = form.querySelector("[data-find]");
  const field = part.querySelector("input");
  const nothing = form.querySelector("[data-nothing]");
  const groups = [...form.querySelectorAll(".filing-groups > details")];
  const open = groups.map((group) => group.open);
  part.hidden = false;
  field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  field.addEventListener("input", () => {
    const typed = wordsOf(field.value);
    let found = 0;
    for (const { card, input, words } of cards) {
      const fits = typed.every((word) => words.some((known) => known.includes(word)));
      card.hidden = !fits && !input.checked;
      found += fits;
    }
    groups.forEach((group, number) => {
      const some = group.querySelector("[data-words]:not([hidden])");
      group.hidden = !some;
      group.open = typed.length ? Boolean(some) : open[number] || Boolean(group.querySelector(":checked"));
    });
    nothing.hidden = found > 0;
  });
}

/** While nothing is chosen, the categories whose words stand in the text are offered as buttons. */
function hint(form, cards) {
  const text = form.querySelector("textarea");
  const part = form.querySelector("[data-hints]");
  let shown = "";

  function tell() {
    const typed = wordsOf(text.value.slice(0, 2000));
    const chosen = cards.some(({ input }) => input.checked);
    const best = chosen ? [] : cards.map((one) => [times(one, typed), one]).filter(([count]) => count);
    best.sort(([a], [b]) => b - a);
    show(best.slice(0, MOST_HINTS).map(([, one]) => one));
  }

  function show(best) {
    const now = best.map(({ input }) => input.value).join();
    if (now === shown) return;
    shown = now;
    part.querySelectorAll("button").forEach((button) => button.remove());
    part.append(...best.map(button));
    part.hidden = best.length === 0;
  }

  function button({ card, input, name, icon }) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "button is-secondary" });
    made.append(icon.cloneNode(true), Object.assign(document.createElement("span"), { textContent: name }));
    made.addEventListener("click", () => {
      input.checked = true;
      const group = card.closest("details");
      if (group) group.open = true;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      show([]);
      input.focus();
      card.scrollIntoView({ block: "center" });
    });
    return made;
  }

  // Only while somebody writes: what appears at any other moment would move a card away from under the finger
  let waiting;
  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(tell, 250);
  });
  text.addEventListener("blur", () => clearTimeout(waiting));
  if (!form.querySelector(".filing-hinted")) tell();
}
