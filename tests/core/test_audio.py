"""Voice notes are told by their bytes; what holds pictures, or only says that it is sound, is refused."""

from io import BytesIO

import pytest

from cps.core.audio import MOST_BYTES, AudioKind, AudioRefused, Refusal, read, sniff
from tests.support import sounds

KNOWN = {
    AudioKind.OGG: (sounds.ogg(3), 3),
    AudioKind.WEBM: (sounds.webm(), None),
    AudioKind.MP4: (sounds.m4a(4), 4),
    AudioKind.MP3: (sounds.mp3(), None),
    AudioKind.WAV: (sounds.wav(2), 2),
    AudioKind.AMR: (sounds.amr(100), 2),
}


@pytest.mark.parametrize("kind", AudioKind)
def test_each_format_is_told_by_its_bytes_with_its_length_where_it_says_one(kind: AudioKind) -> None:
    data, seconds = KNOWN[kind]

    recording = read(BytesIO(data))

    assert (recording.kind, recording.seconds, recording.data) == (kind, seconds, data)


@pytest.mark.parametrize(
    "data",
    [
        b"<!doctype html><script>alert(1)</script>",
        b"ID3\4\0\0\0\0\0\4tags<script>alert(1)</script>",
        b"\xff\xd8\xff\xe0" + bytes(60),
        b"\xff\xf1\x50\x80" + bytes(60),
        sounds.ogg(head=b"\x80theora"),
        sounds.webm(b"V_VP9\x86\x86A_OPUS"),
        sounds.m4a(handler=b"vide") + b"hdlr" + bytes(8) + b"soun",
        b"\0\0\0\x14ftypheic" + bytes(60),
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"#!AMR",
    ],
)
def test_pictures_films_and_pages_are_no_voice_notes(data: bytes) -> None:
    with pytest.raises(AudioRefused) as refused:
        read(BytesIO(data))

    assert refused.value.reason is Refusal.NOT_AUDIO


def test_three_megabytes_are_taken_and_not_a_byte_more() -> None:
    whole = sounds.wav() + bytes(MOST_BYTES - len(sounds.wav()))
    assert read(BytesIO(whole)).seconds == 1

    with pytest.raises(AudioRefused) as refused:
        read(BytesIO(whole + b"\0"))
    assert refused.value.reason is Refusal.TOO_MANY_BYTES


def test_an_empty_file_is_called_empty() -> None:
    with pytest.raises(AudioRefused) as refused:
        read(BytesIO())

    assert refused.value.reason is Refusal.EMPTY


@pytest.mark.parametrize("kind", AudioKind)
def test_a_file_that_was_cut_off_anywhere_does_no_harm(kind: AudioKind) -> None:
    data = KNOWN[kind][0][:200]

    for length in range(1, len(data)):
        assert sniff(data[:length]) in {None, kind}
        if sniff(data[:length]) is kind:
            read(BytesIO(data[:length]))
