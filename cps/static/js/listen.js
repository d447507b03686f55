// "Listen": a page in the phone's own voice. Words come from the page.

const LONGEST = 200; // some browsers fall silent in the middle of a long text

for (const part of document.querySelectorAll("[data-listen]")) {
  if (window.speechSynthesis && window.SpeechSynthesisUtterance) prepare(part);
}

function prepare(part) {
  const button = part.querySelector("button");
  let turn = 0; // tells a reading from those that were stopped before it
  let isReading = false;
  part.hidden = false;
  button.addEventListener("click", () => (isReading ? stop() : start()));
  window.addEventListener("pagehide", stop);

  function start() {
    speechSynthesis.cancel();
    const said = [...document.querySelectorAll(part.dataset.listen)].flatMap(utterances);
    if (!said.length) return;
    const mine = ++turn;
    said[said.length - 1].addEventListener("end", () => mine === turn && show(false));
    said.forEach((utterance) => speechSynthesis.speak(utterance));
    show(true);
  }

  function stop() {
    if (!isReading) return;
    turn++;
    speechSynthesis.cancel();
    show(false);
  }

  function show(now) {
    isReading = now;
    part.querySelector("[data-start]").hidden = isReading;
    part.querySelector("[data-stop]").hidden = !isReading;
  }
}

/** An element as pieces that a voice gets through, cut after sentences, in the language of the element. */
function utterances(element) {
  const language = element.closest("[lang]").lang;
  return pieces(element.innerText).map((text) => {
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.lang = language;
    utterance.voice = voiceFor(language);
    return utterance;
  });
}

function pieces(text) {
  const found = [];
  for (const sentence of text.match(/[^.!?。！？\n]+[.!?。！？]*/gu) ?? []) {
    const last = found[found.length - 1];
    if (last && last.length + sentence.length < LONGEST) found[found.length - 1] = last + sentence;
    else found.push(sentence);
  }
  return found.map((piece) => piece.trim()).filter(Boolean);
}

function voiceFor(language) {
  const short = language.split("-")[0];
  const voices = speechSynthesis.getVoices().filter((voice) => voice.lang.replace("_", "-").split("-")[0] === short);
  return voices.find((voice) => voice.localService) ?? voices[0] ?? null;
}
