"""In the field: one's own cases on a phone, nearest first, with what is done on the spot.

The page is whole by itself, because the phone keeps it and shows it where there is no connection.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import g, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries as cases
from cps.cases import services
from cps.cases.models import Attachment, Case
from cps.cases.queries.seconding import waiting_among
from cps.cases.rules import Outcome, Turn
from cps.core import clock
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.on_phone import keep_for_the_field
from cps.core.security import Can, requires
from cps.departments import queries as departments
from cps.triage import queries
from cps.triage.forms import CloseForm, DeskForm, HereForm, MissingForm, NoteForm
from cps.triage.rows import clock_mark
from cps.triage.rules import Act
from cps.triage.views.desk import bp
from cps.triage.views.opened import Open
from cps.triage.views.perform import perform
from cps.wards import queries as wards

MOST_CARDS = 40
MOST_PHOTOS = 3
"""Of a case so many photos stand there, small ones: the phone keeps them."""


@dataclass(frozen=True, slots=True)
class Card:
    """One case with its forms; `shown` is the newest that happened to it when the page was made."""

    case: Case
    photos: list[Attachment]
    category: str
    place: str
    due: str
    colour: str
    shown: int
    waits_for_second: bool
    here: HereForm
    missing: MissingForm
    note: NoteForm
    close: CloseForm


@bp.get("/field")
@requires(Can.WORK_CASES)
def field() -> ResponseReturnValue:
    """Show one's own open cases, by ward; the phone brings the nearest first."""
    keep_for_the_field()
    return render_template("triage/field.html", cards=list(_cards()))


@bp.post("/<reference:reference>/here")
@requires(Can.WORK_CASES)
def here(reference: str) -> ResponseReturnValue:
    """Note for staff that the officer is there."""

    def do(case: Case, _desk: Open) -> None:
        services.tell_from_place(case, Turn.ARRIVED, by=current_user, at=clock.now())

    return perform(reference, Act.HERE, do, _("Noted: you are there."))


@bp.post("/<reference:reference>/missing")
@requires(Can.WORK_CASES)
def missing(reference: str) -> ResponseReturnValue:
    """Note for staff that what was reported is not there."""

    def do(case: Case, desk: Open) -> None:
        words = desk.sent_as(MissingForm).words
        services.tell_from_place(case, Turn.NOT_FOUND, by=current_user, at=clock.now(), message=words)

    return perform(reference, Act.MISSING, do, _("Noted: you did not find it."))


def _cards() -> Iterable[Card]:
    found = queries.in_the_field(current_user, limit=MOST_CARDS)
    cases.show_originals(found)
    ids = [case.id for case in found]
    shown, photos = queries.newest_events(ids), queries.photos_of_problems(ids, most=MOST_PHOTOS)
    catalogue, areas, now = departments.catalogue(), wards.areas(), clock.now()
    for_second = waiting_among(ids)
    for case in found:
        ward = localized(areas.names.get(case.ward_id or 0))
        due, colour = clock_mark(case, now=now, zone=g.city.zone)
        yield Card(
            case,
            photos.get(case.id, []),
            localized(catalogue.categories[case.category_id].name),
            ", ".join(part for part in (case.address, ward) if part),
            str(due),
            colour,
            shown.get(case.id, 0),
            case.id in for_second,
            *(_form(kind, case) for kind in (HereForm, MissingForm, NoteForm, CloseForm)),
        )


def _form(kind: type[DeskForm], case: Case) -> Any:
    """Return a form of a case, whose fields have ids of their own among all cards of the page."""
    form = kind(formdata=None, version=case.version)
    for item in form:
        item.id = f"{item.id}-{case.reference}"
        item.label.field_id = item.id
    if isinstance(form, CloseForm):
        form.outcome.data = Outcome.FIXED.value
    return form
