"""Every write on who helps whom. Services flush and never commit; the caller opens the transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, delete, or_, update
from sqlalchemy.exc import IntegrityError

from cps.accounts import queries as accounts
from cps.accounts.models import Account
from cps.accounts.partings import Parting
from cps.cases.models import Case, CaseEvent
from cps.cases.rules import FROM_REPORTER, Channel
from cps.cases.services.voice import forget_notes
from cps.core import audit, outbox
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.many import change_rows
from cps.core.outbox import Fact
from cps.helpers import queries, rules
from cps.helpers.models import HelperConsent
from cps.helpers.rules import ASKED_FOR, KEPT_AFTER_END, MOST_WAITING, ConsentHow, HelperScope, HelpTurn


def name_by_code(resident: Account, scope: HelperScope, *, at: datetime, clerk: Account | None = None) -> str:
    """Let whoever has a code help an account, locked, once they say yes; returns the code, shown only now.

    With a `clerk` it was wished at a counter. Raises RuleViolation where too many wait for an answer.
    """
    code = rules.new_code()
    how = ConsentHow.COUNTER if clerk else ConsentHow.CODE
    asked = _ask(resident, scope, how, at=at, clerk=clerk)
    asked.code_hash = queries.code_hash(code)
    db.session.flush()
    return code


def name_by_address(resident: Account, scope: HelperScope, address: str, *, at: datetime) -> None:
    """Ask the owner of a normal address to help an account, locked; nobody learns whether it has an account.

    Raises RuleViolation for one's own address, and where too many wait for an answer.
    """
    if address in {resident.email, resident.phone}:
        raise RuleViolation(_("That is you. Write the address of your helper."))
    asked = _ask(resident, scope, ConsentHow.ADDRESS, at=at)
    asked.address_tag = accounts.address_tag(address)
    db.session.flush()


def _ask(
    resident: Account, scope: HelperScope, how: ConsentHow, *, at: datetime, clerk: Account | None = None
) -> HelperConsent:
    if queries.count_waiting(resident.id, at=at) >= MOST_WAITING:
        raise RuleViolation(_("Several people have not answered you yet. Take one of these back first."))
    asked = HelperConsent(
        resident_id=resident.id,
        scope=scope,
        how=how,
        asked_at=at,
        asked_by_id=clerk.id if clerk else None,
        expires_at=at + ASKED_FOR,
    )
    db.session.add(asked)
    _audit("name-helper", asked, by=clerk.id if clerk else resident.id, at=at)
    return asked


def accept(consent: HelperConsent, helper: Account, name: str, *, at: datetime) -> None:
    """Let a helper say yes to a consent, locked, that waits for them.

    Raises RuleViolation for who named themselves, the clerk who saw the code, who helps this person already,
    and an account that was closed meanwhile.
    """
    if consent.resident_id == helper.id:
        raise RuleViolation(_("You cannot be your own helper."))
    if consent.asked_by_id == helper.id:
        raise RuleViolation(_("You wrote this wish down at the counter, so it cannot be you."))
    try:
        with db.session.begin_nested():
            consent.helper_id, consent.helper_name, consent.given_at = helper.id, name, at
            consent.code_hash, consent.address_tag, consent.expires_at = None, "", None
            db.session.flush()
    except IntegrityError:
        db.session.refresh(consent)
        raise RuleViolation(_("You help this person already.")) from None
    accounts.must_stand(helper.id)
    accounts.must_stand(consent.resident_id)
    _audit("accept-help", consent, by=helper.id, at=at)
    _tell(consent.resident_id, HelpTurn.ACCEPTED, at)


def end(consent: HelperConsent, *, by: int, at: datetime) -> None:
    """End a consent, locked, at once, and let the other one know.

    One that still waits is deleted, one that has ended stays as it is.
    """
    if consent.given_at is None:
        _audit("withdraw-helper", consent, by=by, at=at)
        if by != consent.resident_id:
            _tell(consent.resident_id, HelpTurn.DECLINED, at)
        db.session.delete(consent)
    elif consent.ended_at is None:
        consent.ended_at, consent.ended_by_id = max(at, consent.given_at), by
        _audit("end-help", consent, by=by, at=at)
        if by == consent.helper_id:
            _tell(consent.resident_id, HelpTurn.LEFT, at)
        elif consent.helper_id is not None:
            _tell(consent.helper_id, HelpTurn.ENDED, at)
    db.session.flush()


def _tell(account_id: int, turn: HelpTurn, at: datetime) -> None:
    """State that an account be told what the other one of the two did."""
    outbox.state(Fact.HELP_TURNED, account_id, at=at, turn=turn.value)


def _audit(action: str, consent: HelperConsent, *, by: int, at: datetime) -> None:
    changes = {"scope": [None, consent.scope.value], "how": [None, consent.how.value]}
    if consent.helper_id is not None:
        changes["helper_id"] = [None, str(consent.helper_id)]
    audit.record(action, about=("account", consent.resident_id), by=by, at=at, changes=changes)


def part_before_joining(old: int, new: int, at: datetime) -> None:
    """Before two accounts become one, end what would make somebody their own helper, or stand twice."""
    one_another = or_(
        and_(HelperConsent.resident_id == old, HelperConsent.helper_id == new),
        and_(HelperConsent.resident_id == new, HelperConsent.helper_id == old),
    )
    change_rows(delete(HelperConsent).where(one_another))
    for consent in queries.doubled(old, new):
        consent.ended_at = max(at, consent.given_at or at)
    db.session.flush()
    change_rows(update(Case).where(Case.filed_by_id == old).values(filed_by_id=new))


def forget_person(parting: Parting) -> None:
    """Forget whom an account that is being deleted helped, its voice with that, and who helped it."""
    own = or_(HelperConsent.resident_id == parting.account_id, HelperConsent.helper_id == parting.account_id)
    change_rows(delete(HelperConsent).where(own))
    forget_notes(queries.lock_filed_by(parting.account_id))
    change_rows(update(Case).where(Case.filed_by_id == parting.account_id).values(filed_by_id=None))


def forget_of_cases(case_ids: Sequence[int]) -> None:
    """Forget who helped with cases whose reporters are forgotten; an agent who filed by telephone stays."""
    ids = list(case_ids)
    on_web = and_(Case.id.in_(ids), Case.channel == Channel.WEB)
    change_rows(update(Case).where(on_web).values(filed_by_id=None))
    spoke = and_(CaseEvent.case_id.in_(ids), CaseEvent.kind.in_(FROM_REPORTER))
    change_rows(update(CaseEvent).where(spoke).values(actor_id=None))


def forget_past(at: datetime) -> None:
    """Delete what nobody said yes to in time, and what ended a year ago."""
    change_rows(delete(HelperConsent).where(queries.is_past(at, at - KEPT_AFTER_END)))
