// The running total of a ballot: what is chosen and what is left. The server counts anew; this is comfort only.

const total = document.querySelector("[data-total]");
const form = total?.closest("form");

if (form) {
  const language = document.documentElement.lang;
  const { budget, currency, most, fits, over } = total.dataset;
  const look = currency ? { style: "currency", currency, maximumFractionDigits: 0 } : {};
  const written = (number) => new Intl.NumberFormat(language, look).format(number);

  const tell = () => {
    const marked = [...form.querySelectorAll('input[name="choice"]:checked')].filter((input) => input.value !== "-");
    const sum = budget ? marked.reduce((all, input) => all + Number(input.dataset.cost), 0) : marked.length;
    const left = Number(budget || most) - sum;
    const words = { spent: sum, chosen: sum, left, over: -left, most: Number(most) };
    total.textContent = (left < 0 ? over : fits).replace(/\{(\w+)\}/g, (_, name) => written(words[name]));
    total.classList.toggle("is-over", left < 0);
  };

  total.hidden = false;
  form.addEventListener("change", tell);
  window.addEventListener("pageshow", tell);
  tell();
}
