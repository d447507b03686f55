"""What happened to a case, with the names of who did it, and who has cases."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Row, and_, or_, select

from cps.accounts.models import Account
from cps.cases.integrity_models import IntegrityReport
from cps.cases.models import Case, CaseEvent
from cps.cases.policy import reach_of
from cps.cases.rules import EventKind
from cps.core.db import db
from cps.triage.queries.narrowing import at_desk
from cps.triage.wanted import Queue


def story(case_id: int) -> Sequence[Row[CaseEvent, str]]:
    """Return every event of a case with the name of who did it, newest first, in one statement.

    Of one that was filed as a complaint about staff, its department reads only what came since it has it.
    """
    was_given = and_(CaseEvent.kind == EventKind.TRANSFERRED, CaseEvent.at == IntegrityReport.released_at)
    since = or_(
        IntegrityReport.released_at.is_(None),
        CaseEvent.at > IntegrityReport.released_at,
        CaseEvent.kind == EventKind.FILED,
        was_given,
    )
    return db.session.execute(
        select(CaseEvent, Account.display_name)
        .outerjoin(Account, Account.id == CaseEvent.actor_id)
        .outerjoin(IntegrityReport, IntegrityReport.case_id == CaseEvent.case_id)
        .where(CaseEvent.case_id == case_id, since)
        .order_by(CaseEvent.at.desc(), CaseEvent.id.desc())
    ).all()


def names_of(account_ids: Iterable[int]) -> dict[int, str]:
    """Return the display names of these accounts; no statement where none are asked for."""
    wanted = set(account_ids)
    if not wanted:
        return {}
    rows = db.session.execute(select(Account.id, Account.display_name).where(Account.id.in_(wanted)))
    return {row.id: row.display_name for row in rows}


def assignees(officer: Account) -> list[tuple[int, str]]:
    """Return who has open cases that this officer works, by name: number and name."""
    having = select(Case.assignee_id).where(*at_desk(Queue(), officer.roles, reach_of(officer)))
    named = select(Account.id, Account.display_name).where(Account.id.in_(having))
    rows = db.session.execute(named.order_by(Account.display_name, Account.id)).all()
    return [(row.id, row.display_name) for row in rows]


def account_of(account_id: int | None) -> Account | None:
    """Return an account, for the contact of a reporter who left none on the case."""
    return db.session.get(Account, account_id) if account_id is not None else None
