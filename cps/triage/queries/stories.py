"""What happened to a case, with the names of who did it, and who has cases."""

from collections.abc import Sequence

from sqlalchemy import Row, and_, func, or_, select

from cps.accounts.models import Account
from cps.cases.integrity_models import IntegrityReport
from cps.cases.models import Attachment, Case, CaseEvent
from cps.cases.policy import reach_of
from cps.cases.rules import CaseKind, EventKind, PhotoStage
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


def is_own_since(case_id: int, event_id: int, account_id: int) -> bool:
    """Return whether all that happened to a case after an event of it was done by this account."""
    shown = db.session.get(CaseEvent, event_id)
    if shown is None or shown.case_id != case_id:
        return False
    later = CaseEvent.case_id == case_id, CaseEvent.id > event_id
    others = select(CaseEvent.id).where(*later, CaseEvent.actor_id.is_distinct_from(account_id))
    return db.session.scalar(others.limit(1)) is None


def newest_events(case_ids: Sequence[int]) -> dict[int, int]:
    """Return the newest event of each of these cases, by case."""
    newest = select(CaseEvent.case_id, func.max(CaseEvent.id).label("newest"))
    rows = db.session.execute(newest.where(CaseEvent.case_id.in_(case_ids)).group_by(CaseEvent.case_id))
    return {row.case_id: row.newest for row in rows}


def in_the_field(officer: Account, *, limit: int) -> Sequence[Case]:
    """Return the complaints somebody has, by ward and due date.

    Complaints about staff are never among them: they are kept on no phone.
    """
    own = Case.assignee_id == officer.id, Case.kind == CaseKind.COMPLAINT, Case.is_integrity.is_(False)
    mine = select(Case).where(*at_desk(Queue(), officer.roles, reach_of(officer)), *own)
    return db.session.scalars(mine.order_by(Case.ward_id, Case.due_at, Case.id).limit(limit)).all()


def photos_of_problems(case_ids: Sequence[int], *, most: int) -> dict[int, list[Attachment]]:
    """Return the first photos that came with each of these cases, by case."""
    came = Attachment.event_id.is_(None), Attachment.stage == PhotoStage.BEFORE
    found = select(Attachment).where(Attachment.case_id.in_(case_ids), Attachment.is_hidden.is_(False), *came)
    photos: dict[int, list[Attachment]] = {}
    for one in db.session.scalars(found.order_by(Attachment.id)):
        photos.setdefault(one.case_id or 0, []).append(one)
    return {key: some[:most] for key, some in photos.items()}


def assignees(officer: Account) -> list[tuple[int, str]]:
    """Return who has open cases that this officer works, by name: number and name."""
    having = select(Case.assignee_id).where(*at_desk(Queue(), officer.roles, reach_of(officer)))
    named = select(Account.id, Account.display_name).where(Account.id.in_(having))
    rows = db.session.execute(named.order_by(Account.display_name, Account.id)).all()
    return [(row.id, row.display_name) for row in rows]


def account_of(account_id: int | None) -> Account | None:
    """Return an account, for the contact of a reporter who left none on the case."""
    return db.session.get(Account, account_id) if account_id is not None else None
