// "I am standing next to it": the phone's position into two fields. Words come from the page.

const ERROR_REFUSED = 1;

for (const part of document.querySelectorAll("[data-locate]")) {
  if (navigator.geolocation) prepare(part);
}

function prepare(part) {
  const { lat, lon, now, busy, found, refused, failed } = part.dataset;
  const fields = [document.getElementById(lat), document.getElementById(lon)];
  const button = part.querySelector("button");
  const say = part.querySelector("[role=status]");
  part.hidden = false;

  button.addEventListener("click", () => {
    button.disabled = true;
    say.textContent = busy;
    navigator.geolocation.getCurrentPosition(take, refuse, {
      enableHighAccuracy: true,
      timeout: 15000,
      maximumAge: 30000,
    });
  });

  function take({ coords }) {
    button.disabled = false;
    fields[0].value = coords.latitude.toFixed(6);
    fields[1].value = coords.longitude.toFixed(6);
    fields.forEach((field) => field.dispatchEvent(new Event("change", { bubbles: true })));
    say.textContent = found.replace("{m}", Math.max(1, Math.round(coords.accuracy)));
    if (now !== undefined) button.form?.requestSubmit?.();
  }

  function refuse(error) {
    button.disabled = false;
    say.textContent = error.code === ERROR_REFUSED ? refused : failed;
  }
}
