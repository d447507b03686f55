"""The audit as a page: who did what to what, and when."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.admin.trail import queries, wording
from cps.admin.trail.queries import PAGE_SIZE, Asked
from cps.core.paging import place
from cps.core.security import Can, requires
from cps.core.text import one_line

bp = Blueprint("trail", __name__, url_prefix="/admin/audit")

LONGEST_WORDS = 100


@bp.get("")
@requires(Can.MANAGE_CITY)
def index() -> ResponseReturnValue:
    """Show what was done, the newest first, narrowed to a person, a group of acts, and a day."""
    who, group, day = _words("who"), _words("what"), _day(_words("day"))
    asked = _asked(who, group, day)
    rows = queries.rows(asked, before=request.args.get("before", type=place))
    shown = rows[:PAGE_SIZE]
    kept = {"who": who, "what": group, "day": day.isoformat() if day else ""}
    more: dict[str, Any] = (
        {**{name: value for name, value in kept.items() if value}, "before": str(shown[-1].id)}
        if shown
        else {}
    )
    return render_template(
        "admin/audit.html",
        changes=wording.told(shown),
        groups=[(key, name) for key, (name, _kinds) in wording.GROUPS.items()],
        asked=kept,
        is_first="before" not in request.args,
        later=url_for(".index", **more) if len(rows) > PAGE_SIZE else None,
    )


def _asked(who: str, group: str, day: date | None) -> Asked:
    kinds = wording.GROUPS[group][1] if group in wording.GROUPS else ()
    actors = queries.accounts_named(who) if who else None
    if day is None:
        return Asked(actors, kinds)
    begins = datetime.combine(day, time(), g.city.zone)
    ends = datetime.combine(day + timedelta(days=1), time(), g.city.zone)
    return Asked(actors, kinds, begins.astimezone(UTC), ends.astimezone(UTC))


def _words(name: str) -> str:
    return one_line(request.args.get(name, "")[:LONGEST_WORDS])


def _day(text: str) -> date | None:
    """Return a day as browsers send it; None for anything else, and for days no calendar has a next of."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(1990, 1, 1) <= day <= date(2200, 1, 1) else None
