import contextlib
import hashlib
import random
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw

from cps.core.images import (
    THUMBNAIL_BYTES,
    ImageRefused,
    Ingested,
    Limits,
    Refusal,
    Rendition,
    hamming,
    ingest,
)

ROOT = Path(__file__).parents[2]
MAKER = "SecretCameraMaker"
SMALL = Limits(max_bytes=200_000, one_pass_pixels=600_000, pixels=300_000)


def scene(width: int = 400, height: int = 300, seed: int = 1) -> Image.Image:
    """Draw coloured blocks: enough structure for a perceptual hash, and red in the upper left corner."""
    dice = random.Random(seed)
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for _ in range(30):
        left, top = dice.randrange(width), dice.randrange(height)
        colour = (dice.randrange(256), dice.randrange(256), dice.randrange(256))
        draw.rectangle((left, top, left + width // 5, top + height // 5), fill=colour)
    draw.rectangle((0, 0, width // 4, height // 4), fill=(220, 0, 0))
    return image


def exif(orientation: int = 1, **extra: object) -> Image.Exif:
    data = Image.Exif()
    data[0x010F] = MAKER
    data[0x0112] = orientation
    data.get_ifd(0x8769)[36867] = extra.get("taken", "2026:11:20 08:15:30")
    data.get_ifd(0x8825).update(
        extra.get("gps", {1: "S", 2: (33.0, 26.0, 15.0), 3: "W", 4: (70.0, 39.0, 0.0)})
    )
    return data


def encoded(image: Image.Image, name: str = "JPEG", **options: object) -> bytes:
    if name == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    buffer = BytesIO()
    image.save(buffer, name, **options)
    return buffer.getvalue()


def png(
    width: int, height: int, rows: bytes, *, depth: int = 8, colour: int = 0, before: bytes = b""
) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    return start + before + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def shown(rendition: Rendition) -> Image.Image:
    return Image.open(BytesIO(rendition.data)).convert("RGB")


def renditions(photo: Ingested) -> list[Rendition]:
    return [photo.large, photo.thumbnail, photo.fallback]


def colour_at(photo: Ingested, x: float, y: float) -> tuple[int, ...]:
    image = shown(photo.large)
    pixel = image.getpixel((int(x * image.width), int(y * image.height)))
    assert isinstance(pixel, tuple)
    return pixel


def near(colour: tuple[int, ...], wanted: tuple[int, int, int], by: int = 25) -> bool:
    return all(abs(a - b) <= by for a, b in zip(colour, wanted, strict=True))


def why(data: bytes, limits: Limits = SMALL) -> Refusal:
    with pytest.raises(ImageRefused) as caught:
        ingest(data, limits=limits)
    return caught.value.reason


# What is kept


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_each_format_gives_the_same_three_renditions(name: str) -> None:
    photo = ingest(encoded(scene(), name))

    assert [r.content_type for r in renditions(photo)] == ["image/webp", "image/webp", "image/jpeg"]
    assert [(r.width, r.height) for r in renditions(photo)] == [(400, 300), (320, 240), (400, 300)]
    assert [shown(r).size for r in renditions(photo)] == [(400, 300), (320, 240), (400, 300)]
    assert near(colour_at(photo, 0.1, 0.1), (220, 0, 0))


def test_a_large_photo_is_made_smaller_and_keeps_its_proportions() -> None:
    photo = ingest(encoded(scene(3000, 2000)))

    assert [(r.width, r.height) for r in renditions(photo)] == [(1600, 1067), (320, 213), (1200, 800)]


def test_a_small_photo_is_not_enlarged() -> None:
    assert [(r.width, r.height) for r in renditions(ingest(encoded(scene(90, 60))))] == [(90, 60)] * 3


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (16, 9)])
def test_odd_sizes_are_taken(size: tuple[int, int]) -> None:
    photo = ingest(encoded(Image.new("RGB", size, "teal"), "PNG"))

    assert max(photo.large.width, photo.large.height) <= 1600
    assert min(photo.large.width, photo.large.height) >= 1


@pytest.mark.parametrize("size", [(1600, 1600), (320, 320), (4000, 900)])
def test_the_thumbnail_fits_into_eight_kilobytes_even_for_noise(size: tuple[int, int]) -> None:
    photo = ingest(encoded(Image.effect_noise(size, 250), quality=60))

    assert len(photo.thumbnail.data) <= THUMBNAIL_BYTES


def test_a_stream_is_read_like_bytes() -> None:
    data = encoded(scene())

    assert ingest(BytesIO(data)) == ingest(data)


def test_the_originals_own_hash_is_kept() -> None:
    data = encoded(scene())

    assert ingest(data).sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_no_metadata_reach_what_is_shown(name: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = encoded(scene(), name, exif=exif().tobytes(), icc_profile=profile)
    assert MAKER.encode() in data

    for rendition in renditions(ingest(data)):
        image = Image.open(BytesIO(rendition.data))
        image.load()
        assert MAKER.encode() not in rendition.data
        assert not dict(image.getexif())
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(image.info)


def test_comments_and_text_chunks_do_not_reach_what_is_shown() -> None:
    from PIL.PngImagePlugin import PngInfo

    note = PngInfo()
    note.add_itxt("Comment", MAKER)
    photos = [ingest(encoded(scene(), "PNG", pnginfo=note)), ingest(encoded(scene(), comment=MAKER.encode()))]

    assert not [r for photo in photos for r in renditions(photo) if MAKER.encode() in r.data]


# What the photo tells of itself


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_time_and_position_are_kept_apart(name: str) -> None:
    photo = ingest(encoded(scene(), name, exif=exif().tobytes()))

    assert photo.taken_at == datetime(2026, 11, 20, 8, 15, 30)  # noqa: DTZ001 (the camera knows no zone)
    assert photo.position == pytest.approx((-33.4375, -70.65))


def test_a_photo_without_metadata_tells_neither() -> None:
    photo = ingest(encoded(scene()))

    assert (photo.taken_at, photo.position) == (None, None)


@pytest.mark.parametrize(
    "taken", ["", "yesterday", "0000:00:00 00:00:00", "2026:13:45 99:99:99", "2026:02:30 10:00:00"]
)
def test_an_impossible_time_is_left_out(taken: str) -> None:
    assert ingest(encoded(scene(), exif=exif(taken=taken).tobytes())).taken_at is None


@pytest.mark.parametrize(
    "gps",
    [
        {},
        {1: "N", 2: (37.0, 0.0, 0.0)},
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {1: "N", 2: (91.0, 0.0, 0.0), 3: "E", 4: (127.0, 0.0, 0.0)},
        {1: "N", 2: (37.0, 0.0), 3: "E", 4: (127.0, 0.0)},
        {1: "N", 2: 37.0, 3: "E", 4: 127.0},
    ],
)
def test_an_impossible_position_is_left_out(gps: dict[int, object]) -> None:
    assert ingest(encoded(scene(), exif=exif(gps=gps).tobytes())).position is None


def test_a_position_of_zero_over_zero_is_left_out() -> None:
    data = encoded(scene(), exif=exif().tobytes())
    thirty_three = (
        struct.pack("<II", 33, 1) if struct.pack("<II", 33, 1) in data else struct.pack(">II", 33, 1)
    )
    assert thirty_three in data

    assert ingest(data.replace(thirty_three, b"\0" * 8)).position is None


# Upright, in colour, on white


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_is_set_upright(orientation: int) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    as_held = scene() if orientation == 1 else scene().transpose(undo[orientation])

    photo = ingest(encoded(as_held, exif=exif(orientation).tobytes(), quality=95))

    assert (photo.large.width, photo.large.height) == (400, 300)
    assert near(colour_at(photo, 0.1, 0.1), (220, 0, 0))


def test_a_turned_heic_is_set_upright_once() -> None:
    as_held = scene().transpose(Image.Transpose.ROTATE_90)

    photo = ingest(encoded(as_held, "HEIF", exif=exif(6).tobytes()))

    assert (photo.large.width, photo.large.height) == (400, 300)
    assert near(colour_at(photo, 0.1, 0.1), (220, 0, 0))


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_unknown_orientation_changes_nothing(orientation: int) -> None:
    photo = ingest(encoded(scene(), exif=exif(orientation).tobytes()))

    assert (photo.large.width, photo.large.height) == (400, 300)


def test_a_cmyk_jpeg_keeps_its_colours() -> None:
    assert near(colour_at(ingest(encoded(scene().convert("CMYK"))), 0.1, 0.1), (220, 0, 0))


def test_colours_of_another_profile_are_brought_to_srgb() -> None:
    photo = ingest(encoded(scene(), "PNG", icc_profile=other_profile()))

    assert not near(colour_at(photo, 0.1, 0.1), (220, 0, 0), by=10)


def other_profile() -> bytes:
    """Return an sRGB profile whose red primary is exchanged for the green one, so that a use of it shows."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    places = {}
    for number in range(int.from_bytes(profile[128:132])):
        start = 132 + 12 * number
        places[bytes(profile[start : start + 4])] = start + 4
    red, green = places[b"rXYZ"], places[b"gXYZ"]
    profile[red : red + 8], profile[green : green + 8] = profile[green : green + 8], profile[red : red + 8]
    return bytes(profile)


def test_a_broken_colour_profile_is_ignored() -> None:
    profile = b"\0" * 16 + b"RGB " + b"\0" * 200

    assert near(colour_at(ingest(encoded(scene(), icc_profile=profile)), 0.1, 0.1), (220, 0, 0))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_a_transparent_ground_becomes_white(mode: str) -> None:
    image = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 50, 100))
    data = encoded(image if mode == "RGBA" else image.convert(mode), "PNG")

    photo = ingest(data)

    assert near(colour_at(photo, 0.2, 0.5), (0, 0, 0))
    assert near(colour_at(photo, 0.8, 0.5), (255, 255, 255))


def test_a_palette_with_a_transparent_colour_becomes_white_there() -> None:
    image = Image.new("P", (100, 100), 0)
    image.putpalette([0, 0, 0, 10, 200, 10])
    image.paste(1, (0, 0, 50, 100))

    photo = ingest(encoded(image, "PNG", transparency=0))

    assert near(colour_at(photo, 0.2, 0.5), (10, 200, 10))
    assert near(colour_at(photo, 0.8, 0.5), (255, 255, 255))


def test_sixteen_bits_of_grey_are_scaled_and_not_clipped() -> None:
    steps = (0, 0x4000, 0x8000, 0xFFFF)
    row = b"\0" + b"".join(struct.pack(">H", step) * 20 for step in steps)

    photo = ingest(png(80, 20, row * 20, depth=16))

    assert near(colour_at(photo, 0.1, 0.5), (0, 0, 0), by=3)
    assert near(colour_at(photo, 0.4, 0.5), (64, 64, 64), by=3)
    assert near(colour_at(photo, 0.6, 0.5), (128, 128, 128), by=3)
    assert near(colour_at(photo, 0.9, 0.5), (255, 255, 255), by=3)


def test_sixteen_bits_of_colour_are_taken() -> None:
    rows = b"".join(b"\0" + struct.pack(">3H", 0xDC00, 0, 0) * 40 for _ in range(40))

    assert near(colour_at(ingest(png(40, 40, rows, depth=16, colour=2)), 0.5, 0.5), (220, 0, 0))


@pytest.mark.parametrize("mode", ["1", "L"])
def test_black_and_white_and_grey_are_taken(mode: str) -> None:
    assert ingest(encoded(scene().convert(mode), "PNG")).large.width == 400


@pytest.mark.parametrize("name", ["PNG", "WEBP"])
def test_of_an_animation_the_first_picture_is_taken(name: str) -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("blue", "green", "white")]

    photo = ingest(encoded(Image.new("RGB", (40, 40), "red"), name, save_all=True, append_images=frames))

    assert near(colour_at(photo, 0.5, 0.5), (255, 0, 0))
    assert getattr(Image.open(BytesIO(photo.large.data)), "n_frames", 1) == 1


def test_of_a_jpeg_with_several_pictures_the_first_is_taken() -> None:
    data = encoded(scene(), "MPO", save_all=True, append_images=[Image.new("RGB", (400, 300), "blue")])

    assert near(colour_at(ingest(data), 0.1, 0.1), (220, 0, 0))


# Perceptual hash


def test_the_same_picture_smaller_and_compressed_again_has_nearly_the_same_hash() -> None:
    first = ingest(encoded(scene(1200, 900)))
    again = ingest(encoded(scene(1200, 900).resize((500, 375)), "WEBP", quality=30))

    assert len(first.perceptual_hash) == 16
    assert hamming(first.perceptual_hash, again.perceptual_hash) <= 6


def test_different_pictures_have_distant_hashes() -> None:
    hashes = [ingest(encoded(scene(seed=seed))).perceptual_hash for seed in range(5)]

    assert min(hamming(a, b) for a in hashes for b in hashes if a is not b) > 10


def test_the_distance_counts_bits() -> None:
    assert hamming("0000000000000000", "ffffffffffffffff") == 64
    assert hamming("00000000000000f0", "0000000000000010") == 3


# Refusals


def test_nothing_is_refused_as_empty() -> None:
    assert why(b"") is Refusal.EMPTY


@pytest.mark.parametrize(
    "data",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;",
        b"\0" * 1000,
        b"x",
    ],
)
def test_other_files_are_refused_as_no_photo(data: bytes) -> None:
    assert why(data) is Refusal.NOT_A_PHOTO


@pytest.mark.parametrize("name", ["BMP", "TIFF", "GIF", "AVIF"])
def test_picture_formats_outside_the_list_are_refused_as_no_photo(name: str) -> None:
    assert why(encoded(scene(), name), Limits()) is Refusal.NOT_A_PHOTO


def test_a_file_over_the_size_is_refused_without_reading_on() -> None:
    stream = BytesIO(b"\xff\xd8\xff" + b"\0" * 1_000_000)

    with pytest.raises(ImageRefused) as caught:
        ingest(stream, limits=SMALL)

    assert caught.value.reason is Refusal.TOO_MANY_BYTES
    assert stream.tell() == SMALL.max_bytes + 1


def test_a_jpeg_in_one_pass_may_have_more_pixels_than_another_picture() -> None:
    image = scene(800, 600)  # 480,000 pixels, between the two limits

    assert ingest(encoded(image), limits=SMALL).large.width == 800
    assert why(encoded(image, progressive=True)) is Refusal.TOO_MANY_PIXELS
    assert why(encoded(image, "PNG")) is Refusal.TOO_MANY_PIXELS
    assert why(encoded(image, "WEBP")) is Refusal.TOO_MANY_PIXELS
    assert why(encoded(image, "HEIF")) is Refusal.TOO_MANY_PIXELS


def test_a_jpeg_in_one_pass_has_a_limit_too() -> None:
    assert why(encoded(scene(1000, 700))) is Refusal.TOO_MANY_PIXELS


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6])
def test_a_truncated_photo_is_refused_as_damaged(name: str, share: float) -> None:
    data = encoded(scene(), name)

    assert why(data[: max(16, int(len(data) * share))]) is Refusal.DAMAGED


def test_a_text_that_unpacks_to_a_flood_is_refused_as_damaged() -> None:
    flood = b"Comment\0\0" + zlib.compress(b"a" * 50_000_000)
    chunk = struct.pack(">I", len(flood)) + b"zTXt" + flood + struct.pack(">I", zlib.crc32(b"zTXt" + flood))

    assert why(png(4, 4, b"\0\0\0\0\0" * 4, before=chunk)) is Refusal.DAMAGED


def test_a_jpeg_with_hundreds_of_scans_is_refused_as_damaged() -> None:
    data = encoded(scene(), progressive=True)
    last = data.rindex(b"\xff\xda")

    assert why(data[:last] + data[last:-2] * 300 + data[-2:], Limits()) is Refusal.DAMAGED


def test_html_behind_a_jpeg_is_taken_and_does_not_survive() -> None:
    page = b"<html><script>alert(1)</script></html>"

    photo = ingest(encoded(scene()) + page)

    assert near(colour_at(photo, 0.1, 0.1), (220, 0, 0))
    assert not [r for r in renditions(photo) if b"script" in r.data]


def test_a_film_behind_a_jpeg_does_not_count_as_scans() -> None:
    film = random.Random(3).randbytes(2_000_000) + b"\xff\xda\0\x08" * 500

    assert ingest(encoded(scene()) + film).large.width == 400


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_photo_with_changed_bytes_is_taken_or_refused_and_nothing_else(data: st.DataObject) -> None:
    photo = bytearray(data.draw(st.sampled_from(SAMPLES)))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, min(len(photo), 2000) - 1))
        photo[place] = data.draw(st.integers(0, 255))

    with contextlib.suppress(ImageRefused):
        assert ingest(bytes(photo), limits=SMALL).large.data


SAMPLES = [
    encoded(scene(48, 32), "JPEG", exif=exif().tobytes()),
    encoded(scene(48, 32), "PNG", exif=exif().tobytes()),
    encoded(scene(48, 32), "WEBP", exif=exif().tobytes()),
    encoded(scene(48, 32), "HEIF", exif=exif().tobytes()),
]


# Bounded memory, each in a process of its own

_PROBE = """
import resource, sys
from pathlib import Path
from cps.core import images
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
def kilobytes(name):
    return int(Path("/proc/self/status").read_text().split(name + ":")[1].split()[0])
data = Path(sys.argv[1]).read_bytes()
before = kilobytes("VmRSS")
try:
    images.ingest(data)
    reason = "taken"
except images.ImageRefused as refused:
    reason = refused.reason.value
print(reason, (kilobytes("VmHWM") - before) // 1024, sep="|")
"""


def probe(data: bytes, folder: Path) -> tuple[str, int]:
    """Return what became of a file in a fresh process, and how many MiB its peak lay above the start."""
    if not Path("/proc/self/status").exists():
        pytest.skip("peak memory is read from /proc, which this system lacks")
    file = folder / "upload"
    file.write_bytes(data)
    command = [sys.executable, "-c", _PROBE, str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    reason, peak = done.stdout.strip().split("|")
    return reason, int(peak)


def blank_png(width: int, height: int) -> bytes:
    return encoded(Image.new("1", (width, height)), "PNG")


def patched_heic(side: int) -> bytes:
    data = bytearray(encoded(scene(64, 64), "HEIF"))
    place = data.index(b"ispe") + 8
    data[place : place + 8] = struct.pack(">II", side, side)
    return bytes(data)


def patched_jpeg(width: int, height: int) -> bytes:
    data = bytearray(encoded(scene(64, 64)))
    place = data.index(b"\xff\xc0") + 5
    data[place : place + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def patched_webp(side: int) -> bytes:
    data = bytearray(encoded(scene(64, 64).convert("RGBA"), "WEBP", exif=exif().tobytes()))
    assert data[12:16] == b"VP8X"
    data[24:30] = (side - 1).to_bytes(3, "little") * 2
    return bytes(data)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: blank_png(30_000, 30_000), Refusal.TOO_MANY_PIXELS),
        (lambda: blank_png(12_000, 10_000), Refusal.TOO_MANY_PIXELS),
        (lambda: patched_jpeg(30_000, 30_000), Refusal.TOO_MANY_PIXELS),
        (lambda: patched_webp(16_000), Refusal.TOO_MANY_PIXELS),
        (lambda: patched_heic(30_000), Refusal.TOO_MANY_PIXELS),
        (lambda: png(9, 9, b"\0" * 300_000_000), None),
    ],
    ids=[
        "png 900 MP",
        "png 120 MP",
        "jpeg 900 MP",
        "webp 256 MP",
        "heic 900 MP",
        "png with 300 MB behind its rows",
    ],
)
def test_a_bomb_costs_next_to_no_memory(
    make: Callable[[], bytes], reason: Refusal | None, tmp_path: Path
) -> None:
    outcome, peak = probe(make(), tmp_path)

    assert outcome == (reason.value if reason else outcome)
    assert peak < 40


def test_a_jpeg_of_a_hundred_megapixels_is_taken_in_little_memory(tmp_path: Path) -> None:
    data = encoded(Image.new("RGB", (12_000, 9_000), "teal"), quality=50)

    outcome, peak = probe(data, tmp_path)

    assert outcome == "taken"
    assert peak < 120


@pytest.mark.parametrize(
    ("name", "options", "megabytes"),
    [
        ("JPEG", {"progressive": True, "subsampling": 0}, 400),
        ("PNG", {"compress_level": 1}, 300),
        ("WEBP", {"method": 0, "quality": 20}, 680),
        ("HEIF", {"quality": 5, "enc_params": {"preset": "ultrafast"}}, 400),
    ],
)
def test_forty_megapixels_of_any_format_stay_within_their_bound(
    name: str, options: dict[str, object], megabytes: int, tmp_path: Path
) -> None:
    image = Image.new("RGB" if name in {"JPEG", "HEIF"} else "RGBA", (8000, 5000), "teal")

    outcome, peak = probe(encoded(image, name, **options), tmp_path)

    assert outcome == "taken"
    assert peak < megabytes
