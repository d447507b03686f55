"""How pages of the city itself say things: why a crest is refused, what was done, what is missing."""

from dataclasses import dataclass
from typing import Any

from cps.admin import history
from cps.admin.townhall.rules import OwnPage
from cps.core.i18n import lazy_gettext as _l
from cps.core.images import Refusal

REFUSALS = {
    Refusal.EMPTY: _l("There is nothing to see on this picture."),
    Refusal.NOT_A_PHOTO: _l("This is not a picture we can take. Use PNG, WebP or JPEG."),
    Refusal.TOO_MANY_BYTES: _l("The picture is larger than 2 MB. 512 by 512 pixels are enough."),
    Refusal.TOO_MANY_PIXELS: _l("The picture has too many pixels. 512 by 512 are enough."),
    Refusal.DAMAGED: _l("The picture is damaged. Save it anew, best as PNG."),
    Refusal.SHAPE: _l("The picture is too long for a square. Take the crest alone, without words beside it."),
    Refusal.TOO_SMALL: _l("The picture is too small. Take one of at least 64 by 64 pixels."),
}
DRAWING = _l("SVG is not taken, because it can hold programs. Save the crest as a PNG of 512 by 512 pixels.")
_DRAWN = (b"<svg", b"<?xml", b"<!doctype svg")

ACTS = {
    **history.ACTS,
    "draft": _l("Laid before"),
    "publish": _l("Published"),
    "drop": _l("Not taken"),
    "import": _l("Brought in"),
}
LABELS = {"words": _l("Text")}


@dataclass(frozen=True, slots=True)
class Look:
    """A page on which the city speaks: its name and icon, and what belongs there."""

    name: Any
    icon: str
    advice: Any


PAGES = {
    OwnPage.ABOUT: Look(
        _l("About"),
        "landmark",
        _l("Who runs this for the city, address and opening hours of the town hall, how to get there."),
    ),
    OwnPage.PRIVACY: Look(
        _l("Privacy"),
        "lock",
        _l("Who is responsible for the data, whom to ask about it, and where to complain."),
    ),
    OwnPage.ACCESSIBILITY: Look(
        _l("Accessibility"),
        "users",
        _l("Whom to ask for help, how access to the town hall is, and where to complain."),
    ),
}


def refusal(reason: Refusal, data: bytes) -> str:
    """Return why a picture is not taken as a crest, and what to do."""
    beginning = data[:1_000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if reason is Refusal.NOT_A_PHOTO and beginning.startswith(_DRAWN):
        return str(DRAWING)
    return str(REFUSALS[reason])
