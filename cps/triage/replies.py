"""Reply templates at the desk: which fit what an officer does, and their words filled for a case."""

from collections.abc import Collection, Iterable

from cps.cases.models import Case
from cps.cases.reference import display
from cps.cases.rules import Outcome, Status
from cps.cases.wording import status_look
from cps.core import city as cities
from cps.core.i18n import current_language, localized, long_date, use_language
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.departments import placeholders
from cps.departments.catalogue import Catalogue
from cps.departments.models import ReplyTemplate
from cps.wards.queries import Areas

MOVES = (Status.IN_PROGRESS, Status.WAITING_RESIDENT, Status.WAITING_OTHERS, Status.PLANNED)
ENDS = (Outcome.FIXED, Outcome.ANSWERED, Outcome.NOT_OURS, Outcome.CANNOT_BE_DONE)
EVERY_TIME = _l("Every time")


def move_words() -> dict[str, str]:
    """Return what a template can be for besides everything: statuses and outcomes by value, in words."""
    moves = {to.value: str(status_look(to).word) for to in MOVES}
    return {**moves, **{end.value: str(status_look(Status.CLOSED, end).word) for end in ENDS}}


def offered(templates: Iterable[ReplyTemplate], moves: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """Return the choices of templates that fit one of these moves, by what they are for.

    Those for a move come first, under its name; then those for every time.
    """
    words = move_words()
    groups: dict[str, list[tuple[str, str]]] = {"": [("", _("No template"))]}
    fitting = [one for one in templates if not one.move or one.move in moves]
    for one in sorted(fitting, key=lambda one: not one.move):
        name = words.get(one.move, str(EVERY_TIME))
        groups.setdefault(name, []).append((one.code, localized(one.title)))
    return groups


def filled(template: ReplyTemplate, case: Case, catalogue: Catalogue, areas: Areas) -> str:
    """Return the words of a template for a case, in the case's language where the template speaks it.

    What stands in place of placeholders is what everybody may read of the case, in the same language.
    """
    language = case.language if template.body.get(case.language) else cities.get().default_language
    page_language = current_language()
    use_language(language)
    try:
        values = _values(case, catalogue, areas)
        return placeholders.fill(localized(template.body, language), values)
    finally:
        use_language(page_language)


def _values(case: Case, catalogue: Catalogue, areas: Areas) -> dict[str, str]:
    city, department = cities.get(), catalogue.departments[case.department_id]
    ward = localized(areas.names.get(case.ward_id or 0))
    return {
        "reference": display(case.reference),
        "title": case.title,
        "category": localized(catalogue.categories[case.category_id].name),
        "department": localized(department.name),
        "due": long_date(case.due_at),
        "received": long_date(case.received_at),
        "place": ", ".join(part for part in (case.address, ward) if part),
        "phone": department.phone or city.phone,
        "city": localized(city.name),
    }
