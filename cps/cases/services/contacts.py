"""How the reporter of a case is reached, and what follows when two accounts of one person become one."""

from datetime import datetime

from sqlalchemy import delete, update

from cps.cases.models import Case, CaseContact, CaseEvent, Support
from cps.cases.queries import people
from cps.cases.rules import CaseKind
from cps.core.many import change_rows


def stop_texts(case_id: int, *, at: datetime) -> None:
    """Send the reporter of a case no more text messages; stopped already is fine."""
    change_rows(
        update(CaseContact)
        .where(CaseContact.case_id == case_id, CaseContact.sms_stopped_at.is_(None))
        .values(sms_stopped_at=at)
    )


def hand_over(old: int, new: int, at: datetime) -> None:
    """Let one person, who had two accounts, back each case once and none of their own; the counts follow.

    Their own words in their cases go along.
    """
    _take_back(people.backed_by_both(old, new), old, at)
    for backing, reporting in ((old, new), (new, old)):
        _take_back(people.backed_and_reported(backing, reporting), backing, at)
    own = people.reported_by(old, new)
    change_rows(
        update(CaseEvent).where(CaseEvent.case_id.in_(own), CaseEvent.actor_id == old).values(actor_id=new)
    )


def _take_back(cases: list[int], account_id: int, at: datetime) -> None:
    if not cases:
        return
    change_rows(delete(Support).where(Support.account_id == account_id, Support.case_id.in_(cases)))
    fewer = {"support_count": Case.support_count - 1, "updated_at": at}
    counted = (Case.id.in_(cases), Case.kind == CaseKind.COMPLAINT)  # proposals are counted by the worker
    change_rows(update(Case).where(*counted).values(fewer))
