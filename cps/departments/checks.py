"""What `cps doctor` looks for among departments and their promises."""

from datetime import datetime

from cps.core import city
from cps.core.doctor import Wrong, check
from cps.departments import queries


@check("departments")
def _departments(_at: datetime) -> str:
    department = queries.triage_department()
    if not department.is_active:
        raise Wrong(f"{department.code} reads new cases but is not active")
    return f"{len(queries.departments())}, {department.code} reads new cases"


@check("categories")
def _categories(_at: datetime) -> str:
    found = queries.categories()
    if not found:
        raise Wrong("there is none, so nobody can complain")
    orphans = sorted(category.code for category in found if not category.department.is_active)
    if orphans:
        raise Wrong(f"their department is not active: {', '.join(orphans)}")
    if len(found) == 1:
        return f"only {found[0].code}: residents can choose nothing else until /admin/categories offers more"
    return f"{len(found)}, each with an active department"


@check("calendar")
def _calendar(at: datetime) -> str:
    opens = queries.working_calendar(city.get().zone).next_opening(at)
    return f"{len(queries.holidays())} holidays, the city works next at {opens:%Y-%m-%d %H:%M} UTC"
