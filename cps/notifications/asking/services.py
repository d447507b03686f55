"""Writing to reporters who were asked something and have not answered yet."""

from datetime import datetime

from cps.cases import queries as cases
from cps.cases.queries.asking import question_told_by
from cps.core.city import CityFacts
from cps.notifications import links, queries
from cps.notifications.asking import wording
from cps.notifications.letters import Letter
from cps.notifications.queries import Recipient
from cps.notifications.services.posting import Post, post
from cps.notifications.services.telling import ends_of_reporter


def remind(event_id: int, *, at: datetime) -> None:
    """Write once to the reporter, unless the question was answered, taken back or left behind meanwhile."""
    question, event = question_told_by(event_id), queries.event_with_case(event_id)
    if question is None or question.ended_at is not None or question.ends_at <= at or event is None:
        return
    case, until, reporter = event.case, question.ends_at, queries.reporter_of(event.case_id)
    if reporter is None or case.is_hidden:
        return

    def write(city: CityFacts) -> Letter:
        return wording.reminder_letter(city, event, until, ends_of_reporter(reporter))

    def short(city: CityFacts, _to: Recipient) -> str:
        return wording.reminder_text(city, case, until, links.short_link(case.id))

    with cases.as_written([case], [event]):
        post(Post(f"reminder:{event_id}", write, at, case.id, short=short), [reporter.recipient])
