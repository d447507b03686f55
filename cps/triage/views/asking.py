"""Questions to residents at the desk: until when they can wait, and what to do when nobody has answered."""

from dataclasses import dataclass
from datetime import datetime

from cps.cases.models import Case
from cps.cases.queries import asking
from cps.cases.rules import REOPEN_DAYS, QuestionEnding
from cps.cases.rules.asking import MOST_REPLY_DAYS, ends_at
from cps.cases.services import clock as clocks
from cps.core.i18n import current_language, long_date, ngettext, number, use_language
from cps.core.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Silence:
    """A question that nobody answered in time: until when, and words to close the case with."""

    until: str
    proposal: str


def reply_dates(now: datetime) -> tuple[list[tuple[int, str]], int]:
    """Return until when a question asked now can wait, by working days, and which number is usual."""
    calendar, usual = clocks.calendar().now, clocks.settings().reply_days
    days = range(1, MOST_REPLY_DAYS + 1)
    return [(one, _in_words(one, ends_at(now, one, calendar))) for one in days], usual


def _in_words(days: int, until: datetime) -> str:
    one, more = "%(num)s working day, until %(date)s", "%(num)s working days, until %(date)s"
    return ngettext(one, more, days, date=long_date(until))


def silence_of(case: Case) -> Silence | None:
    """Return what is to be told of an open case that came back without a reply; None for all others."""
    question = asking.newest_question(case.id) if case.is_open and case.has_unread_reply else None
    if question is None or question.ending is not QuestionEnding.LAPSED or question.answered_at is not None:
        return None
    return Silence(long_date(question.ends_at), _proposal(case, question.asked_at))


def _proposal(case: Case, asked_at: datetime) -> str:
    """Return words to close with, in the language of the case; an officer reads and sends them."""
    page_language = current_language()
    use_language(case.language)
    try:
        return _(
            "We asked you something on %(date)s and have no reply. Without it we cannot go on, so we close"
            " the case. You can open it again for %(days)s days: press “No” on its page and tell us.",
            date=long_date(asked_at),
            days=number(REOPEN_DAYS),
        )
    finally:
        use_language(page_language)
