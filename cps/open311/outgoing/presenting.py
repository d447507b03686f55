"""Another system as administrators see it, and a case that was sent there as the desk shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from cps.cases.models import Case
from cps.core.i18n import localized
from cps.departments import queries as departments
from cps.open311.outgoing import queries
from cps.open311.outgoing.belonging import goes_again, may_go_back
from cps.open311.outgoing.models import OtherSystem, SentCase
from cps.open311.outgoing.queries import Counts
from cps.open311.outgoing.rules import Stage, route_of, unanswerable
from cps.open311.outgoing.wording import ENDINGS, NOT_ARRIVED, STAGES, WAITS_AGAIN, trouble_words
from cps.open311.presenting import offered


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a case was sent: host, number and link there, when it was heard of, what fails.

    It `has_arrived` where the system works, or worked, on it as it stands; it `goes_again` where it was done
    there before it was opened again here, and `may_go_back` where it is still open here.
    """

    host: str
    number: str
    link: str
    stage: Any
    is_closed: bool
    sent_at: datetime | None
    heard_at: datetime | None
    trouble: str
    is_failed: bool
    has_arrived: bool
    goes_again: bool
    may_go_back: bool
    ended: Any


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that could not be sent or followed, and why."""

    key: int
    reference: str
    title: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class State:
    """How it goes with a system: whether it can be turned on, what is wrong, what went there."""

    host: str
    has_key: bool
    is_asked: bool
    looked_trouble: str
    trouble: str
    counts: Counts
    failures: list[Failure]
    missing: list[tuple[str, str]]
    """(our category, what its service must be told that we do not ask)."""


def state(system: OtherSystem) -> State:
    """Return how it goes with a system."""
    return State(
        host=host_of(system),
        has_key=bool(system.sealed_key),
        is_asked=system.looked_at is None,
        looked_trouble=trouble_words(system.looked_trouble),
        trouble=trouble_words(system.trouble),
        counts=queries.counts(system.id),
        failures=[
            Failure(row.id, reference, title, trouble_words(row.last_error), row.failed_at or row.run_at)
            for row, reference, title in queries.failed(system.id)
        ],
        missing=_missing(system),
    )


def categories_of(department_id: int, system: OtherSystem) -> dict[str, str]:
    """Return names by code of the categories of a department, and of those that have a route."""
    return {
        one.code: localized(one.name)
        for one in offered()
        if one.department.id == department_id or one.code in system.routes
    }


def sent(row: SentCase, case: Case, *, at: datetime) -> Sent:
    """Return where a case was sent, for the desk."""
    has_arrived = bool(row.number) and row.stage is not Stage.WAITING
    return Sent(
        host=host_of(row.system),
        number=row.number or row.token,
        link=_link(row),
        stage=_stage(row, has_arrived=has_arrived),
        is_closed=row.stage is Stage.CLOSED,
        sent_at=row.sent_at,
        heard_at=row.heard_at,
        trouble=trouble_words(row.last_error),
        is_failed=row.failed_at is not None,
        has_arrived=has_arrived,
        goes_again=row.system.is_on and goes_again(row, case, at=at),
        may_go_back=may_go_back(row, case, at=at),
        ended=ENDINGS[row.ending] if row.ending is not None else None,
    )


def host_of(system: OtherSystem) -> str:
    """Return what people call another system by: its host."""
    return urlsplit(system.base_url).hostname or system.base_url


def _stage(row: SentCase, *, has_arrived: bool) -> Any:
    if row.failed_at is not None and not has_arrived:
        return NOT_ARRIVED
    return WAITS_AGAIN if row.stage is Stage.WAITING and row.number else STAGES[row.stage]


def _link(row: SentCase) -> str:
    """Return where the record of a case stands there; "" while it has no number."""
    system = row.system
    if not row.number:
        return ""
    query = f"?{urlencode({'jurisdiction_id': system.jurisdiction})}" if system.jurisdiction else ""
    return f"{system.base_url}/requests/{quote(row.number, safe='')}.{system.form}{query}"


def _missing(system: OtherSystem) -> list[tuple[str, str]]:
    asked = {one["code"]: one.get("attributes", []) for one in system.services}
    found = []
    for category in departments.catalogue().categories.values():
        code = system.routes.get(category.code, "")
        if code and category.is_active:
            codes = [question.code for question in category.questions]
            lacking = unanswerable(asked.get(route_of(system.routes, category.code), []), codes)
            found += [(localized(category.name), ", ".join(lacking))] if lacking else []
    return found
