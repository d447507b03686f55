"""Photos of the finished work: stored as they arrive, and kept when the rest of the form must be mended.

A browser cannot fill a file field again. What arrived is therefore stored at once, and the page carries a
signed note of each photo until the form goes through.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from cps.cases import queries as cases
from cps.cases.models import Attachment
from cps.cases.rules import MOST_PHOTOS
from cps.cases.uploads import NAME_LENGTH, stored_photos
from cps.core.i18n import gettext as _
from cps.core.storage import StorageFull

FIELD = "kept_photo"
KEPT_SECONDS = 24 * 3600
COLUMNS = ("name", "original_sha256", "perceptual_hash", "width", "height")


@dataclass(frozen=True, slots=True)
class Kept:
    """One photo that arrived: its row, the name of its file, and the note that the page carries."""

    row: Attachment
    label: str
    note: str


@dataclass(frozen=True, slots=True)
class Received:
    """The photos of a form, those kept from the last time first, and a sentence for each refused."""

    kept: list[Kept]
    refused: list[str]

    @property
    def rows(self) -> list[Attachment]:
        """The photos to hang on the case."""
        return [one.row for one in self.kept]


def receive(name: str, *, zone: ZoneInfo, at: datetime) -> Received:
    """Store what the file field of this name brought, and read the notes of what came before."""
    kept = _read_notes(request.form.getlist(FIELD), at)[:MOST_PHOTOS]
    refused: list[str] = []
    for upload in [file for file in request.files.getlist(name) if file.filename]:
        label = (upload.filename or "")[:NAME_LENGTH]
        if len(kept) >= MOST_PHOTOS:
            refused.append(
                _("%(name)s: at most %(count)s photos can be sent.", name=label, count=MOST_PHOTOS)
            )
            continue
        try:
            rows, problems = stored_photos([upload], zone=zone, at=at)
        except StorageFull:
            rows, problems = [], [_("%(name)s: there is no room for photos right now.", name=label)]
        kept += [Kept(row, label, _note(row, label)) for row in rows]
        refused += problems
    return Received(kept, refused)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="desk-photo")


def _note(row: Attachment, label: str) -> str:
    taken = row.taken_at.isoformat() if row.taken_at else ""
    return str(_signer().dumps({**{c: getattr(row, c) for c in COLUMNS}, "taken_at": taken, "label": label}))


def _read_notes(notes: Sequence[str], at: datetime) -> list[Kept]:
    """Return the photos of notes that we wrote, but none that hangs on a case by now."""
    kept = []
    for note in dict.fromkeys(notes):
        facts = _facts(note)
        if facts is not None and cases.photo(facts["name"]) is None:
            taken = datetime.fromisoformat(facts["taken_at"]) if facts["taken_at"] else None
            row = Attachment(**{c: facts[c] for c in COLUMNS}, taken_at=taken, added_at=at)
            kept.append(Kept(row, facts["label"], note))
    return kept


def _facts(note: str) -> dict[str, Any] | None:
    try:
        facts: dict[str, Any] = _signer().loads(note, max_age=KEPT_SECONDS)
    except BadData:
        return None
    return facts
