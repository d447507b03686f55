"""Sounds as phones and recorders make them: a real WAV, of the others the bytes by which they are told."""

import struct
import wave
from io import BytesIO


def wav(seconds: float = 1.0) -> bytes:
    """Return silence of so many seconds."""
    buffer = BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(round(16_000 * seconds)))
    return buffer.getvalue()


def ogg(seconds: int = 3, head: bytes = b"OpusHead") -> bytes:
    """Return the first and the last page of an Ogg file of this length."""
    first = b"OggS" + bytes(24) + head + bytes(11)
    last = b"OggS\0\4" + struct.pack("<Q", 48_000 * seconds) + bytes(14)
    return first + last


def webm(codec: bytes = b"A_OPUS") -> bytes:
    """Return the head of a WebM file with one track."""
    return b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + bytes(40) + b"\x86\x86" + codec + bytes(60)


def m4a(seconds: int = 4, handler: bytes = b"soun") -> bytes:
    """Return the boxes of an MP4 file with one track of this length."""
    movie = b"mvhd" + bytes(12) + struct.pack(">II", 1000, 1000 * seconds) + bytes(80)
    return struct.pack(">I", 20) + b"ftypM4A " + bytes(8) + b"moov" + movie + b"hdlr" + bytes(8) + handler


def mp3(tag: int = 20) -> bytes:
    """Return a tag of so many bytes and the head of a frame of MPEG 1, layer 3."""
    return b"ID3\4\0\0\0\0\0" + bytes([tag]) + bytes(tag) + b"\xff\xfb\x90\x64" + bytes(400)


def amr(frames: int = 100) -> bytes:
    """Return frames of 20 ms at 12.2 kbit/s."""
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * frames
