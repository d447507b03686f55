"""Blacking out words, and covering parts of photos; the originals are kept for moderators."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cps.accounts.models import Account
from cps.cases.rules import Turn
from cps.cases.services.photos import SIZES, storage_key
from cps.core import images
from cps.core.backup import media_of
from cps.core.backup.hooks import PlainRow
from cps.core.errors import RuleViolation, StaleVersion
from cps.core.i18n import gettext as _
from cps.core.i18n import gettext_in
from cps.core.storage import Storage, delete_files
from cps.moderation import queries
from cps.moderation.models import Act, ModerationOriginal
from cps.moderation.queries import Found
from cps.moderation.rules import COLUMNS, MOST_PHRASES, SHORTEST_PHRASE, ActKind, Cell, Thing, black_out
from cps.moderation.services.flagging import must_be_anothers
from cps.moderation.services.hiding import Hiding, begin_act, end_of_act, keep, tell_story


@dataclass(frozen=True, slots=True)
class Covered:
    """A photo with parts covered, stored in its sizes under a name of its own."""

    of: str
    name: str
    perceptual_hash: str


def redact_words(found: Found, phrases: Sequence[str], why: Hiding, *, by: Account, at: datetime) -> Act:
    """Black out phrases in all words of a locked thing; raises RuleViolation where none stands there."""
    must_be_anothers(found, by)
    if found.is_hidden and found.thing is Thing.UPDATE:
        raise RuleViolation(_("It is hidden already."))
    _must_be_fine(phrases)
    before = queries.as_written(found)
    instead = gettext_in(found.language, "[words hidden]")
    after = {
        field: _in_all(said, lambda words: black_out(words, phrases, instead))
        for field, said in before.items()
    }
    if after == before:
        raise RuleViolation(_("None of these words stand there. Copy them from the text."))
    act = begin_act(found, ActKind.REDACT, why, by=by, at=at)
    keep(act, texts=before)
    for field, said in after.items():
        if said != before[field]:
            setattr(found.row, field, said)
    if found.thing is Thing.CASE:
        tell_story(found, Turn.BLACKED_OUT, by, at, why.reason)
    end_of_act(found, act, "redact", by=by, at=at)
    return act


def _must_be_fine(phrases: Sequence[str]) -> None:
    if not phrases:
        raise RuleViolation(_("Write the words that are to be blacked out."))
    if len(phrases) > MOST_PHRASES:
        raise RuleViolation(_("At most %(most)s lines at once.", most=MOST_PHRASES))
    if min(map(len, phrases)) < SHORTEST_PHRASE:
        raise RuleViolation(_("One letter alone cannot be blacked out: it stands in too many words."))


def cover(name: str, cells: Sequence[Cell], rows: int, *, storage: Storage) -> Covered:
    """Store a photo anew with these cells of a grid covered in black, in every size.

    Slow work: call it before the transaction. Raises NotStored and StorageFull.
    """
    if not cells:
        raise RuleViolation(_("Mark at least one part of the picture."))
    boxes = [
        (column / COLUMNS, row / rows, (column + 1) / COLUMNS, (row + 1) / rows) for column, row in cells
    ]
    made = images.covered(storage.get(storage_key(name, "large")), boxes)
    covered = Covered(name, secrets.token_hex(16), made.perceptual_hash)
    for size in SIZES:
        rendition = getattr(made, size)
        storage.put(storage_key(covered.name, size), rendition.data, rendition.content_type)
    return covered


def cover_photo(found: Found, covered: Covered, why: Hiding, *, by: Account, at: datetime) -> Act:
    """Let a locked photo be the covered one, at an address of its own; the old address is gone.

    Raises StaleVersion where it is another photo by now.
    """
    must_be_anothers(found, by)
    if found.row.name != covered.of:
        raise StaleVersion(_("Another moderator did something about it a moment ago. Look at it anew."))
    act = begin_act(found, ActKind.REDACT, why, by=by, at=at)
    keep(act, photo=found.row.name)
    found.row.name, found.row.perceptual_hash = covered.name, covered.perceptual_hash
    tell_story(found, Turn.BLACKED_OUT, by, at, why.reason)
    end_of_act(found, act, "redact", by=by, at=at)
    return act


@media_of(ModerationOriginal)
def files_of_original(row: PlainRow) -> list[str]:
    """Return under which keys a photo is stored as it was before parts of it were covered, for backups."""
    return [storage_key(row["photo"], size) for size in SIZES] if row["photo"] else []


def forget_cover(covered: Covered) -> None:
    """Delete the files of a covered photo that was not used."""
    delete_files(storage_key(covered.name, size) for size in SIZES)


def _in_all(value: Any, change: Callable[[str], str]) -> Any:
    """Change every text of a value as JSON has them; keys and numbers stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_in_all(one, change) for one in value]
    if isinstance(value, dict):
        return {key: _in_all(one, change) for key, one in value.items()}
    return value
