// Records a voice note into its file field. Without it, or where the browser cannot record or fill a file field,
// the field works by itself. Words come from the page.

const LONGEST = 5 * 60; // seconds; 24 kbit/s of them are well below what the city takes
const BITS = 24_000;
const KINDS = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

for (const part of document.querySelectorAll("[data-voice]")) {
  const kind = kindOfRecorder();
  const input = part.parentElement.querySelector("input[type=file]");
  if (kind && input) prepare(part, input, kind);
}

/** What this browser records, of what the city takes; none where it cannot record or fill a file field. */
function kindOfRecorder() {
  try {
    if (!navigator.mediaDevices?.getUserMedia || new DataTransfer().items === undefined) return null;
    return KINDS.find((kind) => MediaRecorder.isTypeSupported(kind)) ?? null;
  } catch {
    return null;
  }
}

function prepare(part, input, kind) {
  const [start, stop] = ["start", "stop"].map((name) => part.querySelector(`[data-${name}]`));
  const status = part.querySelector("[role=status]");
  const clock = part.querySelector("[data-clock]");
  const player = part.querySelector("audio");
  let recorder = null;
  let sendAfter = null;
  let began = 0;
  let ticking = 0;
  part.hidden = false;

  start.addEventListener("click", record);
  stop.addEventListener("click", () => recorder?.stop());
  input.addEventListener("change", () => listen(input.files[0] ?? null));
  input.form.addEventListener("submit", finishFirst, true);
  window.addEventListener("pagehide", () => recorder?.stop());

  async function record() {
    start.disabled = true;
    let stream = null;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      begin(stream);
    } catch {
      stream?.getTracks().forEach((track) => track.stop());
      recorder = null;
      say("refused");
    }
    start.disabled = false;
  }

  /** Who sends while recording sends what was said so far. */
  function finishFirst(event) {
    if (!recorder) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const by = event.submitter;
    sendAfter = () => input.form.requestSubmit(by);
    if (recorder.state === "recording") recorder.stop();
  }

  function begin(stream) {
    const pieces = [];
    recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: BITS });
    recorder.addEventListener("dataavailable", (event) => event.data.size && pieces.push(event.data));
    recorder.addEventListener("stop", () => {
      stream.getTracks().forEach((track) => track.stop());
      keep(new Blob(pieces, { type: kind.split(";")[0] }));
    });
    listen(null);
    recorder.start();
    began = Date.now();
    ticking = setInterval(tick, 250);
    show(true);
    say("recording");
    stop.focus();
  }

  function tick() {
    const seconds = Math.floor((Date.now() - began) / 1000);
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds >= LONGEST && recorder?.state === "recording") recorder.stop();
  }

  function keep(sound) {
    clearInterval(ticking);
    recorder = null;
    show(false);
    start.focus();
    if (!sound.size) return say("refused");
    const files = new DataTransfer();
    files.items.add(new File([sound], `voice-note.${sound.type.split("/")[1]}`, { type: sound.type }));
    input.files = files.files;
    listen(sound);
    say("done");
    sendAfter?.();
    sendAfter = null;
  }

  /** Lets the person hear what will be sent. */
  function listen(sound) {
    if (player.src) URL.revokeObjectURL(player.src);
    player.hidden = !sound;
    if (sound) player.src = URL.createObjectURL(sound);
    else player.removeAttribute("src");
  }

  function show(isRecording) {
    start.hidden = isRecording;
    stop.hidden = !isRecording;
    clock.hidden = !isRecording;
  }

  function say(state) {
    status.textContent = status.dataset[state];
  }
}
