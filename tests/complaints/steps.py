"""What the tests of filing share: walking through the steps, photos of every kind, reading the draft."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image
from sqlalchemy import select

from cps.cases.models import Case, CaseEvent, Draft
from cps.core.db import db
from cps.departments.models import Category
from tests.support.page import Page
from tests.support.site import Site

NEW = "/complaints/new"


def tell_place(site: Site, **fields: Any) -> Page:
    """Fill in the place, with a street where nothing else is given."""
    return site.submit(f"{NEW}/place", form=f"{NEW}/place", **(fields or {"address": "Mill Lane"}))


def tell_words(site: Site, category: Category, body: str = "A deep hole in the road") -> Page:
    """Fill in the words, on the page of the last answer or on their own."""
    return site.submit(f"{NEW}/words", form=f"{NEW}/words", body=body, category=category.code)


def tell_details(site: Site, **fields: Any) -> Page:
    """Fill in what the category asks, who may read it and the contact."""
    return site.submit(f"{NEW}/details", form=f"{NEW}/details", **fields)


def go_to_check(
    site: Site, category: Category, body: str = "A deep hole in the road", **details: Any
) -> Page:
    """Do all steps without photos; ends at the last look, also where similar cases stand before it."""
    tell_place(site)
    tell_words(site, category, body)
    tell_details(site, **details)
    return site.get(f"{NEW}/check")


def send(site: Site, **fields: Any) -> Page:
    """Send from the page of the last look."""
    return site.submit(form=f"{NEW}/check", **fields)


def file_one(site: Site, category: Category, body: str = "A deep hole in the road", **details: Any) -> Case:
    """Do everything and return the case."""
    go_to_check(site, category, body, **details)
    page = send(site)
    assert page.status == 200, page.text
    return db.session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()


def cases() -> list[Case]:
    """Return every case, oldest first."""
    return list(db.session.scalars(select(Case).order_by(Case.id)))


def drafts() -> list[Draft]:
    """Return every draft, oldest first."""
    return list(db.session.scalars(select(Draft).order_by(Draft.id)))


def notes(case: Case) -> list[str]:
    """Return what only staff read of a case."""
    rows = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.audience == "staff")
    return [event.message for event in db.session.scalars(rows)]


def photo(colour: str = "teal", name: str = "JPEG", gps: tuple[float, float] | None = None) -> bytes:
    """Return a real photo of one colour, with a position where one is given."""
    exif = Image.Exif()
    if gps:
        lat, lon = gps
        exif.get_ifd(0x8825).update({1: "N", 2: (lat, 0.0, 0.0), 3: "E", 4: (lon, 0.0, 0.0)})
    buffer = BytesIO()
    Image.new("RGB", (320, 240), colour).save(buffer, name, exif=exif)
    return buffer.getvalue()


def huge_png(side: int = 30_000) -> bytes:
    """Return a small file that says it is a picture of so many pixels a side."""
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = zlib.compress(bytes(200_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
