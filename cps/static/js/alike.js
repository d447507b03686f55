// What may be the same as a text that is being typed, or may answer it. Without script the last look shows it.

const PAUSE_MS = 500;
const LEAST = 8; // letters; a page of staff asks sooner (`data-least`)

for (const part of document.querySelectorAll("[data-alike]")) prepare(part);

// A title goes into the address; a text, which may hold more than others should see, does not (`data-posts`).
function ask(part, title) {
  const said = new URLSearchParams({ title });
  if ("posts" in part.dataset) return fetch(part.dataset.alike, { method: "POST", body: said });
  return fetch(`${part.dataset.alike}?${said}`);
}

function prepare(part) {
  const field = document.getElementById(part.dataset.field);
  let waiting;
  let asked = "";

  async function look() {
    const title = field.value.trim().slice(0, 200);
    if (title === asked || title.length < (part.dataset.least || LEAST)) return;
    asked = title;
    try {
      const answer = await ask(part, title);
      if (!answer.ok || title !== asked) return;
      part.innerHTML = (await answer.json()).piece;
      part.hidden = !part.children.length;
    } catch {
      // Nothing is lost: the last look asks once more
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, PAUSE_MS);
  });
  look();
}
