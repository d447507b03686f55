"""What another system says of a case, in the story of the case, where its reporter and everybody read it."""

from datetime import datetime

from cps.cases.models import Case, CaseEvent
from cps.cases.rules import Audience, EventKind, Turn
from cps.cases.services.steps import acknowledge
from cps.cases.services.story import record
from cps.core import audit
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.i18n import OWN_NAMES, gettext_in, localized
from cps.core.text import detect_language
from cps.departments import queries as departments
from cps.open311.outgoing.rules import News

TURNS = {News.SAID: Turn.SYSTEM_SAID, News.DONE: Turn.SYSTEM_DONE, News.AGAIN: Turn.SYSTEM_AGAIN}


def tell(case: Case, what: News, words: str, *, city: CityFacts, at: datetime) -> None:
    """Put into the story of a locked case what the system of its department says.

    A case is closed by the department alone: that the other side is done, or begins anew, lets the case stand
    at the desk as one with a reply. Its date stays. In the story of a case that is closed here only staff
    read that it begins anew there.
    """
    if not case.is_open and what is not News.AGAIN:
        return
    language = city.default_language
    department = departments.catalogue().departments[case.department_id]
    record(
        case,
        EventKind.UPDATED if case.is_open else EventKind.NOTED,
        by=None,
        at=at,
        message=words or _without_words(what, language),
        language=(detect_language(words, OWN_NAMES) or language) if words else language,
        audience=Audience.PUBLIC if case.is_open else Audience.STAFF,
        data={"turn": TURNS[what].value, "partner": localized(department.name, language)},
    )
    if what is News.DONE:
        acknowledge(case, at)
    flag(case, what)
    audit.record(
        "update-case", about=("case", case.reference), by=None, at=at, changes={"system": [None, what.value]}
    )


def note_new_number(case: Case, before: str, number: str, *, at: datetime) -> None:
    """Let staff read in the story of a case what it is called there now, and what it was called.

    Nobody's page grows stale by it: the case itself stays as it is.
    """
    db.session.add(
        CaseEvent(case_id=case.id, kind=EventKind.NOTED, audience=Audience.STAFF, at=at, public_from=at,
                  actor_id=None, message=f"{before} → {number}",
                  data={"turn": Turn.SYSTEM_SENT_AGAIN.value})
    )  # fmt: skip


def flag(case: Case, what: News) -> None:
    """Let a case stand at the desk as one with a reply where the other side is done or begins anew."""
    if what in {News.DONE, News.AGAIN}:
        case.has_unread_reply = True


def _without_words(what: News, language: str) -> str:
    if what is News.AGAIN:
        return gettext_in(language, "The department has taken it up again.")
    return gettext_in(language, "The department reports the work as done. The city looks at it and answers.")
