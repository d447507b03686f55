"""Supporting a proposal, and taking it back.

Nothing is counted up: a support is a row, and a mark that the proposal is to be counted again. So a thousand
people who support the same proposal at once wait for no counter. The page counts the rows; the worker counts
them for lists and sees whether the goal is reached (`services.reaching`).
"""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, delete, update

from cps.accounts import queries as accounts
from cps.accounts.models import Account
from cps.cases.models import Follow, Support
from cps.core.db import db
from cps.core.errors import NotVisible, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.upsert import insert_into
from cps.proposals import queries
from cps.proposals.models import Proposal, Recount
from cps.proposals.rules import Assurance, NoSupport, Settings, why_closed
from cps.proposals.wording import NO_SUPPORT
from cps.residents import queries as residents


def support(case_id: int, *, by: Account, settings: Settings, at: datetime) -> bool:
    """Support a proposal and hear of it from now on; False when this account does already.

    The first transaction statement about the proposal: it waits only for whoever moves it. Raises
    RuleViolation with a sentence for the person where it takes no support, or none of this account.
    """
    stands = queries.hold_together(case_id)
    if stands is None:
        raise NotVisible(_("There is no proposal with this number."))
    if not stands.is_listed:
        _refuse(NoSupport.HIDDEN)
    if (why := why_closed(stands.status, stands.outcome, stands.gathers_until, at)) is not None:
        _refuse(why)
    if stands.reporter_id == by.id:
        _refuse(NoSupport.OWN)
    _must_be_known(by, settings)
    if not _insert_once(Support, case_id=case_id, account_id=by.id, at=at):
        return False
    accounts.must_stand(by.id)
    _insert_once(Follow, case_id=case_id, account_id=by.id, at=at)
    if stands.supported_at is None:
        _first(case_id, at)
    mark(case_id, at=at)
    return True


def unsupport(case_id: int, *, by: Account, at: datetime) -> bool:
    """Take one's support back, at will as long as it could matter; False when there was none.

    It can be taken back from a proposal that was joined to another, which is how a supporter leaves. Once the
    city has answered, or time is over, what was is kept.
    """
    stands = queries.hold_together(case_id)
    if stands is None:
        raise NotVisible(_("There is no proposal with this number."))
    why = why_closed(stands.status, stands.outcome, stands.gathers_until, at)
    if why not in {None, NoSupport.JOINED}:
        raise RuleViolation(_("Support for this proposal is closed and stays as it was."))
    gone = delete(Support).where(Support.case_id == case_id, Support.account_id == by.id)
    if not _rows(db.session.execute(gone)):
        return False
    mark(case_id, at=at)
    return True


def mark(case_id: int, *, at: datetime) -> None:
    """Have a proposal counted again soon; the transaction holds it, together or alone."""
    _insert_once(Recount, case_id=case_id, since=at)


def _must_be_known(by: Account, settings: Settings) -> None:
    if not by.is_proven:
        _refuse(NoSupport.UNPROVEN)
    if settings.assurance is Assurance.REGISTER and not residents.has_mark(by.id):
        _refuse(NoSupport.NOT_IN_REGISTER)


def _refuse(why: NoSupport) -> None:
    raise RuleViolation(str(NO_SUPPORT[why]))


def _first(case_id: int, at: datetime) -> None:
    """Note that somebody else supports it now; of two at once the first one counts."""
    db.session.execute(
        update(Proposal)
        .where(Proposal.case_id == case_id, Proposal.supported_at.is_(None))
        .values(supported_at=at)
        .execution_options(synchronize_session=False)
    )


def _insert_once(table: type[Support] | type[Follow] | type[Recount], **row: Any) -> bool:
    """Insert the row unless it stands already; the unique key decides, also between two at once."""
    statement = _once(table, db.engine.dialect.name)
    return db.session.connection().execute(statement, row).first() is not None


@cache
def _once(table: type[Support] | type[Follow] | type[Recount], _dialect: str) -> Executable:
    """Return the statement of a database, built once: building one takes longer than running it."""
    return insert_into(table).on_conflict_do_nothing().returning(table.case_id)


def _rows(result: Any) -> int:
    return int(result.rowcount)
