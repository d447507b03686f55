"""The voice note of an open case, as far as the officer may hear it."""

from dataclasses import dataclass

from cps.accounts.models import Account
from cps.cases import queries as cases
from cps.cases.models import Case
from cps.cases.queries.voice import note_of
from cps.cases.voice_models import VoiceNote
from cps.core.security import Can, allows


@dataclass(frozen=True, slots=True)
class Heard:
    """A voice note at the desk: whether this officer may hear it, and what was written down of it."""

    note: VoiceNote
    may_hear: bool
    words: str

    @property
    def may_write_down(self) -> bool:
        """Whether this officer may say in the case what it says."""
        return self.may_hear and self.note.stands_for_words


def heard(case: Case, officer: Account) -> Heard | None:
    """Return the voice note of a case; a voice leads to its speaker, so few may hear one about staff."""
    note = note_of(case.id)
    if note is None:
        return None
    return Heard(note, allows(officer, Can.SEE_REPORTER, case), _words(case) if note.written_at else "")


def _words(case: Case) -> str:
    """Return what was written down; of a complaint about staff as it is masked."""
    if case.is_integrity:
        return case.body
    with cases.as_written([case]):
        return case.body
