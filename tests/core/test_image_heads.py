from io import BytesIO

import pytest
from PIL import Image

from cps.core.image_heads import Kind, jpeg_head, sniff, webp_size


def encoded(name: str, size: tuple[int, int] = (70, 30), mode: str = "RGB", **options: object) -> bytes:
    buffer = BytesIO()
    Image.effect_noise(size, 40).convert(mode).save(buffer, name, **options)
    return buffer.getvalue()


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2) + body


def frame(marker: int, width: int, height: int, components: int) -> bytes:
    return segment(
        marker, b"\x08" + height.to_bytes(2) + width.to_bytes(2) + bytes([components]) + b"\x01\x11\x00" * 3
    )


def scan(components: int) -> bytes:
    return (
        segment(0xDA, bytes([components]) + b"\x01\x00" * components + b"\x00\x3f\x00")
        + b"\x12\xff\x00\x34\xff\xd0"
    )


@pytest.mark.parametrize(("name", "kind"), [("JPEG", Kind.JPEG), ("PNG", Kind.PNG), ("WEBP", Kind.WEBP)])
def test_a_format_is_known_by_its_first_bytes(name: str, kind: Kind) -> None:
    assert sniff(encoded(name)) is kind


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"GIF89a", b"<svg/>", b"RIFF\0\0\0\0WAVE", b"\0\0\0\x18ftypavif"]
)
def test_other_beginnings_are_no_format_of_ours(data: bytes) -> None:
    assert sniff(data) is None


def test_an_ordinary_jpeg_is_read_in_one_pass() -> None:
    head = jpeg_head(encoded("JPEG"), scans_at_most=32)

    assert head
    assert (head.width, head.height, head.scans, head.one_pass) == (70, 30, 1, True)


def test_a_progressive_jpeg_needs_several_passes() -> None:
    head = jpeg_head(encoded("JPEG", progressive=True), scans_at_most=32)

    assert head
    assert head.scans > 1
    assert not head.one_pass


def test_a_baseline_jpeg_with_one_scan_for_each_colour_needs_several_passes() -> None:
    data = b"\xff\xd8" + frame(0xC0, 900, 800, 3) + scan(1) * 3 + b"\xff\xd9"

    head = jpeg_head(data, scans_at_most=32)

    assert head
    assert (head.width, head.height, head.scans, head.one_pass) == (900, 800, 3, False)


def test_scans_are_counted_no_further_than_needed() -> None:
    data = b"\xff\xd8" + frame(0xC2, 900, 800, 3) + scan(1) * 1000 + b"\xff\xd9"

    head = jpeg_head(data, scans_at_most=32)

    assert head
    assert head.scans == 33


def test_what_follows_the_end_of_the_image_is_not_counted() -> None:
    picture = encoded("JPEG")

    assert jpeg_head(picture + picture * 50, scans_at_most=32) == jpeg_head(picture, scans_at_most=32)


def test_a_picture_inside_the_metadata_is_not_counted() -> None:
    exif = Image.Exif()
    exif[0x010E] = "x"
    inner = segment(0xE1, b"Exif\0\0" + encoded("JPEG", (8, 8)))
    picture = encoded("JPEG")

    assert jpeg_head(picture[:2] + inner + picture[2:], scans_at_most=32) == jpeg_head(
        picture, scans_at_most=32
    )


@pytest.mark.parametrize(
    "data", [b"\xff\xd8\xff", b"\xff\xd8\xff\xd9", b"\xff\xd8" + b"\xff" * 50, b"\xff\xd8\xff\xda\0\0"]
)
def test_a_jpeg_without_frame_or_scan_has_no_head(data: bytes) -> None:
    assert jpeg_head(data, scans_at_most=32) is None


@pytest.mark.parametrize(
    "data",
    [
        encoded("WEBP"),
        encoded("WEBP", lossless=True),
        encoded("WEBP", mode="RGBA", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0"),
    ],
    ids=["lossy", "lossless", "extended"],
)
def test_the_size_of_a_webp_is_read_from_each_kind_of_head(data: bytes) -> None:
    assert webp_size(data) == (70, 30)


@pytest.mark.parametrize(
    "data", [b"RIFF\0\0\0\0WEBP", b"RIFF\0\0\0\0WEBPVP8X\0", b"RIFF\0\0\0\0WEBPWHAT" + b"\0" * 30]
)
def test_a_webp_without_a_head_we_know_has_no_size(data: bytes) -> None:
    assert webp_size(data) is None
