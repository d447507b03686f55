"""What residents said of answers: by category and by department, each number with the cases behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import InstrumentedAttribute

from cps.cases import reference as references
from cps.cases.models import Case
from cps.cases.policy import reach_of
from cps.cases.queries import Reach
from cps.cases.wording import status_look
from cps.core import clock
from cps.core.i18n import localized, percent
from cps.core.security import Can, requires
from cps.departments import queries as departments
from cps.triage.views.desk import bp
from cps.triage.work.queries import answered
from cps.triage.work.rules import ANSWERS_COUNTED, Said
from cps.triage.work.wording import SAID


@dataclass(frozen=True, slots=True)
class Line:
    """What was said of the answers in one category or department."""

    name: str
    narrows: dict[str, str]
    counts: dict[Said, int]

    @property
    def satisfied(self) -> str:
        """The share of "yes" among those who said anything, in words."""
        return _percent(self.counts[Said.YES], self.counts[Said.YES] + self.counts[Said.NO])

    @property
    def reopened(self) -> str:
        """The share of cases that were opened again, in words."""
        return _percent(self.counts[Said.REOPENED], self.counts[Said.ANYTHING])


def _percent(part: int, whole: int) -> str:
    """Return a share in words; of nothing a dash."""
    return percent(part / whole) if whole else "–"


@bp.get("/supervisor/answers")
@requires(Can.SUPERVISE)
def answers_given() -> ResponseReturnValue:
    """Show the tables, and behind a number that was chosen its cases."""
    reach, since = reach_of(current_user), clock.now() - ANSWERS_COUNTED
    catalogue = departments.catalogue()
    return render_template(
        "triage/answers_given.html",
        days=ANSWERS_COUNTED // timedelta(days=1),
        categories=_lines("category", catalogue.categories, Case.category_id, reach, since),
        departments=_lines("department", catalogue.departments, Case.department_id, reach, since),
        chosen=_chosen(reach, since),
        words=SAID,
        display=references.display,
    )


def _lines(
    name: str,
    known: Mapping[int, Any],
    column: InstrumentedAttribute[int],
    reach: Reach,
    since: datetime,
) -> list[Line]:
    """Return a line for each category or department; `name` is under what addresses narrow by it."""
    rows = answered.counted_by(column, reach, since)
    counts = [(known[row.key], {what: getattr(row, what.value) for what in Said}) for row in rows]
    return [Line(localized(one.name), {name: one.code}, numbers) for one, numbers in counts]


def _chosen(reach: Reach, since: datetime) -> dict[str, Any] | None:
    """Return the cases behind the number that the address names; None where it names none."""
    catalogue, asked = departments.catalogue(), request.args
    if asked.get("said") not in list(Said):
        return None
    what = Said(asked["said"])
    category = catalogue.category(asked.get("category", ""))
    department = catalogue.department(asked.get("department", ""))
    rows = answered.cases_behind(
        what,
        reach,
        since,
        category_id=category.id if category else None,
        department_id=department.id if department else None,
    )
    names = [localized(one.name) for one in (category, department) if one is not None]
    looks = [(row, status_look(row.status, row.outcome)) for row in rows]
    return {"title": " · ".join([*names, str(SAID[what])]), "rows": looks, "most": answered.SHOWN}
