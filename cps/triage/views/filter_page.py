"""Every filter of the desk on one page, for what does not fit above the list."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from cps.cases.policy import reach_of
from cps.core.i18n import gettext as _
from cps.core.rendering import remembered
from cps.core.security import Can, requires
from cps.departments import queries as departments
from cps.triage import filter_words as words
from cps.triage import queries
from cps.triage.rules import Box
from cps.triage.views import boxes
from cps.triage.views.address import Asked, asked
from cps.triage.views.desk import bp
from cps.triage.views.filters import OFFERS, Offering, fits, near_field, usual_order
from cps.wards import queries as wards

GROUPS = (
    ("what", ("kind", "category", "priority", "language", "channel")),
    ("state", ("status", "outcome", "within", "due", "assignee", "whose", "reply")),
    ("people", ("backed", "photo", "voice")),
    ("when", ("age", "since", "until")),
    ("where", ("ward", "department")),
)
NUMBERS, DATES = ("age", "backed"), ("since", "until")

_desk_filter = remembered("components/desk.html", "desk_filter", keep=300)
_desk_filter_field = remembered("components/desk.html", "desk_filter_field", keep=100)


@bp.get("/filter")
@requires(Can.WORK_CASES)
def filters() -> ResponseReturnValue:
    """Show every filter, filled with what the address asks for; sending it leads to the list."""
    catalogue, areas = departments.catalogue(), wards.areas()
    wanted, reach = asked(catalogue, areas), reach_of(current_user)
    many = reach.everywhere or len(reach.departments) > 1
    offering = Offering(wanted.queue, catalogue, areas, many)
    titles = {
        "what": _("What"),
        "state": _("How it stands"),
        "people": _("Backing and photos"),
        "when": _("When it came"),
        "where": _("Where"),
    }
    groups = [
        (titles[key], [_field(name, wanted, offering) for name in names if fits(name, offering)])
        for key, names in GROUPS
    ]
    return render_template(
        "triage/filters.html",
        asked=wanted,
        boxes=[(box.value, boxes.box_name(box, reach)) for box in Box],
        groups=groups,
        sort=_choice("sort", wanted, offering, otherwise=usual_order(wanted.queue)),
        near=near_field(wanted, offering, among=True),
        centre=areas.centre,
    )


def _field(name: str, wanted: Asked, offering: Offering) -> Markup:
    if name in NUMBERS or name in DATES:
        kind = "number" if name in NUMBERS else "date"
        value = wanted.values.get(name, "")
        return _desk_filter_field(name=name, label=str(words.LABELS[name]), value=value, kind=kind)
    more = _colleagues() if name == "assignee" else []
    return _choice(name, wanted, offering, more=more)


def _choice(
    name: str, wanted: Asked, offering: Offering, *, more: Any = (), otherwise: str | None = None
) -> Markup:
    return _desk_filter(
        name=name,
        label=str(words.LABELS[name]),
        choices=(*OFFERS[name](offering), *more),
        chosen=wanted.values.get(name, ""),
        otherwise=otherwise,
        sends=False,
    )


def _colleagues() -> list[tuple[str, str]]:
    """Return who else has open cases that this person works, by name."""
    return [(str(key), name) for key, name in queries.assignees(current_user) if key != current_user.id]
