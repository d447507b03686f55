"""Where a new complaint goes: the first rule of routing that fits, else the department of its category."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cps.cases.models import Case
from cps.cases.rules import Audience, EventKind
from cps.cases.services.story import record
from cps.core import city as cities
from cps.core.i18n import gettext_in
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory
from cps.departments.models import Category
from cps.departments.routing import Filing, KnownRule, first_fit
from cps.wards import queries as wards


@dataclass(frozen=True, slots=True)
class Route:
    """Who gets a complaint, and which rule said so; without a rule its category did."""

    department_id: int
    assignee_id: int | None = None
    is_urgent: bool = False
    rule: KnownRule | None = None


def route(
    category: Category | KnownCategory, ward_id: int | None, text: str, received: datetime, zone: ZoneInfo
) -> Route:
    """Return where a complaint goes that came at `received` with these words.

    What concerns the city's staff or corruption is never routed: only its category says who may see it. An
    officer who no longer works in the department is left out.
    """
    usual = Route(category.department_id)
    rules = () if category.is_integrity else departments.routing()
    if not rules:
        return usual
    ward = wards.areas().codes.get(ward_id or 0, "")
    rule = first_fit(rules, Filing(category.code, ward, received.astimezone(zone), text))
    if rule is None:
        return usual
    department_id = rule.department_id or category.department_id
    officer = rule.officer_id
    if officer is not None and not departments.works_in(officer, department_id):
        officer = None
    return Route(department_id, officer, rule.makes_urgent, rule)


def tell_route(case: Case, rule: KnownRule, *, at: datetime) -> None:
    """Note for staff which rule decided."""
    language = cities.get().default_language
    message = gettext_in(language, "Sent here by the rule “%(rule)s”.") % {"rule": rule.name}
    record(
        case,
        EventKind.NOTED,
        by=None,
        at=at,
        message=message,
        language=language,
        audience=Audience.STAFF,
        data={"routing_rule": rule.id},
    )
