"""Photos of a case as pages show them, for the views of every feature with a case on its page."""

from collections.abc import Iterable
from typing import Any

from flask import url_for

from cps.cases.models import Attachment
from cps.cases.rules import PhotoStage
from cps.core.i18n import gettext as _


def pictures(photos: list[Attachment], alt: str) -> list[dict[str, Any]]:
    """Return photos as the `photo_grid` macro takes them."""
    return [
        {
            "url": url_for("cases.photo", name=photo.name, size="large"),
            "thumb": url_for(
                "cases.photo", name=photo.name, size="large" if len(photos) == 1 else "fallback"
            ),
            "width": photo.width,
            "height": photo.height,
            "alt": alt if len(photos) == 1 else _("%(what)s, number %(number)s", what=alt, number=number),
            "caption": None,
        }
        for number, photo in enumerate(photos, 1)
    ]


def main_photos(photos: Iterable[Attachment]) -> tuple[list[Attachment], list[Attachment]]:
    """Return (photos of the problem, photos of the finished work)."""
    shown = list(photos)
    before = [p for p in shown if p.stage is PhotoStage.BEFORE and p.event_id is None]
    return before, [p for p in shown if p.stage is PhotoStage.AFTER]
