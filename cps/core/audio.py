"""Voice notes as phones and recorders make them: told by their bytes, never by a name or a header.

Nothing is decoded here. Followed are RFC 3533, 7845 (Ogg, Opus), RFC 4867 (AMR), ISO/IEC 14496-12 (MP4),
ISO/IEC 11172-3 (MP3), the WebM container guidelines and Microsoft's RIFF, as far as a length is read.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

MOST_BYTES = 3 * 1024 * 1024
"""Some ten minutes as phones record speech."""

LONGEST_SECONDS = 24 * 3600
"""A header that says more is not believed."""


class AudioKind(StrEnum):
    """The formats we take; also the ends of the files' names."""

    OGG = "ogg"
    WEBM = "webm"
    MP4 = "m4a"
    MP3 = "mp3"
    WAV = "wav"
    AMR = "amr"


CONTENT_TYPES = {
    AudioKind.OGG: "audio/ogg",
    AudioKind.WEBM: "audio/webm",
    AudioKind.MP4: "audio/mp4",
    AudioKind.MP3: "audio/mpeg",
    AudioKind.WAV: "audio/wav",
    AudioKind.AMR: "audio/amr",
}


class Refusal(StrEnum):
    """Why a voice note is not taken."""

    EMPTY = "empty"
    TOO_MANY_BYTES = "too-many-bytes"
    NOT_AUDIO = "not-audio"


class AudioRefused(ValueError):
    """The file is not taken; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Recording:
    """A voice note as it came, with its length in whole seconds where its header says it."""

    data: bytes
    kind: AudioKind
    sha256: str
    seconds: int | None


_HEAD = 4096
_VIDEO_IN_MATROSKA = (b"V_VP", b"V_AV1", b"V_MPEG", b"V_THEORA", b"V_MS", b"V_UNC")
_AUDIO_IN_MATROSKA = (b"A_OPUS", b"A_VORBIS")
_AUDIO_IN_OGG = (b"OpusHead", b"\x01vorbis", b"Speex   ")
_NO_SOUND_BRANDS = frozenset({b"heic", b"heix", b"heif", b"mif1", b"msf1", b"avif", b"avis"})
_AMR, _AMR_WIDE = b"#!AMR\n", b"#!AMR-WB\n"
_AMR_BYTES = (13, 14, 16, 18, 20, 21, 27, 32, 6)
_AMR_WIDE_BYTES = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6)
_LAYER_THREE = 1


def read(source: BinaryIO) -> Recording:
    """Return what a file holds; raises AudioRefused. No more than `MOST_BYTES` and one are read."""
    data = source.read(MOST_BYTES + 1)
    if not data:
        raise AudioRefused(Refusal.EMPTY)
    if len(data) > MOST_BYTES:
        raise AudioRefused(Refusal.TOO_MANY_BYTES)
    kind = sniff(data)
    if kind is None:
        raise AudioRefused(Refusal.NOT_AUDIO)
    return Recording(data, kind, hashlib.sha256(data).hexdigest(), seconds_of(kind, data))


def sniff(data: bytes) -> AudioKind | None:
    """Return the format of a file that holds sound and no pictures, or None."""
    return next((kind for kind, is_it in _TESTS.items() if is_it(data)), None)


def _is_ogg(data: bytes) -> bool:
    return data.startswith(b"OggS") and any(name in data[:64] for name in _AUDIO_IN_OGG)


def _is_webm(data: bytes) -> bool:
    head = data[:_HEAD]
    is_matroska = head.startswith(b"\x1a\x45\xdf\xa3") and (b"webm" in head[:64] or b"matroska" in head[:64])
    has_pictures = any(codec in head for codec in _VIDEO_IN_MATROSKA)
    return is_matroska and not has_pictures and any(codec in head for codec in _AUDIO_IN_MATROSKA)


def _is_mp4(data: bytes) -> bool:
    """Say whether there is a track of sound and none of pictures, by the handlers (8.4.3)."""
    if data[4:8] != b"ftyp" or data[8:12] in _NO_SOUND_BRANDS:
        return False
    handlers = set(re.findall(rb"hdlr.{8}(soun|vide)", data, re.DOTALL))
    return handlers == {b"soun"}


def _is_mp3(data: bytes) -> bool:
    frame = data[_length_of_tag(data) :][:3]
    if len(frame) < 3 or frame[0] != 0xFF or frame[1] & 0xE0 != 0xE0:
        return False
    version, layer = frame[1] >> 3 & 3, frame[1] >> 1 & 3
    bitrate, rate = frame[2] >> 4, frame[2] >> 2 & 3
    return version != 1 and layer == _LAYER_THREE and bitrate not in {0, 15} and rate != 3


def _length_of_tag(data: bytes) -> int:
    """Return how many bytes an ID3v2 tag before the sound takes: four bytes of seven bits say it."""
    if not data.startswith(b"ID3") or len(data) < 10:
        return 0
    a, b, c, d = data[6:10]
    return 10 + (a << 21 | b << 14 | c << 7 | d)


def _is_wav(data: bytes) -> bool:
    return data.startswith(b"RIFF") and data[8:12] == b"WAVE"


def _is_amr(data: bytes) -> bool:
    return data.startswith((_AMR, _AMR_WIDE))


_TESTS: dict[AudioKind, Callable[[bytes], bool]] = {
    AudioKind.OGG: _is_ogg,
    AudioKind.WEBM: _is_webm,
    AudioKind.MP4: _is_mp4,
    AudioKind.MP3: _is_mp3,
    AudioKind.WAV: _is_wav,
    AudioKind.AMR: _is_amr,
}


def seconds_of(kind: AudioKind, data: bytes) -> int | None:
    """Return the length in seconds, rounded and one at least, where a header says it; else None."""
    how = {
        AudioKind.OGG: _seconds_of_opus,
        AudioKind.MP4: _seconds_of_mp4,
        AudioKind.WAV: _seconds_of_wav,
        AudioKind.AMR: _seconds_of_amr,
    }.get(kind)
    seconds = how(data) if how is not None else None
    return max(1, round(seconds)) if seconds is not None and 0 < seconds <= LONGEST_SECONDS else None


def _seconds_of_opus(data: bytes) -> float | None:
    """Return the position of the last page, in samples of 48 kHz whatever the microphone's rate."""
    page = data.rfind(b"OggS")
    position = data[page + 6 : page + 14]
    if b"OpusHead" not in data[:64] or len(position) < 8:
        return None
    return int.from_bytes(position, "little") / 48_000


def _seconds_of_mp4(data: bytes) -> float | None:
    """Return the duration of the movie's header (8.2.2); recorders that write as they go leave it 0."""
    place = data.find(b"mvhd") + 4
    if place < 4 or len(data) < place + 32:
        return None
    start, wide = (place + 20, 8) if data[place] == 1 else (place + 12, 4)
    scale = int.from_bytes(data[start : start + 4])
    return int.from_bytes(data[start + 4 : start + 4 + wide]) / scale if scale else None


def _seconds_of_wav(data: bytes) -> float | None:
    """Return the bytes of the sound by those of a second; a length that is not true is cut to the file's."""
    head, sound = data.find(b"fmt ", 12), data.find(b"data", 12)
    if head < 0 or sound < 0 or len(data) < head + 20:
        return None
    in_second = int.from_bytes(data[head + 16 : head + 20], "little")
    length = min(int.from_bytes(data[sound + 4 : sound + 8], "little"), len(data) - sound - 8)
    return length / in_second if in_second else None


def _seconds_of_amr(data: bytes) -> float | None:
    """Return the number of frames, of 20 ms each; each begins with its kind, which says its length."""
    head, sizes = (_AMR_WIDE, _AMR_WIDE_BYTES) if data.startswith(_AMR_WIDE) else (_AMR, _AMR_BYTES)
    place, frames = len(head), 0
    while place < len(data):
        kind = data[place] >> 3 & 15
        place += sizes[kind] if kind < len(sizes) else 1
        frames += 1
    return frames / 50
