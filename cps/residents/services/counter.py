"""At the counter: a short code shows whose account it is, a clerk looks at the document."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from cps.accounts.models import Account
from cps.accounts.partings import Parting
from cps.core import audit
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.residents import queries, rules
from cps.residents.models import CounterCode, RegisterEntry
from cps.residents.rules import COUNTER_FOR, Claim, CounterFault
from cps.residents.services.proving import link
from cps.residents.wording import COUNTER_FAULTS

MOST_DRAWS = 50


class Refused(RuleViolation):
    """Somebody could not be verified at the counter; nothing was changed. ``fault`` says why."""

    def __init__(self, fault: CounterFault) -> None:
        super().__init__(str(COUNTER_FAULTS[fault]))
        self.fault = fault


def new_counter_code(
    account: Account, *, at: datetime, draw: Callable[[], str] = rules.new_counter_code
) -> str:
    """Return six digits that mean this account for fifteen minutes, and only until it asks anew."""
    forget_expired(at)
    db.session.execute(delete(CounterCode).where(CounterCode.account_id == account.id))
    for _draw in range(MOST_DRAWS):
        code = draw()
        row = CounterCode(
            account_id=account.id, code_hash=queries.counter_hash(code), expires_at=at + COUNTER_FOR
        )
        try:
            with db.session.begin_nested():
                db.session.add(row)
        except IntegrityError:
            continue  # somebody has these digits just now
        return code
    raise RuntimeError("no counter code is free")


def forget_expired(at: datetime) -> None:
    """Delete the codes that have ended."""
    db.session.execute(delete(CounterCode).where(CounterCode.expires_at <= at))


def forget_counter_code(parting: Parting) -> None:
    """Delete the code of an account that is being deleted."""
    db.session.execute(delete(CounterCode).where(CounterCode.account_id == parting.account_id))


def verify(
    account: Account, number: str, born_on: date, *, ward_id: int | None, by: Account, at: datetime
) -> None:
    """Give an account, locked, the register identity that a clerk has read from a document or a city's card.

    Where the city has brought in no register, the clerk's word makes the entry, which needs the ward. Leaves
    an audit row and a row the person can see, without name or number. Raises Refused, and Unreadable.
    """
    if account.id == by.id:
        raise Refused(CounterFault.OWN_ACCOUNT)
    tag = queries.register_tag(number)
    entry, is_card = queries.lock_entry(tag), False
    if entry is None:
        entry = queries.lock_entry_of_card(number)
        is_card = entry is not None
    entry = entry or _entry_by_word(tag, born_on, ward_id)
    if entry.gone_at is not None:
        raise Refused(CounterFault.GONE)
    if entry.born_on != born_on:
        raise Refused(CounterFault.OTHER_DATE)
    outcome = link(account, entry, at=at)
    if outcome is not Claim.DONE:
        raise Refused(CounterFault(outcome.value))
    change: dict[str, list[object]] = {"identity": [None, "register"]}
    if is_card:
        change["by"] = [None, "city-card"]
    audit.record("verify-identity", about=("account", account.id), by=by.id, at=at, changes=change)
    audit.record_access("identity-verified", by=by.id, at=at, subject_id=account.id)


def _entry_by_word(tag: str, born_on: date, ward_id: int | None) -> RegisterEntry:
    if queries.has_register():
        raise Refused(CounterFault.NOT_LISTED)
    if ward_id is None:
        raise Refused(CounterFault.NO_WARD)
    try:
        with db.session.begin_nested():
            db.session.add(RegisterEntry(tag=tag, ward_id=ward_id, born_on=born_on))
    except IntegrityError:
        pass  # another clerk made it at the same moment
    entry = queries.lock_entry(tag)
    if entry is None:
        raise RuntimeError("an entry was refused as known and yet is unknown")
    return entry
