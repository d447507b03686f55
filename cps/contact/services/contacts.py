"""Recording a contact, and knowing the caller again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from cps.accounts.models import Account
from cps.contact import queries
from cps.contact.models import Caller, CallerName, Contact
from cps.contact.rules import Call, Ending, terms_of_name, too_early, too_old
from cps.core.db import db
from cps.core.errors import AlreadyDone, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.many import insert_rows
from cps.core.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a contact."""

    ending: Ending
    case_id: int | None = None
    article_id: int | None = None
    department_id: int | None = None
    code_id: int | None = None
    note: str = ""
    is_nameless: bool = False
    """Who called is not kept with it: of complaints about staff nobody may find out who made them."""


def find_or_make(call: Call, *, at: datetime) -> Caller | None:
    """Return the caller, locked: known by row or number, else made; None who left neither number nor name.

    Two agents who make the same caller at once get one row: the number decides.
    """
    if call.caller_id is not None:
        found: Caller | None = queries.lock_caller(call.caller_id)
    elif call.phone:
        row = {"phone": call.phone, "name": "", "language": "", "first_at": at, "last_at": at, "version": 1}
        db.session.execute(insert_into(Caller).values(row).on_conflict_do_nothing())
        found = queries.lock_caller_by_phone(call.phone)
    elif call.name:
        found = Caller(phone="", name=call.name, language=call.language, first_at=at, last_at=at)
        db.session.add(found)
        db.session.flush()
        _write_terms(found)
    else:
        return None
    if found is not None:
        _learn(found, call, at)
    return found


def _learn(caller: Caller, call: Call, at: datetime) -> None:
    """Keep what this call tells for the next one; a name that is known stays until it is corrected."""
    caller.last_at = max(caller.last_at, at)
    caller.language = call.language or caller.language
    if call.name and not caller.name:
        caller.name = call.name
        _write_terms(caller)
    db.session.flush()


def name_caller(caller: Caller, name: str) -> None:
    """Correct the name of a locked caller.

    Raises RuleViolation where nothing would be left to know them by.
    """
    if not name and not caller.phone:
        raise RuleViolation(_("A caller without a number needs a name."))
    caller.name = name
    db.session.flush()
    _write_terms(caller)


def _write_terms(caller: Caller) -> None:
    gone = delete(CallerName).where(CallerName.caller_id == caller.id)
    db.session.execute(gone.execution_options(synchronize_session=False))
    insert_rows(CallerName, [{"term": term, "caller_id": caller.id} for term in terms_of_name(caller.name)])


def record(call: Call, came: Came, *, by: Account, at: datetime) -> Contact:
    """Record a contact; its row is there even when nothing came of it.

    Raises RuleViolation where the time that was typed cannot be, AlreadyDone where another agent recorded
    this call.
    """
    _check_time(call, at)
    caller = None if came.is_nameless else find_or_make(call, at=at)
    contact = Contact(
        caller_id=caller.id if caller else None,
        agent_id=by.id,
        channel=call.channel,
        language=call.language,
        call_ref=call.call_ref,
        matter=_matter(call.call_ref, by),
        received_at=call.received_at or at,
        entered_at=at,
        late_reason=call.late_reason if call.received_at else "",
        waited_seconds=call.waited_seconds,
        ending=came.ending,
        code_id=came.code_id,
        case_id=came.case_id,
        article_id=came.article_id,
        department_id=came.department_id,
        note="" if came.is_nameless else came.note,
    )
    try:
        with db.session.begin_nested():
            db.session.add(contact)
    except IntegrityError as error:
        if "call_ref" not in str(error.orig) and "uq_contact_call" not in str(error.orig):
            raise
        raise AlreadyDone(_("A colleague recorded this call a moment ago.")) from None
    return contact


def _check_time(call: Call, at: datetime) -> None:
    if call.received_at is None:
        return
    if too_early(call.received_at, at):
        raise RuleViolation(_("This moment lies ahead. Write when it came."))
    if too_old(call.received_at, at):
        raise RuleViolation(
            _("This lies more than 31 days back. Write the day on which it reached the city.")
        )
    if not call.late_reason:
        raise RuleViolation(_("Say why it is entered later than it came."))


def _matter(call_ref: str, by: Account) -> int:
    """Return the number of the next matter of a call. Raises AlreadyDone where the call is a colleague's."""
    if not call_ref:
        return 1
    known = queries.matters_of(call_ref)
    other = next((row for row in known if row.agent_id != by.id), None)
    if other is not None:
        name = other.display_name or _("A colleague")
        raise AlreadyDone(_("%(name)s has recorded this call already.", name=name))
    return len(known) + 1
