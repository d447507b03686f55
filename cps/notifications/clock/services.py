"""Writing to staff about the clock of a case: each address once for each step and date."""

from datetime import datetime

from cps.cases.queries import seconding
from cps.cases.rules import EscalationStep
from cps.core.city import CityFacts
from cps.notifications import links
from cps.notifications.clock import queries, wording
from cps.notifications.letters import Letter
from cps.notifications.services.posting import Post, post


def tell_escalation(case_id: int, step: EscalationStep, about: datetime, *, at: datetime) -> None:
    """Write about a step, unless the case was closed, seen or given another date meanwhile."""
    case = queries.case_of(case_id)
    if case is None or not case.is_open:
        return
    is_over = case.acknowledged_at is not None if step is EscalationStep.UNSEEN else case.due_at != about
    if is_over:
        return
    page = links.desk_link(case)

    def write(city: CityFacts) -> Letter:
        return wording.escalation_letter(city, case, step, page)

    to = queries.who_has(case) if step is EscalationStep.REMINDER else queries.who_answers_for(case)
    post(Post(f"escalation:{case.id}:{step}:{about.isoformat()}", write, at, case.id), to)


def tell_second(case_id: int, key: str, *, at: datetime) -> None:
    """Write to the supervisors that an end waits for a second pair of eyes, if it is still this one."""
    case, request = queries.case_of(case_id), seconding.waiting_closing(case_id)
    if case is None or request is None or request.key != key:
        return
    page = links.desk_link(case)

    def write(city: CityFacts) -> Letter:
        return wording.second_letter(city, case, page)

    post(Post(key, write, at, case.id), queries.who_answers_for(case))


def tell_request(case_id: int, key: str, *, at: datetime) -> None:
    """Write to the supervisors that more time is asked for."""
    case = queries.case_of(case_id)
    if case is None or not case.is_open:
        return
    page = links.desk_link(case)

    def write(city: CityFacts) -> Letter:
        return wording.request_letter(city, case, page)

    post(Post(f"more-time:{key}", write, at, case.id), queries.who_answers_for(case))
