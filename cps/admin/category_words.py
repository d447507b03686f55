"""Categories as pages of the administration show them: as residents will see them, and what was changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cps.core.forms import Form
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import localized, ngettext
from cps.departments.catalogue import Catalogue, KnownQuestion
from cps.departments.questions import field_name, offers, question_fields, time_name
from cps.departments.rules import TimeUnit
from cps.departments.specs import QuestionSpec

LABELS: dict[str, Any] = {
    "name": _l("Name"),
    "group_name": _l("Group"),
    "description": _l("What belongs here"),
    "keywords": _l("Words by which it is found"),
    "department_id": _l("Department"),
    "service_time": _l("Answered within"),
    "service_time_unit": _l("Counted in"),
    "acknowledge_hours": _l("Seen within so many working hours"),
    "icon": _l("Icon"),
    "is_repair": _l("Something is repaired"),
    "is_private_by_default": _l("Private unless the resident says otherwise"),
    "is_active": _l("In use"),
    "ord": _l("Place in the order"),
    "needs": _l("What moves need"),
    "question": _l("Question"),
    "label": _l("Question"),
    "help": _l("Help below it"),
    "is_required": _l("Must be answered"),
    "datatype": _l("How it is answered"),
    "choices": _l("Answers"),
    "stops": _l("Messages that end the filing"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a resident sees it: its field, the time beside a date, what its answers lead to."""

    field: Any
    time: Any
    is_number: bool
    stops: Sequence[tuple[str, str]]
    dangers: Sequence[str]


def as_asked(questions: Sequence[QuestionSpec]) -> list[Asked]:
    """Return questions as fields that nobody sends, in the page's language."""
    known = [_known(one) for one in questions]
    form = type("Preview", (Form,), question_fields(known))(formdata=None)
    for name, choices in offers(known).items():
        form[name].choices = choices
    return [
        Asked(
            form[field_name(one)],
            form._fields.get(time_name(one)),
            one.datatype == "number",
            _stops(one),
            [_named(choice) for choice in one.choices if choice.get("danger")],
        )
        for one in known
    ]


def _known(spec: QuestionSpec) -> KnownQuestion:
    choices, stops = spec.kept_choices(), dict(spec.stops)
    return KnownQuestion(spec.code, spec.datatype, spec.label, spec.help, spec.is_required, choices, stops)


def _stops(question: KnownQuestion) -> list[tuple[str, str]]:
    names = {choice["key"]: localized(choice["name"]) for choice in question.choices}
    return [(names.get(key, key), localized(texts)) for key, texts in question.stops.items()]


def promise(amount: int, unit: TimeUnit) -> str:
    """Return within how long a case of a category is answered."""
    if unit is TimeUnit.WORKING_DAYS:
        return ngettext("%(num)s working day", "%(num)s working days", amount)
    if unit is TimeUnit.WORKING_HOURS:
        return ngettext("%(num)s working hour", "%(num)s working hours", amount)
    return ngettext("%(num)s hour", "%(num)s hours", amount)


def shower(catalogue: Catalogue) -> Any:
    """Return how values of a category's audit rows are told: the department by its name."""

    def show(field: str, value: Any) -> Any:
        if field == "department_id":
            found = catalogue.departments.get(value or 0)
            return localized(found.name) if found else ""
        if field == "choices" and isinstance(value, list):
            return [_told(one) for one in value]
        if field == "stops" and isinstance(value, dict):
            return [localized(texts) for texts in value.values()]
        return value

    return show


def _named(choice: Mapping[str, Any]) -> str:
    return localized(choice.get("name"))


def _told(choice: Mapping[str, Any]) -> str:
    name = _named(choice)
    return _("%(answer)s (somebody is in danger)", answer=name) if choice.get("danger") else name
