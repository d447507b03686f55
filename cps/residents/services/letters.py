"""Codes for letters: drawn here, printed once, known afterwards by their keyed hashes only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, update

from cps.core.db import db
from cps.core.keys import app_identity_key, keyed_tag
from cps.residents import queries
from cps.residents.models import RegisterEntry
from cps.residents.rules import LETTER_TRIES, has_lapsed, new_letter_code
from cps.residents.staging import Staging

CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Letter:
    """A code for one person; `number` is the one of the file and is stored nowhere."""

    number: str
    ward_id: int
    code: str


def letter_hash(code: str, key: bytes | None = None) -> str:
    """Return what is stored of a letter's code."""
    return keyed_tag(key or app_identity_key(), "letter", code)


def write_codes(staged: Staging, *, at: datetime) -> Iterator[Letter]:
    """Make a code for everybody of a loaded file who has neither proven themselves nor a letter that is good.

    Yields them in the order of the file; take all of them, then commit.
    """
    key = app_identity_key()
    for people in staged.numbers(chunk=CHUNK):
        wanting = {
            row.tag
            for row in queries.letter_states(people)
            if row.made_at is None or has_lapsed(row.made_at, at) or row.letter_tries >= LETTER_TRIES
        }
        letters = {tag: Letter(*people[tag], new_letter_code()) for tag in people if tag in wanting}
        if letters:
            _keep({tag: letter_hash(letter.code, key) for tag, letter in letters.items()}, at)
            yield from letters.values()


def _keep(hashes: dict[str, str], at: datetime) -> None:
    db.session.connection().execute(
        update(RegisterEntry)
        .where(RegisterEntry.tag == bindparam("of_tag"))
        .values(letter_code_hash=bindparam("of_code"), letter_made_at=at, letter_tries=0),
        [{"of_tag": tag, "of_code": hashed} for tag, hashed in hashes.items()],
    )
