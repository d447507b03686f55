"""What is counted of contacts, and the board for the wall."""

from datetime import date, datetime, time, timedelta

from flask import Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from cps.cases.rules import Channel
from cps.cases.wording import CHANNELS
from cps.contact import queries
from cps.contact.presenting import bars, code_names
from cps.contact.rules import Ending
from cps.contact.views.base import bp, frame
from cps.contact.wording import ENDINGS
from cps.core import clock
from cps.core.i18n import OWN_NAMES
from cps.core.security import Can, requires

LONGEST_DAYS = 92
BOARD_SECONDS = 30


@bp.get("/figures")
@requires(Can.ANSWER_CALLS)
def figures() -> ResponseReturnValue:
    """Show what was counted from one day to another."""
    today = clock.now().astimezone(g.city.zone).date()
    first, last = _days(today)
    found = queries.figures_between(_start(first), _start(last + timedelta(days=1)), g.city.zone)
    waits, late = queries.count_waiting(clock.now())
    return render_template(
        "contact/figures.html",
        first=first,
        last=last,
        found=found,
        waits=waits,
        late=late,
        hours=[(f"{hour:02}–{hour + 1:02}", found.hours[hour]) for hour in _open_hours(found.hours)],
        channels=bars(found.channels, lambda key: CHANNELS[Channel(key)]),
        spoken_in=bars(found.languages, lambda key: OWN_NAMES.get(key, key)),
        endings=bars(found.endings, lambda key: ENDINGS[Ending(key)]),
        codes=bars(found.codes, code_names()),
        **frame("figures"),
    )


def _days(today: date) -> tuple[date, date]:
    """Return the first and the last day that an address asks for; what makes no sense is today."""
    first, last = _day(request.args.get("from"), today), _day(request.args.get("to"), today)
    if last < first:
        first, last = last, first
    return max(first, last - timedelta(days=LONGEST_DAYS - 1)), last


def _day(text: str | None, otherwise: date) -> date:
    try:
        return min(date.fromisoformat(text), otherwise) if text else otherwise
    except ValueError:
        return otherwise


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=g.city.zone)


def _open_hours(hours: dict[int, int]) -> range:
    """Return the hours of the day from the first to the last in which somebody called."""
    return range(min(hours), max(hours) + 1) if hours else range(0)


@bp.get("/board")
@requires(Can.ANSWER_CALLS)
def board() -> Response:
    """Show today's figures in large letters; the browser asks anew by itself, without a script."""
    now = clock.now()
    waits, late = queries.count_waiting(now)
    found = queries.of_day_so_far(now, g.city.zone)
    page = render_template("contact/board.html", found=found, waits=waits, late=late, at=now, theme="dark")
    response = make_response(page)
    response.headers["Refresh"] = str(BOARD_SECONDS)
    return response
