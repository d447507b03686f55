"""What staff enter that came on paper or by chat: a case by the same rules, with who entered it."""

from dataclasses import dataclass
from datetime import datetime

from cps.accounts.models import Account
from cps.cases import reference as references
from cps.cases import services as cases
from cps.cases.rules import Channel
from cps.cases.services import Contact, Filed, NewCase, SetAside
from cps.channels import queries
from cps.channels.models import PaperForm
from cps.channels.sorting import unsorted
from cps.core import audit
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.errors import AlreadyDone, RuleViolation
from cps.core.forms import spend_key, used_key
from cps.core.i18n import gettext as _
from cps.core.keys import app_key
from cps.departments import danger
from cps.departments.catalogue import KnownCategory

MOST_FORMS = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What was written elsewhere, as it was typed in; without a category it is to be sorted."""

    body: str
    language: str
    category: KnownCategory | None
    ward_id: int | None
    address: str
    is_private: bool
    contact: Contact
    received_at: datetime


class EnteredBefore(AlreadyDone):
    """The form was entered before: `reference` is of the case that it became, "" where it was this moment."""

    def __init__(self, reference: str) -> None:
        super().__init__(_("This was entered before. Nothing was added."))
        self.reference = reference


def set_aside(number: int, language: str, *, city: CityFacts, at: datetime) -> list[tuple[str, str]]:
    """Set references aside for forms to be printed; returns (reference, PIN), the PIN is told only now.

    Raises RuleViolation for more than a thousand at once.
    """
    if not 1 <= number <= MOST_FORMS:
        raise RuleViolation(_("Between 1 and 1,000 forms can be made at once."))
    made: dict[str, str] = {}
    while len(made) < number:
        wanted = {references.reference_to_set_aside(at, city.zone) for _number in range(number - len(made))}
        taken = queries.references_taken(wanted) | made.keys()
        made.update({reference: references.new_pin() for reference in wanted - taken})
    for reference, pin in made.items():
        hashed = references.hash_pin(pin, reference=reference, key=app_key("case-pin"))
        db.session.add(PaperForm(reference=reference, pin_hash=hashed, language=language, printed_at=at))
    audit.record("set-aside-references", about=("paper", str(number)), by=None, at=at)
    db.session.flush()
    return sorted(made.items())


def enter_form(
    entry: Entry, reference: str, key: str, *, by: Account, city: CityFacts, at: datetime
) -> Filed:
    """Enter a form on paper, under the reference that was printed on it, or under a new one without.

    Raises EnteredBefore where it was entered before, RuleViolation for a number that was not set aside.
    """
    if not reference:
        return _enter_once(entry, Channel.PAPER, key, by=by, city=city, at=at)
    form = queries.lock_form(reference)
    if form is None:
        raise RuleViolation(_("No form was printed with this number. Please compare it."))
    if form.case_id is not None:
        raise EnteredBefore(reference)
    filed = _file(entry, Channel.PAPER, by, city, at, SetAside(form.reference, form.pin_hash))
    form.case_id, form.entered_at, form.entered_by_id, form.pin_hash = filed.case.id, at, by.id, ""
    db.session.flush()
    return filed


def enter_chat(entry: Entry, key: str, *, by: Account, city: CityFacts, at: datetime) -> Filed:
    """Enter what was said in a chat; raises EnteredBefore where this very form was sent before."""
    return _enter_once(entry, Channel.CHAT, key, by=by, city=city, at=at)


def _enter_once(
    entry: Entry, channel: Channel, key: str, *, by: Account, city: CityFacts, at: datetime
) -> Filed:
    if before := used_key(key):
        raise EnteredBefore(before)
    filed = _file(entry, channel, by, city, at)
    if not spend_key(key, purpose="entry", leads_to=filed.case.reference, at=at):
        raise EnteredBefore("")  # a moment ago: the page asks where it led
    return filed


def _file(
    entry: Entry, channel: Channel, by: Account, city: CityFacts, at: datetime, given: SetAside | None = None
) -> Filed:
    place = None if entry.category else unsorted(entry.body)
    return cases.file_case(
        NewCase(
            body=entry.body,
            language=entry.language,
            category=place.category if place else _known(entry.category),
            department_id=place.department_id if place else None,
            channel=channel,
            ward_id=entry.ward_id,
            address=entry.address,
            is_private=entry.is_private,
            is_urgent=danger.in_words(entry.body, city.danger_words),
            contact=entry.contact,
            filed_by=by,
            received_at=entry.received_at,
            set_aside=given,
        ),
        zone=city.zone,
        at=at,
    )


def _known(category: KnownCategory | None) -> KnownCategory:
    if category is None:
        raise ValueError("a category is missing")
    return category
