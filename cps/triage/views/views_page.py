"""The page on which saved views are kept and arranged."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_login import current_user

from cps.cases.policy import reach_of
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.security import Can, allows
from cps.departments import queries as departments
from cps.departments.catalogue import KnownDepartment
from cps.triage import queries
from cps.triage.reading import ADDRESS, FILTERS, Read, read
from cps.triage.rules import Box, first_box
from cps.triage.view_forms import KeepForm, RenameForm, StartForm
from cps.triage.views import boxes, filters, view_links
from cps.triage.views.address import here
from cps.triage.views.filters import Offering
from cps.triage.views.view_links import KnownView
from cps.wards import queries as wards


@dataclass(frozen=True, slots=True)
class Arranged:
    """A view on its page: what it asks for in words, and the form that renames it where one may."""

    view: KnownView
    asks: str
    form: RenameForm | None
    is_renamed: bool


def asked_for(values: Mapping[str, str]) -> Read:
    """Return what a form or an address asks to be kept."""
    return read(values, _here(), usual=first_box(current_user.roles))


def views_page(
    *,
    kept: KeepForm | None = None,
    renamed: tuple[int, RenameForm] | None = None,
    start: StartForm | None = None,
    problem: str = "",
) -> str:
    """Render the page, with a form that keeps what was typed where one was sent."""
    views = view_links.known(current_user, _here())
    given: Mapping[str, str] = request.form if kept is not None else request.args
    asks_something = kept is not None or any(name in given for name in ADDRESS)
    wanted = asked_for(given) if asks_something else None
    return render_template(
        "triage/views.html",
        wanted=wanted,
        asks=_in_words(wanted.values, wanted) if wanted else "",
        keep=kept or keep_form(),
        start=start or start_form(views),
        groups=_groups(views, renamed),
        shared=[(one.code, localized(one.name)) for one in _units()],
        problem=problem,
        sent=kept or (renamed and renamed[1]) or start,
    )


def keep_form() -> KeepForm:
    """Return the form that keeps a view, for oneself or a department whose views one chooses."""
    form = KeepForm()
    everybody = _("Everybody in “%(department)s”")
    form.offer([(one.code, everybody % {"department": localized(one.name)}) for one in _units()])
    return form


def start_form(views: list[KnownView] | None = None) -> StartForm:
    """Return the form that chooses with what the desk opens; it shows what was chosen."""
    if views is None:
        views = view_links.known(current_user, _here())
    reach = reach_of(current_user)
    row = queries.start_row(current_user.id)
    chosen = "" if row is None else row.box or str(row.view_id)
    form = StartForm(data={"start": chosen})
    usual = boxes.box_name(first_box(current_user.roles), reach)
    form.offer(
        _("As usual: %(box)s", box=usual),
        [(box.value, str(boxes.box_name(box, reach))) for box in Box],
        [(str(view.row.id), view.name) for view in views],
    )
    return form


def _here() -> Any:
    return here(departments.catalogue(), wards.areas())


def _units() -> list[KnownDepartment]:
    """Return the departments whose views this person chooses."""
    every = departments.catalogue().departments.values()
    return [one for one in every if allows(current_user, Can.SHARE_VIEWS, one.id)]


def _groups(
    views: list[KnownView], renamed: tuple[int, RenameForm] | None
) -> list[tuple[str, list[Arranged]]]:
    """Return one's own views and those of each department, each group with its name."""
    units = departments.catalogue().departments
    groups: dict[int | None, list[Arranged]] = {}
    for view in views:
        groups.setdefault(view.row.department_id, []).append(_arranged(view, renamed))
    return [(localized(units[key].name) if key else _("Mine"), found) for key, found in groups.items()]


def _arranged(view: KnownView, renamed: tuple[int, RenameForm] | None) -> Arranged:
    is_renamed = renamed is not None and renamed[0] == view.row.id
    form = None
    if renamed is not None and is_renamed:
        form = renamed[1]
    elif allows(current_user, Can.CHANGE_VIEW, view.row):
        form = RenameForm(view.row.id, formdata=None, data={"name": view.name, "version": view.row.version})
    return Arranged(view, _in_words(view.values, Read(view.queue, view.values)), form, is_renamed)


def _in_words(values: Mapping[str, str], found: Read) -> str:
    """Return what a list asks for as one line: the box, its filters, its order."""
    reach = reach_of(current_user)
    offering = Offering(found.queue, departments.catalogue(), wards.areas(), many=True)
    narrowed = {name: value for name, value in values.items() if name in FILTERS}
    words = [word for _name, word in filters.in_words(narrowed, found.queue, offering)]
    order = [filters.order_words(values, found.queue, offering)] if "sort" in values else []
    return " · ".join([str(boxes.box_name(found.queue.box, reach)), *words, *order])
