// Answers of the city for whoever replies: searched while words are typed, put into the message with one press.
// What comes is written as text, never as markup. Words come from the page.

const PAUSE_MS = 300;

for (const part of document.querySelectorAll("[data-answers]")) prepare(part);

function prepare(part) {
  const [folded, input, list] = ["details", "input", "ul"].map((name) => part.querySelector(name));
  let waiting;
  let asked = "";

  async function look() {
    const words = input.value.trim();
    if (words === asked) return;
    asked = words;
    const answer = await fetch(`${part.dataset.answers}?${new URLSearchParams({ q: words })}`).catch(() => null);
    if (!answer?.ok || words !== asked) return;
    const { answers } = await answer.json();
    list.replaceChildren(...(answers.length ? answers.map(row) : [line(part.dataset.nothing)]));
  }

  function row(one) {
    const item = line("");
    const link = Object.assign(document.createElement("a"), {
      href: one.page, target: "_blank", rel: "noopener", lang: one.language, textContent: one.title,
    });
    const button = Object.assign(document.createElement("button"), {
      type: "button", className: "button is-secondary", textContent: part.dataset.insert,
    });
    button.addEventListener("click", () => insert(`${one.text}\n\n${one.page}`));
    item.append(link, button);
    return item;
  }

  function insert(text) {
    const field = document.getElementById(part.dataset.field);
    field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${text}` : text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  folded.hidden = false;
  part.querySelector("[data-no-script]").hidden = true;
  folded.addEventListener("toggle", () => folded.open && look());
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
}

function line(text) {
  return Object.assign(document.createElement("li"), { className: "row", textContent: text });
}
