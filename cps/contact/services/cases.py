"""What agents do with cases for callers: open a private one, let a caller hear of one."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete

from cps.accounts.models import Account
from cps.cases import queries as cases
from cps.cases.models import Case
from cps.cases.queries import integrity
from cps.cases.rules import Audience, EventKind
from cps.cases.services.story import record as tell
from cps.contact.models import CallerFollow, Contact, ReadOut
from cps.contact.rules import ENOUGH, Call, Ending, Fact, Known, matching
from cps.contact.services.contacts import Came, find_or_make, record
from cps.core import audit
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.upsert import insert_into

READ_OUT = "read-out"
"""In the trace that the person concerned reads: the case was read out to whoever proved that it is theirs."""


def prove(
    case: Case, told: Mapping[Fact, str], *, caller_id: int | None, zone: ZoneInfo, by: Account, at: datetime
) -> bool:
    """Open a private case to an agent for half an hour, where the PIN or two facts agree; leaves a trace.

    False where they do not. Which facts were told is kept, not what was told.
    """
    proofs = _proofs(case, told, zone)
    if Fact.PIN not in proofs and len(proofs) < ENOUGH:
        return False
    db.session.add(
        ReadOut(case_id=case.id, caller_id=caller_id, agent_id=by.id, proofs=[p.value for p in proofs], at=at)
    )
    audit.record_access(READ_OUT, by=by.id, at=at, subject_id=case.reporter_id, case_id=case.id)
    db.session.flush()
    return True


def _proofs(case: Case, told: Mapping[Fact, str], zone: ZoneInfo) -> list[Fact]:
    """Return what agrees; of what was a complaint about staff the PIN alone: facts would tell who it was."""
    if cases.is_pin_of(case, told.get(Fact.PIN, "")):
        return [Fact.PIN]
    contact = cases.contact_of(case.id)
    reporter = db.session.get(Account, case.reporter_id) if case.reporter_id else None
    known = Known(
        name=(contact.name if contact else "") or (reporter.display_name if reporter else ""),
        email=(contact.email if contact else "") or (reporter.email if reporter else ""),
        address=case.address,
        received_on=case.received_at.astimezone(zone).date(),
    )
    return [] if integrity.is_released(case.id) else matching(told, known)


def add_to_case(call: Call, case: Case, *, by: Account, at: datetime) -> Contact:
    """Let a caller hear of a case that others had reported, and record the contact; twice is once.

    Staff read in its story that somebody else called about it. Raises RuleViolation without a number or name,
    and for a case that is not open to everybody.
    """
    if not case.is_listed or not case.is_open:
        raise RuleViolation(_("Nobody can be added to this case. File a new one."))
    caller = find_or_make(call, at=at)
    if caller is None:
        raise RuleViolation(_("Ask for a number or a name first, so that the caller can be told."))
    row = {"case_id": case.id, "caller_id": caller.id, "at": at}
    added = insert_into(CallerFollow).values(row).on_conflict_do_nothing().returning(CallerFollow.case_id)
    if db.session.execute(added).first() is not None:
        words = _("Somebody else called about this too.")
        tell(case, EventKind.NOTED, by=by.id, at=at, message=words, audience=Audience.STAFF, tells=False)
    return record(call, Came(Ending.ADDED, case_id=case.id), by=by, at=at)


def take_off_case(case_id: int, caller_id: int) -> None:
    """Let a caller hear of a case no more; who did not is left alone."""
    own = CallerFollow.case_id == case_id, CallerFollow.caller_id == caller_id
    db.session.execute(delete(CallerFollow).where(*own).execution_options(synchronize_session=False))
