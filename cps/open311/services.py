"""Writes of Open311: keys, complaints that other programs file, what their users add to them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update

from cps.cases import services as cases
from cps.cases.models import Attachment, Case, CaseEvent
from cps.cases.rules import Audience, Channel, EventKind
from cps.cases.services import Contact, Filed, NewCase
from cps.cases.services.story import record
from cps.complaints.services import Settled
from cps.core import audit
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.errors import AlreadyDone
from cps.core.i18n import OWN_NAMES, gettext_in
from cps.core.keys import hashed_token
from cps.core.many import change_rows
from cps.core.phone import takes_texts
from cps.core.text import detect_language
from cps.core.upsert import insert_into
from cps.departments import danger
from cps.departments.catalogue import KnownCategory
from cps.open311.models import ApiKey, FiledByKey
from cps.open311.rules import REPEATED_WITHIN, host_of

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Client:
    """Another program: its name, whom to write to about it, the host of its photos or ""."""

    name: str
    contact: str
    media_host: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A complaint as another program sent it. Texts are cleaned; `tag` tells a repetition."""

    body: str
    category: KnownCategory
    place: Settled
    address: str
    answers: dict[str, list[str]]
    contact: Contact
    media_url: str
    tag: str


def make_key(client: Client, *, by: int | None, at: datetime) -> str:
    """Make a key for another program and return it: only its hash is kept."""
    shown = secrets.token_urlsafe(KEY_BYTES)
    key = ApiKey(
        client=client.name,
        contact=client.contact,
        media_host=client.media_host,
        key_hash=hashed_token(shown),
        created_at=at,
    )
    db.session.add(key)
    db.session.flush()
    changes = {"client": [None, client.name], "media_host": [None, client.media_host]}
    audit.record("make-api-key", about=("open311-key", key.id), by=by, at=at, changes=changes)
    return shown


def revoke_key(key: ApiKey, *, by: int | None, at: datetime) -> None:
    """Let nobody file by a key any more; revoked before is fine."""
    if key.revoked_at is None:
        key.revoked_at = at
        audit.record("revoke-api-key", about=("open311-key", key.id), by=by, at=at)
        db.session.flush()


def file(
    report: Report,
    key: ApiKey,
    *,
    photos: Sequence[Attachment],
    city: CityFacts,
    language: str,
    at: datetime,
) -> Filed:
    """File a complaint by the rules that hold for everybody who files; staff read which program it came by.

    Raises AlreadyDone where the same request made a case within the last hour, also a moment ago.
    """
    filed = cases.file_case(_new_case(report, photos, city, language), zone=city.zone, at=at)
    for photo in photos:
        db.session.add(photo)
    if report.contact.phone and not takes_texts(report.contact.phone):
        cases.stop_texts(filed.case.id, at=at)
    is_shown = report.media_url and host_of(report.media_url) == key.media_host
    _keep(filed.case, key, report.tag, report.media_url if is_shown else "", at)
    _tell_staff(filed.case, key, report.media_url, city.default_language, at)
    db.session.flush()
    return filed


def add_words(
    case: Case, words: str, *, language: str, photos: Sequence[Attachment], at: datetime
) -> CaseEvent:
    """Put what a client's user adds into the story of their locked case, as the reporter's reply."""
    event = cases.answer_city(case, words, by=None, at=at, language=language, photos=photos)
    db.session.flush()
    return event


def _new_case(report: Report, photos: Sequence[Attachment], city: CityFacts, language: str) -> NewCase:
    return NewCase(
        body=report.body,
        language=detect_language(report.body, OWN_NAMES) or language,
        category=report.category,
        channel=Channel.API,
        answers=report.answers,
        lat=report.place.lat,
        lon=report.place.lon,
        ward_id=report.place.ward_id,
        address=report.address,
        is_private=report.category.is_private_by_default,
        is_urgent=danger.is_told(report.body, report.answers, report.category, city.danger_words),
        contact=report.contact,
        photos=photos,
    )


def _keep(case: Case, key: ApiKey, tag: str, media_url: str, at: datetime) -> None:
    """Write down by which key a case came; raises AlreadyDone where its tag stands there already."""
    over = (FiledByKey.sent_tag == tag, FiledByKey.sent_at <= at - REPEATED_WITHIN)
    change_rows(update(FiledByKey).where(*over).values(sent_tag=secrets.token_hex(32)))
    row: dict[str, Any] = {
        "case_id": case.id,
        "key_id": key.id,
        "sent_tag": tag,
        "sent_at": at,
        "media_url": media_url,
    }
    kept = insert_into(FiledByKey).values(row).on_conflict_do_nothing(index_elements=["sent_tag"])
    if db.session.execute(kept.returning(FiledByKey.case_id)).one_or_none() is None:
        raise AlreadyDone("The same request was sent a moment ago.")


def _tell_staff(case: Case, key: ApiKey, media_url: str, language: str, at: datetime) -> None:
    """Leave in the story, for staff, by which program the case came, and the link that came with it."""
    came = gettext_in(language, "Sent by the program “%(client)s”.") % {"client": key.client}
    message = f"{came} {media_url}" if media_url else came
    record(
        case, EventKind.NOTED, by=None, at=at, message=message, language=language, audience=Audience.STAFF
    )  # fmt: skip
