"""Filing a case: the same rules for residents, agents, machines and imports."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from cps.accounts.models import Account
from cps.cases import reference as references
from cps.cases.masking import searchable
from cps.cases.models import OWN_SOURCE, Attachment, Case, CaseContact
from cps.cases.queries import imports
from cps.cases.rules import CaseKind, Channel, Priority, Status
from cps.cases.services import clock
from cps.cases.services.integrity import NOBODY, About, keep_about
from cps.cases.services.routing import Route, route, tell_route
from cps.cases.services.story import begin
from cps.cases.titles import title_of
from cps.cases.voice_models import VoiceNote
from cps.core import search
from cps.core.db import db
from cps.core.keys import app_key
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory
from cps.departments.models import Category
from cps.wards import geometry

CELL_ZOOM = 17
TRIES = 8


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the reporter; all empty for somebody who left nothing."""

    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A reference that was printed on a form before, and the hash of the PIN beside it."""

    reference: str
    pin_hash: str


@dataclass(frozen=True, slots=True)
class NewCase:
    """Everything that is known of a case when it is filed. Texts are already cleaned.

    Without a department it is that of the first rule of routing that fits, else the category's; without a due
    date that of the category's service time.
    """

    body: str
    language: str
    category: Category | KnownCategory
    channel: Channel = Channel.WEB
    kind: CaseKind = CaseKind.COMPLAINT
    status: Status = Status.RECEIVED
    department_id: int | None = None
    due_at: datetime | None = None
    title: str = ""
    answers: dict[str, list[str]] = field(default_factory=dict)
    lat: float | None = None
    lon: float | None = None
    ward_id: int | None = None
    address: str = ""
    is_private: bool = False
    is_urgent: bool = False
    contact: Contact = Contact()
    reporter: Account | None = None
    filed_by: Account | None = None
    received_at: datetime | None = None
    source: str = OWN_SOURCE
    external_id: str = ""
    photos: Sequence[Attachment] = ()
    voice: VoiceNote | None = None
    about: About = NOBODY
    set_aside: SetAside | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """A filed case with what only its reporter is told: shown once, stored only as hashes.

    The PIN is "" where it stood on a form before.
    """

    case: Case
    pin: str
    secret: str


def file_case(new: NewCase, *, zone: ZoneInfo, at: datetime) -> Filed:
    """File a case: reference, ward's cell, due date, story, contact apart, and the fact for messages.

    The due date is the category's service time counted from `received_at` in the working calendar, unless
    the case brings its own.
    """
    received = new.received_at or at
    routed = _route(new, received, zone)
    case = Case(
        kind=new.kind,
        status=new.status,
        priority=Priority.URGENT if new.is_urgent or routed.is_urgent else Priority.NORMAL,
        title=new.title or title_of(new.body),
        body=new.body,
        language=new.language,
        answers=new.answers,
        category_id=new.category.id,
        department_id=routed.department_id,
        assignee_id=routed.assignee_id,
        ward_id=new.ward_id,
        address=new.address,
        source=new.source,
        channel=new.channel,
        reporter_id=new.reporter.id if new.reporter else None,
        filed_by_id=new.filed_by.id if new.filed_by else None,
        received_at=received,
        entered_at=at,
        updated_at=at,
        is_private=new.is_private or new.category.is_integrity,
        is_integrity=new.category.is_integrity,
        photo_count=len(new.photos),
        **_place(new),
        **_times(new, received, zone, is_urgent=new.is_urgent or routed.is_urgent),
    )
    _insert(case, new, zone, at)
    pin, secret = _give_keys(case, new.contact, new.set_aside)
    for photo in new.photos:
        photo.case_id = case.id
    if new.voice is not None:
        new.voice.case_id = case.id
    begin(case, by=case.reporter_id, at=at)
    if case.is_integrity:
        keep_about(case, new.about, at=at)
    if routed.rule is not None:
        tell_route(case, routed.rule, at=at)
    return Filed(case, pin, secret)


def link_secret(reference: str) -> str:
    """Return the secret of the link that opens a case to its reporter."""
    return references.secret_for(reference, key=app_key("case-link"))


def _route(new: NewCase, received: datetime, zone: ZoneInfo) -> Route:
    """Return where a case goes; what brings its department, was imported or is a proposal is not routed."""
    if new.department_id is not None or new.source != OWN_SOURCE or new.kind is not CaseKind.COMPLAINT:
        return Route(new.department_id or new.category.department_id)
    return route(new.category, new.ward_id, f"{new.title}\n{new.body}", received, zone)


def _times(new: NewCase, received: datetime, zone: ZoneInfo, *, is_urgent: bool) -> dict[str, Any]:
    """Return the columns of the clock; that of a case which brings its own date is started later."""
    known = departments.city_calendar(zone)
    if new.due_at is not None:
        return {"promised_at": new.due_at, "due_at": new.due_at, "suspensions_seen": known.newest}
    return asdict(clock.first_times(new.category, received, known, is_urgent=is_urgent))


def _place(new: NewCase) -> dict[str, Any]:
    if new.lat is None or new.lon is None:
        return {}
    x, y = geometry.grid_cell(new.lat, new.lon, CELL_ZOOM)
    return {"lat": new.lat, "lon": new.lon, "cell_x": x, "cell_y": y}


def _insert(case: Case, new: NewCase, zone: ZoneInfo, at: datetime) -> None:
    if new.set_aside is None:
        _insert_with_reference(case, new, zone, at)
        return
    case.reference = new.set_aside.reference
    case.external_id = new.external_id or case.reference
    case.search_text = _found_by(case, new)
    db.session.add(case)
    db.session.flush()


def _insert_with_reference(case: Case, new: NewCase, zone: ZoneInfo, at: datetime) -> None:
    """Insert under a fresh reference; a busy month repeats one now and then, so it asks again."""
    for _try in range(TRIES):
        case.reference = references.new_reference(at, zone)
        case.external_id = new.external_id or case.reference
        case.search_text = _found_by(case, new)
        try:
            with db.session.begin_nested():
                db.session.add(case)
        except IntegrityError:  # it may name any of the constraints that a taken reference breaks
            if not imports.taken_references([case.reference]):
                raise
        else:
            return
    raise RuntimeError("no free reference was found")


def _found_by(case: Case, new: NewCase) -> str:
    """Return the tokens under which a case is found; what only says that nobody wrote it down yet is none."""
    if new.voice is not None and new.voice.stands_for_words:
        return search.search_text(case.address, case.reference, case.external_id)
    return searchable(case)


def _give_keys(case: Case, contact: Contact, set_aside: SetAside | None) -> tuple[str, str]:
    pin = "" if set_aside else references.new_pin()
    secret = link_secret(case.reference)
    pin_hash = references.hash_pin(pin, reference=case.reference, key=app_key("case-pin"))
    db.session.add(
        CaseContact(
            case_id=case.id,
            name=contact.name,
            email=contact.email,
            phone=contact.phone,
            language=contact.language,
            secret_hash=references.hash_secret(secret),
            pin_hash=set_aside.pin_hash if set_aside else pin_hash,
        )
    )
    return pin, secret
