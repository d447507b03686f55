"""What a client with a key sends: a complaint. The key stands in the request; no cookie is looked at."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from flask import current_app, g, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from cps.cases.models import Attachment, Case
from cps.cases.rules import MOST_PHOTOS
from cps.cases.uploads import forget_unused, stored_photos
from cps.core import clock, limits
from cps.core.db import db, transaction
from cps.core.errors import AlreadyDone
from cps.core.http import machine
from cps.core.i18n import current_language, html_language
from cps.core.keys import app_key, keyed_tag
from cps.core.limits import Limit
from cps.core.security import public
from cps.open311 import queries, services
from cps.open311.models import ApiKey
from cps.open311.presenting import promise
from cps.open311.reading import report_of
from cps.open311.rules import Problem, Refused, bad, content_of
from cps.open311.services import Report
from cps.open311.views.base import addresses, answer, bp, wants_extensions

OF_KEY = Limit("open311-key", 1_000, timedelta(hours=1))
FOR_MAIL = Limit("new-case-mail", 20, timedelta(hours=1))
"""The same as for everybody who files: no one is written to without end."""

_MEDIA = re.compile(r"media(\[\d{0,2}\])?", re.ASCII)
KEY_HEADER = "Idempotency-Key"


@bp.post("/requests.<code:suffix>")
@public
@machine
def file(suffix: str) -> ResponseReturnValue:  # noqa: ARG001
    """File a complaint; the same request once more within an hour is answered with the first one's id."""
    key, at = shown_key(), clock.now()
    count_use(key, at)
    report = report_of(request.form, _tag(key), city=g.city, language=_language())
    if report.contact.email:
        who = keyed_tag(app_key("limits"), report.contact.email)[:32]
        limits.count(FOR_MAIL, who, at=at, enabled=_are_limited())
    if (before := queries.sent_before(report.tag, at=at)) is not None:
        return _told(before, HTTPStatus.OK)
    try:
        return _told(_filed(report, key, at), HTTPStatus.CREATED)
    except AlreadyDone:
        db.session.rollback()
        first = queries.sent_before(report.tag, at=at)
        if first is None:
            raise
        return _told(first, HTTPStatus.OK)


def _filed(report: Report, key: ApiKey, at: datetime) -> Case:
    with sent_photos(at) as photos, transaction():
        filed = services.file(report, key, photos=photos, city=g.city, language=_language(), at=at)
    return filed.case


@contextmanager
def sent_photos(at: datetime) -> Iterator[list[Attachment]]:
    """Yield the stored photos of this request; their files go where no case takes them. Raises Refused."""
    files = media()
    if len(files) > MOST_PHOTOS:
        raise Refused(bad(f"at most {MOST_PHOTOS} photos"))
    photos, refused = stored_photos(files, zone=g.city.zone, at=at)
    if refused:
        forget_unused(photos)
        raise Refused(*(bad(f"media: {told}") for told in refused))
    try:
        yield photos
    except Exception:
        for photo in photos:
            photo.case_id = None  # what was rolled back hangs on nothing
        raise
    finally:
        forget_unused(photos)


def media() -> list[FileStorage]:
    """Return the files that came as `media`, `media[]` or `media[0]`."""
    named = request.files.items(multi=True)
    return [file for name, file in named if _MEDIA.fullmatch(name) and file.filename]


def shown_key() -> ApiKey:
    """Return the key that came with the request; raises Refused (403) without a usable one."""
    shown = request.values.get("api_key", "").strip()
    key = queries.usable_key(shown) if shown else None
    if key is None:
        told = "api_key is wrong or was revoked" if shown else "api_key is missing"
        raise Refused(Problem(HTTPStatus.FORBIDDEN, told))
    return key


def count_use(key: ApiKey, at: datetime) -> None:
    """Count a request of a key; raises TooMany."""
    limits.count(OF_KEY, str(key.id), at=at, enabled=_are_limited())


def _tag(key: ApiKey) -> str:
    """Return what tells this request from all others of its key; without a device each is another."""
    if own := request.headers.get(KEY_HEADER, "").strip():
        return keyed_tag(app_key("open311"), str(key.id), "key", own)
    device = request.form.get("device_id", "").strip()
    content = content_of(request.form.items(multi=True), [_hash(file) for file in media()])
    alone = "" if device else g.request_id
    return keyed_tag(app_key("open311"), str(key.id), "content", device, alone, content)


def _hash(file: FileStorage) -> str:
    digest = hashlib.sha256()
    while piece := file.stream.read(1 << 16):
        digest.update(piece)
    file.stream.seek(0)
    return digest.hexdigest()


def _told(case: Case, status: HTTPStatus) -> ResponseReturnValue:
    told: dict[str, Any] = {
        "service_request_id": case.reference,
        "service_notice": None if case.is_integrity else promise(case.department_id, case.due_at),
        "account_id": None,
    }
    if wants_extensions():
        told["page"] = addresses().page(case.reference)
    return answer("service_requests", [told], status)


def _language() -> str:
    return html_language(current_language())


def _are_limited() -> bool:
    return bool(current_app.extensions["cps_config"].rate_limits)
