"""Receiving a mail, from the command or the hook: read, photos and the whole mail stored, then taken.

The slow work is done before the transaction; what was stored for a mail that turns out to be taken already is
deleted again.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cps.cases.models import Attachment
from cps.cases.rules import MOST_PHOTOS
from cps.cases.services import store_photo
from cps.cases.services.photos import SIZES, storage_key
from cps.channels import queries, services
from cps.channels.mail import reading
from cps.channels.mail.machines import Kind, kind_of
from cps.channels.mail.quotes import own_words
from cps.channels.mail.reading import MOST_NAMED, File, Mail
from cps.channels.models import WayIn
from cps.channels.rules import WayKind, Why, received_at
from cps.channels.services import Arrived
from cps.channels.tags import external_tag, sender_tag
from cps.core import city as cities
from cps.core import limits, offline
from cps.core.db import transaction
from cps.core.errors import TooMany
from cps.core.i18n import gettext_in
from cps.core.images import ImageRefused
from cps.core.limits import Limit
from cps.core.storage import current_storage, delete_files

HOURLY = Limit("incoming-mail", 20, timedelta(hours=1))
DAILY = Limit("incoming-mail-daily", 60, timedelta(days=1))
TAKEN = "taken"
MOST_PICTURES = 2 * MOST_PHOTOS
"""So many pictures of a mail are looked at: each takes its time, also one that turns out to be none."""


def receive(raw: bytes, way: WayIn, *, at: datetime) -> str:
    """Take a mail as it came, at most the first 20 MB of it; returns what became of it.

    Raises StorageFull, or an error of the database: then nothing of it was kept, and it may come again.
    """
    kept = raw[: reading.LONGEST_MAIL]
    mail = reading.read(kept)
    coming = _coming(mail, kept, way, at)
    if queries.taken(coming.way, coming.external_id) is not None:
        return TAKEN
    city = cities.get()
    kind = kind_of(mail, own=frozenset({way.address.lower()}), host=_own_host())
    held = _held(mail, kind, at)
    photos, left_out = _stored(mail, kind, held, city.zone, at)
    if len(raw) > len(kept):
        left_out.append(gettext_in(city.default_language, "the rest of a mail of more than 20 MB"))
    arrived = replace(coming, photos=photos, left_out=left_out)
    current_storage().put(arrived.original_key, kept, "message/rfc822")
    try:
        with transaction():
            row = services.take_mail(arrived, mail, kind, city=city, at=at, held=held)
            state = row.state.value if row is not None else TAKEN
    except BaseException:
        _delete(photos, arrived.original_key)
        raise
    _delete([photo for photo in photos if photo.case_id is None], *([] if row else [arrived.original_key]))
    return state


def _coming(mail: Mail, raw: bytes, way: WayIn, at: datetime) -> Arrived:
    is_reply = bool(mail.refers_to) or services.about_case(mail) is not None
    return Arrived(
        way=way.name,
        kind=WayKind.MAIL,
        external_id=external_tag(mail.message_id or hashlib.sha256(raw).hexdigest()),
        sender=mail.sender,
        sender_tag=sender_tag(mail.sender),
        text=own_words(mail.text, is_reply=is_reply),
        language="",
        received_at=received_at(mail.sent_at, at),
        subject=mail.subject,
        thread_id=mail.message_id,
        original_key=f"mail/{secrets.token_hex(16)}.eml",
    )


def _own_host() -> str:
    return urlsplit(offline.absolute("/")).hostname or ""


def _held(mail: Mail, kind: Kind, at: datetime) -> Why | None:
    """Count what a person wrote; what is too much of one sender is set apart."""
    if kind is not Kind.PERSON or not mail.sender:
        return None
    who = sender_tag(mail.sender)
    try:
        limits.count_each([(HOURLY, who), (DAILY, who)], at=at, enabled=offline.settings().rate_limits)
    except TooMany:
        return Why.TOO_MANY
    return None


def _stored(
    mail: Mail, kind: Kind, held: Why | None, zone: ZoneInfo, at: datetime
) -> tuple[list[Attachment], list[str]]:
    """Store the first photos of what becomes a case; returns their rows and the names of all other files."""
    photos: list[Attachment] = []
    left: list[File] = []
    seen: set[bytes] = set()
    looked_at = 0
    may_have_photos = kind is Kind.PERSON and held is None
    for file in mail.files:
        has_room = len(photos) < MOST_PHOTOS and looked_at < MOST_PICTURES
        wants = may_have_photos and has_room and file.content_type.startswith("image/")
        is_new_picture = wants and file.data not in seen
        looked_at += is_new_picture
        photo = _photo(file, zone, at) if is_new_picture else None
        if photo is not None:
            photos.append(photo)
        elif file.data not in seen:
            left.append(file)
        seen.add(file.data)
    names = [file.name for file in left[:MOST_NAMED]]
    more = len(left) - len(names)
    return photos, [*names, *([f"+{more}"] if more else [])]


def _photo(file: File, zone: ZoneInfo, at: datetime) -> Attachment | None:
    try:
        return store_photo(file.data, storage=current_storage(), zone=zone, at=at)
    except ImageRefused:
        return None


def _delete(photos: Sequence[Attachment], *keys: str) -> None:
    delete_files([*keys, *(storage_key(photo.name, size) for photo in photos for size in SIZES)])
