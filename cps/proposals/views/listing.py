"""The lists of proposals by where they are on their road."""

from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.cases import narrowing
from cps.cases import queries as cases
from cps.core import clock
from cps.core.i18n import gettext as _
from cps.core.i18n import localized, number
from cps.core.rendering import cacheable
from cps.core.security import public
from cps.departments import queries as departments
from cps.departments.rules import CategoryKind
from cps.proposals import presenting
from cps.proposals.asking import ALL, asked_for
from cps.proposals.forms import FilterForm
from cps.proposals.queries import lists
from cps.proposals.queries.lists import Stage, Wanted
from cps.proposals.views.base import bp
from cps.proposals.wording import STAGES
from cps.wards import queries as wards


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """Show the proposals of one part of the road, with search and filters in the address."""
    now = clock.now()
    if (answer := cacheable(cases.tag_of_hour("proposals", now))) is not None:
        return answer
    wanted, asked = asked_for(request.args, usual=Stage.GATHERING)
    after = request.args.get("after")
    page = lists.listed(wanted, after=after)
    form = FilterForm(formdata=request.args)
    _offer(form)
    kept = {name: value for name, value in asked.items() if name != "stage"}
    return render_template(
        "proposals/index.html",
        page=page,
        stage=wanted.stage,
        form=form,
        asked=asked,
        tabs=_tabs(wanted.stage, kept),
        narrowed=_chips(wanted, asked),
        time_left=lambda until: presenting.time_left(until, now),
        points_address=_points_address(asked),
        today=now.astimezone(g.city.zone).date(),
        next_address=_list_address(asked | {"after": page.next_key}) if page.next_key else None,
        first_address=_list_address(asked) if after else None,
    )


def _list_address(values: dict[str, Any]) -> str:
    return url_for(".index", **values)


def _points_address(asked: dict[str, Any]) -> str:
    return url_for(".points", **{name: value for name, value in asked.items() if name != "box"})


def _tabs(stage: Stage | None, kept: dict[str, str]) -> list[dict[str, Any]]:
    """Return the parts of the road as links, with how many proposals each has before it is narrowed."""
    counts = lists.counts()
    tabs: list[dict[str, Any]] = [
        {
            "text": STAGES[one],
            "href": _list_address(kept | {"stage": one.value}),
            "current": one is stage,
            "count": _in_words(counts[one]),
        }
        for one in Stage
    ]
    everything = {"text": _("All of them"), "href": _list_address(kept | {"stage": ALL})}
    return [*tabs, {**everything, "current": stage is None}]


def _in_words(count: int) -> str:
    """Return a count as it is written: "12", or "1,000+" where there are more than are counted."""
    most = lists.MOST_COUNTED
    return number(count) if count <= most else _("%(number)s+", number=number(most))


def _chips(wanted: Wanted, asked: dict[str, str]) -> list[dict[str, Any]]:
    """Return what narrows the list in words, each with the address of the list without it."""
    return [
        {
            "text": words,
            "href": _list_address({key: value for key, value in asked.items() if key != name}),
            "removes": True,
        }
        for name, words in narrowing.in_words(wanted.narrowed, asked).items()
        if words
    ]


def _offer(form: FilterForm) -> None:
    everything = ("", _("All"))
    categories = departments.catalogue().offered(CategoryKind.PROPOSAL)
    form.category.choices = [everything, *((one.code, localized(one.name)) for one in categories)]
    form.ward.choices = [
        everything, *((one.code, localized(one.name)) for one in wards.areas().wards.values())
    ]  # fmt: skip
    active = (one for one in departments.catalogue().departments.values() if one.is_active)
    form.department.choices = [everything, *((one.code, localized(one.name)) for one in active)]
    form.late.choices = [everything, ("1", _("Late"))]
