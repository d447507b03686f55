"""What the words of a case suggest as its category, as the desk shows it."""

from dataclasses import dataclass

from cps.cases.models import Case
from cps.cases.rules import CaseKind
from cps.complaints import learning
from cps.core.i18n import localized, percent
from cps.departments import queries as departments

MOST_SHOWN = 3
LEAST_SURE = 0.1


@dataclass(frozen=True, slots=True)
class Suggested:
    """A category with its department, how sure the words are of it, and whether the case has it already."""

    code: str
    name: str
    department: str
    sure: str
    is_present: bool


def suggested(case: Case) -> list[Suggested]:
    """Return what to show, the surest first; nothing for proposals and what concerns the city's staff."""
    if case.kind is not CaseKind.COMPLAINT or case.is_integrity:
        return []
    return [
        Suggested(
            code=category.code,
            name=localized(category.name),
            department=localized(category.department.name),
            sure=percent(one.sure),
            is_present=category.id == case.category_id,
        )
        for category, one in learning.suggestions(f"{case.title}\n{case.body}")[:MOST_SHOWN]
        if one.sure >= LEAST_SURE
    ]


def how_right() -> str:
    """Return how many of the measured complaints the first suggestion was right for; empty where unknown."""
    known = departments.learned_words()
    measured = known.measured if known else None
    return percent(measured.first_right / measured.cases) if measured and measured.cases else ""
