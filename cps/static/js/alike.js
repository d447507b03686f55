// What may be the same as a title that is being typed. Without script the last look shows it.

const PAUSE_MS = 500;
const LEAST = 8;

for (const part of document.querySelectorAll("[data-alike]")) prepare(part);

function prepare(part) {
  const field = document.getElementById(part.dataset.field);
  let waiting;
  let asked = "";

  async function look() {
    const title = field.value.trim();
    if (title === asked || title.length < LEAST) return;
    asked = title;
    try {
      const answer = await fetch(`${part.dataset.alike}?title=${encodeURIComponent(title)}`);
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
