"""What a row of each list says, in columns that keep their names; no personal data is among them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cps.cases.names import names
from cps.cases.rules import colour
from cps.departments import queries as departments
from cps.knowledge.queries import SeenText
from cps.notices import presenting
from cps.notices import queries as notices
from cps.notices.models import Notice
from cps.polls.models import Poll
from cps.polls.presenting import stage_of
from cps.wards import queries as wards

Cell = str | int | float | None
Record = dict[str, Cell]

CASE_COLUMNS = (
    *("reference", "page", "kind", "title", "text", "language", "category", "category_name"),
    *("department", "department_name", "ward", "ward_name", "address", "lat", "lon", "status", "outcome"),
    *("colour", "received_at", "due_at", "closed_at", "updated_at", "supports"),
)
PROPOSAL_COLUMNS = (
    *CASE_COLUMNS,
    *("needed", "former_supports", "opened_at", "gathers_until", "percent"),
)
NOTICE_COLUMNS = (
    *("id", "page", "title", "text", "language", "state", "starts_at", "ends_at", "updated_at", "wards"),
    *("lat", "lon", "radius_m", "category", "category_name", "department", "department_name"),
)
POLL_COLUMNS = (
    *("slug", "page", "question", "language", "stage", "method", "opens_at", "closes_at", "published_at"),
    *("wards", "eligible", "updated_at"),
)
ANSWER_COLUMNS = (
    *("slug", "page", "title", "text", "language", "category", "category_name", "department"),
    *("department_name", "valid_until", "published_at", "updated_at"),
)
MODERATION_COLUMNS = ("day", "thing", "act", "reason", "shown_again", "appealed", "granted")
DEGREES = 6
"""Decimal places of a degree: about ten centimetres, as the map shows."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Where a row's own page is, as a whole address."""

    case: Callable[[Any, str], str]
    notice: Callable[[int], str]
    poll: Callable[[str], str]


def moderation_record(row: Any) -> Record:
    """Return an act of a moderator, a row of `moderation.queries.published`, without what it was about."""
    return {
        "day": row.at.date().isoformat(),
        "thing": row.thing.value,
        "act": row.what.value,
        "reason": row.reason.value,
        "shown_again": int(row.ended_at is not None),
        "appealed": int(row.appealed_at is not None),
        "granted": "" if row.is_granted is None else int(row.is_granted),
    }


def case_record(row: Any, pages: Pages) -> Record:
    """Return a public case, a row of `queries.cases`, by the names of `CASE_COLUMNS`."""
    named, catalogue = names(), departments.catalogue()
    return {
        "reference": row.reference,
        "page": pages.case(row.kind, row.reference),
        "kind": row.kind.value,
        "title": row.title,
        "text": row.body,
        "language": row.language,
        "category": catalogue.categories[row.category_id].code,
        "category_name": named.categories[row.category_id],
        "department": catalogue.departments[row.department_id].code,
        "department_name": named.departments[row.department_id],
        "ward": wards.areas().codes.get(row.ward_id, ""),
        "ward_name": named.wards[row.ward_id],
        "address": row.address,
        "lat": degrees(row.lat),
        "lon": degrees(row.lon),
        "status": row.status.value,
        "outcome": row.outcome.value if row.outcome else "",
        "colour": colour(row.status).value,
        "received_at": moment(row.received_at),
        "due_at": moment(row.due_at),
        "closed_at": moment(row.closed_at),
        "updated_at": moment(row.updated_at),
        "supports": row.support_count,
    }


def proposal_record(row: Any, pages: Pages) -> Record:
    """Return a public proposal, a row of `queries.proposals`, by the names of `PROPOSAL_COLUMNS`."""
    return {
        **case_record(row, pages),
        "needed": row.needed,
        "former_supports": row.former_supports,
        "opened_at": moment(row.opened_at),
        "gathers_until": moment(row.gathers_until),
        "percent": row.percent,
    }


def notice_record(row: Notice, at: datetime, pages: Pages) -> Record:
    """Return a notice by the names of `NOTICE_COLUMNS`; what staff say is not among them."""
    known, named, catalogue = notices.known(row), names(), departments.catalogue()
    title, text = presenting.words(known.title), presenting.words(known.text)
    category = catalogue.categories.get(row.category_id or 0)
    department = catalogue.departments.get(row.department_id or 0)
    return {
        "id": row.id,
        "page": pages.notice(row.id),
        "title": title.text,
        "text": text.text,
        "language": title.language or "",
        "state": known.state(at).value,
        "starts_at": moment(row.starts_at),
        "ends_at": moment(row.ends_at),
        "updated_at": moment(row.updated_at),
        "wards": " ".join(row.ward_codes),
        "lat": degrees(row.lat),
        "lon": degrees(row.lon),
        "radius_m": row.radius_m,
        "category": category.code if category else "",
        "category_name": named.categories[category.id] if category else "",
        "department": department.code if department else "",
        "department_name": named.departments[department.id] if department else "",
    }


def poll_record(poll: Poll, at: datetime, pages: Pages) -> Record:
    """Return a poll that is no draft by the names of `POLL_COLUMNS`; its numbers stand in its own files."""
    question = presenting.words(poll.question)
    return {
        "slug": poll.slug,
        "page": pages.poll(poll.slug),
        "question": question.text,
        "language": question.language or "",
        "stage": stage_of(poll, at).value,
        "method": poll.method.value,
        "opens_at": moment(poll.opens_at),
        "closes_at": moment(poll.closes_at),
        "published_at": moment(poll.published_at),
        "wards": " ".join(poll.ward_codes),
        "eligible": poll.eligible,
        "updated_at": moment(poll.updated_at),
    }


def answer_record(row: SeenText, page: str) -> Record:
    """Return an answer in one language by the names of `ANSWER_COLUMNS`."""
    named, catalogue = names(), departments.catalogue()
    category = catalogue.categories.get(row.category_id or 0)
    department = catalogue.departments.get(row.department_id or 0)
    return {
        "slug": row.slug,
        "page": page,
        "title": row.title,
        "text": row.body,
        "language": row.language,
        "category": category.code if category else "",
        "category_name": named.categories[category.id] if category else "",
        "department": department.code if department else "",
        "department_name": named.departments[department.id] if department else "",
        "valid_until": row.valid_until.isoformat() if row.valid_until else "",
        "published_at": moment(row.published_at),
        "updated_at": moment(row.updated_at),
    }


def moment(at: datetime | None) -> str:
    """Return a moment as RFC 3339 in UTC, to the second; nothing for none."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at is not None else ""


def degrees(value: float | None) -> float | None:
    """Return degrees as they are published."""
    return round(value, DEGREES) if value is not None else None
