"""Backing and following a case; the database keeps one row per account and case."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, literal, select, update

from cps.accounts import queries as accounts
from cps.accounts.models import Account
from cps.cases import queries
from cps.cases.models import Case, Follow, Support
from cps.cases.rules import CaseKind
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.upsert import insert_into


def support(case: Case, *, by: Account, at: datetime) -> bool:
    """Back a complaint and follow it; False when this account did before. The count moves with the row.

    Proposals are supported by `proposals.services.support`, which has no counter to wait for.
    """
    if case.kind is not CaseKind.COMPLAINT:
        raise RuleViolation(_("Support a proposal on its own page."))
    if not case.is_open:
        raise RuleViolation(_("This case is closed. If it is not fixed, please report it anew."))
    if not by.is_proven:
        raise RuleViolation(
            _("Confirm an e-mail address or a phone number first, so that each person counts once.")
        )
    if by.id == case.reporter_id:
        raise RuleViolation(_("This is your own case; it counts already."))
    follow(case, by=by, at=at)
    if not _insert_once(Support, case_id=case.id, account_id=by.id, at=at):
        return False
    accounts.must_stand(by.id)
    _count(case, +1, at)
    return True


def unsupport(case: Case, *, by: Account, at: datetime) -> bool:
    """Take one's support back; False when there was none."""
    gone = delete(Support).where(Support.case_id == case.id, Support.account_id == by.id)
    if not _rows(db.session.execute(gone)):
        return False
    _count(case, -1, at)
    return True


def follow(case: Case, *, by: Account, at: datetime) -> bool:
    """Hear of a case from now on; False when this account did already."""
    return _insert_once(Follow, case_id=case.id, account_id=by.id, at=at)


def unfollow(case: Case, *, by: Account) -> bool:
    """Hear of it no more; False when this account did not follow."""
    gone = delete(Follow).where(Follow.case_id == case.id, Follow.account_id == by.id)
    return bool(_rows(db.session.execute(gone)))


def bring_followers(case: Case, into: Case, *, at: datetime) -> None:
    """Let everybody who follows one case follow the other too."""
    rows = select(literal(into.id), Follow.account_id, literal(at, Follow.at.type)).where(
        Follow.case_id == case.id
    )
    copies = insert_into(Follow).from_select(["case_id", "account_id", "at"], rows)
    db.session.execute(copies.on_conflict_do_nothing())


def bring_people(case: Case, into: Case, *, at: datetime) -> None:
    """Let who follows a complaint follow the other, and who backs it back the other: each account once.

    What came by a join has its time, so that `take_people_back` finds it again.
    """
    bring_followers(case, into, at=at)
    rows = select(literal(into.id), Support.account_id, literal(at, Support.at.type)).where(
        Support.case_id == case.id, Support.account_id.is_distinct_from(into.reporter_id)
    )
    copies = insert_into(Support).from_select(["case_id", "account_id", "at"], rows)
    came = db.session.execute(copies.on_conflict_do_nothing().returning(Support.account_id)).all()
    if came:
        _count(into, len(came), at)


def take_people_back(case: Case, into: Case, *, joined_at: datetime, at: datetime) -> None:
    """Undo `bring_people`: who follows or backs the other only because of this join does so no more.

    Who came by several joins stays by those that remain.
    """
    gone = 0
    for table in (Follow, Support):
        own = select(table.account_id).where(table.case_id == case.id)
        came = delete(table).where(table.case_id == into.id, table.at == joined_at, table.account_id.in_(own))
        rows = _rows(db.session.execute(came.execution_options(synchronize_session=False)))
        gone = rows if table is Support else gone
    if gone:
        _count(into, -gone, at)
    for other in queries.joined_to(into.id):
        if other.id != case.id and other.closed_at is not None:
            bring_people(other, into, at=other.closed_at)


def _insert_once(table: type[Support] | type[Follow], **row: Any) -> bool:
    """Insert the row unless it stands already; the unique key decides, also between two at once."""
    statement = insert_into(table).values(row).on_conflict_do_nothing().returning(table.case_id)
    return db.session.execute(statement).first() is not None


def _count(case: Case, step: int, at: datetime) -> None:
    """Move the count in the database, without a new version: backing never makes an officer's page stale."""
    db.session.execute(
        update(Case)
        .where(Case.id == case.id)
        .values(support_count=Case.support_count + step, updated_at=at)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(case, ["support_count", "updated_at"])


def _rows(result: Any) -> int:
    return int(result.rowcount)
