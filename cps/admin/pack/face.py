"""The city's crest and its own words in a pack; no database."""

import binascii
from base64 import b64decode, b64encode
from typing import Any

from cps.admin.townhall.rules import OwnPage, check_words
from cps.admin.townhall.wording import refusal
from cps.core import emblems
from cps.core.document import Part
from cps.core.emblems import Emblem
from cps.core.i18n import gettext as _
from cps.core.images import ImageRefused

LONGEST = 4 * emblems.LIMITS.max_bytes // 3 + 4


def read_face(name: str, part: Part) -> Any:
    """Return what the pack gives under a name of `FACE`; nothing where it gives nothing."""
    return _logo(part) if name == "logo" else _texts(part.part("texts"))


def written_logo(large: bytes) -> str:
    """Return the large picture of a crest as a pack has it."""
    return b64encode(large).decode()


def _logo(part: Part) -> Emblem | None:
    written = part.line("logo", longest=LONGEST)
    if not written:
        return None
    data = b""
    try:
        data = b64decode(written.encode(), validate=True)
        return emblems.draw(data)
    except binascii.Error:
        part.note("logo", _("This must be a picture in base64."))
    except ImageRefused as refused:
        part.note("logo", refusal(refused.reason, data))
    return None


def _texts(part: Part) -> dict[OwnPage, dict[str, str]]:
    part.only(*OwnPage)
    found = {}
    for page in OwnPage:
        if part.has(page):
            found[page] = part.texts(page)
            with part.noting():
                check_words(page, found[page])
    return found
