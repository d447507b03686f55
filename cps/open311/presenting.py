"""Services, their attributes and service requests by the names of the standard, in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cps.cases.names import names
from cps.cases.rules import colour
from cps.cases.wording import event_words, status_look
from cps.core.i18n import current_language, localized, long_date
from cps.core.i18n import gettext as _
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory, KnownQuestion
from cps.departments.questions import LISTS
from cps.departments.rules import Datatype
from cps.open311.rules import status_of
from cps.wards import queries as wards

Record = dict[str, Any]

SERVICE_FIELDS = ("service_code", "service_name", "description", "metadata", "type", "keywords", "group")
ATTRIBUTE_FIELDS = (
    *("variable", "code", "datatype", "required", "datatype_description", "order", "description", "values"),
)
REQUEST_FIELDS = (
    *("service_request_id", "status", "status_notes", "service_name", "service_code", "description"),
    *("agency_responsible", "service_notice", "requested_datetime", "updated_datetime"),
    *("expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url"),
)
UPDATE_FIELDS = ("update_id", "service_request_id", "status", "updated_datetime", "summary", "description")

KINDS_OF_VALUES: Mapping[Datatype, str] = {
    Datatype.NUMBER: "3, 3.5",
    Datatype.DATETIME: "2026-11-18, 2026-11-18T14:30:00Z",
}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a case's own page is, and its photo, as whole addresses."""

    page: Callable[[str], str]
    photo: Callable[[str | None], str | None]


def offered() -> list[KnownCategory]:
    """Return the categories that other programs may file in: complaints about staff go to the city alone."""
    return [one for one in departments.catalogue().offered() if not one.is_integrity]


def service(category: KnownCategory) -> Record:
    """Return a category by the names of `SERVICE_FIELDS`."""
    words = [*category.keywords.get(current_language(), []), *category.keywords.get("en", [])]
    return {
        "service_code": category.code,
        "service_name": localized(category.name),
        "description": localized(category.description) or None,
        "metadata": bool(category.questions),
        "type": "realtime",
        "keywords": ", ".join(dict.fromkeys(words)) or None,
        "group": localized(category.group_name) or None,
    }


def attribute(question: KnownQuestion, order: int) -> Record:
    """Return a question by the names of `ATTRIBUTE_FIELDS`."""
    choices = question.choices if question.datatype in LISTS else []
    return {
        "variable": True,
        "code": question.code,
        "datatype": question.datatype.value,
        "required": question.is_required,
        "datatype_description": localized(question.help) or KINDS_OF_VALUES.get(question.datatype),
        "order": order,
        "description": localized(question.label),
        "values": [{"key": one["key"], "name": localized(one["name"])} for one in choices],
    }


def request(row: Any, said: str, addresses: Addresses) -> Record:
    """Return a complaint, a row of `queries.requests`, by the names of `REQUEST_FIELDS`.

    `said` is what the city said last to everybody.
    """
    named = names()
    word = status_look(row.status, row.outcome).word
    is_open = status_of(row.status) == "open"
    return {
        "service_request_id": row.reference,
        "status": status_of(row.status),
        "status_notes": f"{word}: {said}" if said else str(word),
        "service_name": named.categories[row.category_id],
        "service_code": departments.catalogue().categories[row.category_id].code,
        "description": row.body,
        "agency_responsible": named.departments[row.department_id],
        "service_notice": promise(row.department_id, row.due_at) if is_open else None,
        "requested_datetime": moment(row.received_at),
        "updated_datetime": moment(row.updated_at),
        "expected_datetime": moment(row.due_at),
        "address": row.address or None,
        "address_id": None,
        "zipcode": None,
        "lat": row.lat,
        "long": row.lon,
        "media_url": addresses.photo(row.photo) or row.media_url or None,
    }


def promise(department_id: int, due_at: datetime) -> str:
    """Return who answers a complaint and by when."""
    promised = _("answer by %(date)s", date=long_date(due_at))
    return f"{names().departments[department_id]}: {promised}"


def extension(row: Any, told: Sequence[Any], addresses: Addresses) -> Record:
    """Return what `extensions=true` adds to a request: more of the case, and its public story."""
    category = departments.catalogue().categories[row.category_id]
    return {
        "extended_attributes": {
            "page": addresses.page(row.reference),
            "title": row.title,
            "language": row.language,
            "state": row.status.value,
            "outcome": row.outcome.value if row.outcome else None,
            "colour": colour(row.status).value,
            "ward": wards.areas().codes.get(row.ward_id),
            "supports": row.support_count,
            "attributes": [
                {"code": one.code, "values": list(row.answers[one.code])}
                for one in category.questions
                if row.answers.get(one.code)
            ],
        },
        "notes": [
            {
                "datetime": moment(event.public_from),
                "summary": str(event_words(event.kind, event.status, event.outcome, event.data)),
                "description": event.message or None,
            }
            for event in told
        ],
    }


def update(row: Any) -> Record:
    """Return a row of `queries.updates` by the names of `UPDATE_FIELDS`."""
    return {
        "update_id": str(row.id),
        "service_request_id": row.reference,
        "status": status_of(row.status or row.case_status),
        "updated_datetime": moment(row.public_from),
        "summary": str(event_words(row.kind, row.status, row.outcome, row.data)),
        "description": row.message or None,
    }


def moment(at: datetime) -> str:
    """Return a time as the standard writes it, in UTC to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
