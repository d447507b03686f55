"""The voice note of the demo city: tones in place of words, and what an officer wrote down of it."""

import hashlib
import io
import math
import wave
from collections.abc import Iterable
from typing import Final

from cps.cases.services.voice import storage_key, write_down
from cps.cases.voice_models import VoiceNote
from cps.core import audio
from cps.core.audio import CONTENT_TYPES, Recording
from cps.core.db import db
from cps.core.storage import storage_from_url
from cps.demo.filing import Told
from cps.demo.world import World

Spoken = tuple[str, Recording]
"""A stored recording: its random name, and what it holds."""

SPOKEN: Final = "sidewalk-missing-slab-willow"
"""The complaint that was said and not written."""

RATE: Final = 8_000
MELODY: Final = (262, 330, 392, 523, 440, 392, 330, 294)
"""The tones in Hz, each of half a second."""


def tones() -> bytes:
    """Return a WAV file of four seconds, the same every time."""
    samples = RATE // 2
    sound = bytearray()
    for tone in MELODY:
        for at in range(samples):
            swell = math.sin(math.pi * at / samples)
            sound.append(128 + round(60 * swell * math.sin(2 * math.pi * tone * at / RATE)))
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(1)
        written.setframerate(RATE)
        written.writeframes(bytes(sound))
    return file.getvalue()


def store(storage_url: str, *, seed: int) -> Spoken:
    """Store the recording; call it before transactions."""
    name = hashlib.sha256(f"voice {seed}".encode()).hexdigest()[:32]
    recording = audio.read(io.BytesIO(tones()))
    key = storage_key(name, recording.kind)
    storage_from_url(storage_url).put(key, recording.data, CONTENT_TYPES[recording.kind])
    return name, recording


def speak(told: Iterable[Told], world: World, stored: Spoken) -> None:
    """Let one complaint have come as the stored recording, written down as the first thing of its course."""
    name, recording = stored
    for one in (one for one in told if one.complaint.key == SPOKEN):
        case = one.case
        note = VoiceNote(
            name=name,
            case_id=case.id,
            kind=recording.kind,
            size=len(recording.data),
            seconds=recording.seconds,
            original_sha256=recording.sha256,
            stands_for_words=True,
            added_at=case.received_at,
        )
        db.session.add(note)
        words, language = one.complaint.body, one.complaint.language
        officer = world.staff.officers[world.department_codes[case.department_id]]
        write_down(case, note, words, danger_words={}, language=language, by=officer, at=one.times[0])
