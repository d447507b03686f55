"""What comes of a message: a row, which is one for the same message twice; a case; a reply in a case."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cps.cases import services as cases
from cps.cases.models import Attachment, Case
from cps.cases.rules import Audience, CaseKind, EventKind
from cps.cases.services import Contact, Filed, NewCase
from cps.cases.services.story import record
from cps.channels.models import IncomingMessage
from cps.channels.rules import CHANNELS, Incoming, WayKind, Why
from cps.channels.sorting import unsorted
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.i18n import gettext_in
from cps.core.offline import absolute
from cps.core.text import one_line
from cps.departments import danger


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message that came in by a way; `sender` is its address in its one form, the tags are keyed."""

    way: str
    kind: WayKind
    external_id: str
    sender: str
    sender_tag: str
    text: str
    language: str
    received_at: datetime
    subject: str = ""
    thread_id: str = ""
    original_key: str = ""
    photos: Sequence[Attachment] = ()
    left_out: Sequence[str] = field(default=())
    came_in_pieces: bool = False

    def saying(self, text: str) -> "Arrived":
        """Return the same with other words."""
        return replace(self, text=text)


def enter(
    arrived: Arrived, state: Incoming, *, at: datetime, why: Why | None = None, case: Case | None = None
) -> IncomingMessage:
    """Write down a message and what became of it."""
    row = IncomingMessage(
        way=arrived.way,
        external_id=arrived.external_id,
        sender_tag=arrived.sender_tag,
        sender=arrived.sender,
        received_at=arrived.received_at,
        entered_at=at,
        subject=arrived.subject,
        text=arrived.text,
        language=arrived.language,
        state=state,
        reason=why.value if why else "",
        case_id=case.id if case else None,
        thread_id=arrived.thread_id,
        original_key=arrived.original_key,
        left_out=list(arrived.left_out),
    )
    db.session.add(row)
    db.session.flush()
    return row


def file(arrived: Arrived, contact: Contact, *, city: CityFacts, at: datetime) -> Filed:
    """Make a case of a message, to be sorted: nobody was asked what it is about, nor where it is.

    It is private, because whoever wrote it never agreed that everybody may read it.
    """
    words = arrived.text or arrived.subject
    place = unsorted(f"{arrived.subject}\n{words}")
    new = NewCase(
        title=one_line(arrived.subject)[:200],
        body=words,
        language=arrived.language,
        category=place.category,
        department_id=place.department_id,
        channel=CHANNELS[arrived.kind],
        kind=CaseKind.COMPLAINT,
        is_private=True,
        is_urgent=danger.in_words(words, city.danger_words),
        contact=contact,
        received_at=arrived.received_at,
        photos=arrived.photos,
    )
    filed = cases.file_case(new, zone=city.zone, at=at)
    for photo in arrived.photos:
        db.session.add(photo)
    to_sort = gettext_in(
        city.default_language,
        "This came without a form: what it is about and where it is was not asked. Sort it, or ask back.",
    )
    note_for_staff(filed.case, to_sort, city.default_language, at=at)
    return filed


def join(case: Case, arrived: Arrived, *, at: datetime) -> None:
    """Put a message into the story of its case, which is locked, as the reporter's reply."""
    cases.answer_city(case, arrived.text, by=None, at=at, language=arrived.language, photos=arrived.photos)


def tell_left_out(case: Case, row: IncomingMessage, *, city: CityFacts, at: datetime) -> None:
    """Name, for staff, the files that stayed in the mail by which a message came, and where that is."""
    if row.left_out:
        says = gettext_in(city.default_language, "Files that stayed in the mail: %(names)s (%(address)s)")
        address = absolute(f"/channels/messages/{row.id}/original")
        message = says % {"names": ", ".join(row.left_out), "address": address}
        note_for_staff(case, message, city.default_language, at=at)


def note_for_staff(
    case: Case, message: str, language: str, *, at: datetime, data: dict[str, Any] | None = None
) -> None:
    """Write a note into the story of a case, which only staff read."""
    record(
        case, EventKind.NOTED, by=None, at=at, message=message, language=language,
        audience=Audience.STAFF, data=data,
    )  # fmt: skip
