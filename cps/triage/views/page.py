"""What the desk shows: the list alone, or with a case and its forms beside it."""

from flask import render_template

from cps.departments import queries as departments
from cps.triage.views.address import asked
from cps.triage.views.case_parts import case_parts
from cps.triage.views.list_parts import list_parts
from cps.triage.views.opened import Open
from cps.wards import queries as wards


def list_page(*, lost: str | None = None) -> str:
    """Render the desk without a case; `lost` are words that were typed for a case that is gone."""
    catalogue, areas = departments.catalogue(), wards.areas()
    parts = list_parts(asked(catalogue, areas), catalogue, areas)
    return render_template("triage/desk.html", **parts, desk=None, lost=lost)


def case_page(desk: Open) -> str:
    """Render the desk with a case open."""
    areas = wards.areas()
    parts = list_parts(desk.asked, desk.catalogue, areas, open_id=desk.case.id) | case_parts(desk, areas)
    return render_template("triage/desk.html", **parts, desk=desk, lost=None)
