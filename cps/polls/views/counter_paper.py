"""The ballots on paper, counted by two officers who do not see each other's numbers until both are in."""

import logging
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import localized, number
from cps.core.security import Can, requires
from cps.polls import explaining, presenting, queries
from cps.polls.forms.counter import name_counts, paper_form, read_paper
from cps.polls.key_ring import specification_of
from cps.polls.models import PaperCount, Poll
from cps.polls.rules import Method
from cps.polls.services import counting
from cps.polls.services.counting import AGREED, COUNTABLE
from cps.polls.tally.paper import InvalidPaper, PaperTotals
from cps.polls.views.base import bp, visible_poll
from cps.polls.views.saving import save

log = logging.getLogger(__name__)


@bp.get("/<code:slug>/counter/count")
@requires(Can.TAKE_VOTES)
def count_paper(slug: str) -> ResponseReturnValue:
    """Ask for what this officer counted, filled with what they entered before."""
    poll = visible_poll(slug)
    mine = next((row for row in _entered(poll) if row.officer_id == current_user.id), None)
    form = _form(poll)(formdata=None, version=poll.version, **_filled(mine.totals if mine else {}, poll))
    return _page(poll, form)


@bp.post("/<code:slug>/counter/count")
@requires(Can.TAKE_VOTES)
def enter_paper(slug: str) -> ResponseReturnValue:
    """Keep what this officer counted; a later count of the same officer replaces it."""
    poll = visible_poll(slug)
    if not _may_count(poll):
        return _page(poll, _form(poll)(formdata=None)), 422
    form, read = _form(poll)(), list[PaperTotals | None]()

    def change(poll: Poll) -> None:
        try:
            counting.enter_paper(poll, read[0] or PaperTotals(0, 0), by=current_user, at=clock.now())
        except InvalidPaper as error:
            log.info("a count on paper does not add up", extra={"problem": str(error)})
            raise RuleViolation(_does_not_add_up(poll)) from None

    return save(
        slug,
        form,
        lambda poll: _page(poll, form),
        change,
        done=_("Your count is kept."),
        to=url_for(".count_paper", slug=slug),
        check=lambda: read.append(read_paper(form, poll.method, _codes(poll))),
    )


def _may_count(poll: Poll) -> bool:
    return poll.state in COUNTABLE and poll.publish_asked_at is None


def _does_not_add_up(poll: Poll) -> str:
    if poll.method is Method.RANKING:
        return _(
            "Rankings and blank ballots together must be as many as the ballots, each option once a line."
        )
    return _(
        "These numbers do not go together. Every ballot that is not blank has a mark or more, as many as the"
        " poll allows, and no option has more marks than there are such ballots."
    )


def _codes(poll: Poll) -> tuple[str, ...]:
    return specification_of(poll).codes


def _form(poll: Poll) -> Any:
    return paper_form(poll.method, _codes(poll))


def _entered(poll: Poll) -> list[PaperCount]:
    return [*queries.latest_paper_counts(poll.id)]


def _filled(totals: dict[str, Any], poll: Poll) -> dict[str, Any]:
    """Return what the fields begin with: an earlier count of the same officer."""
    if not totals:
        return {}
    place = {code: number for number, code in enumerate(_codes(poll), 1)}
    lines = [
        f"{' '.join(str(place[code]) for code in row['choice'])} = {row['count']}"
        for row in totals.get("rankings", ())
    ]
    counts = {f"count_{code}": votes for code, votes in totals.get("counts", {}).items()}
    return {
        "ballots": totals["ballots"],
        "blank": totals["blank"],
        **counts,
        **({"rankings": "\n".join(lines)} if lines else {}),
    }


def _page(poll: Poll, form: Any) -> str:
    rows, on_roll = _entered(poll), queries.on_roll(poll.id, on_paper=True)
    options = presenting.options_of(poll)
    name_counts(form, {option.code: f"{option.number}. {option.label}" for option in options})
    return render_template(
        "polls/counter_count.html",
        poll=poll,
        question=localized(poll.question),
        form=form,
        options=options,
        is_ranking=poll.method is Method.RANKING,
        on_roll=on_roll,
        few=explaining.few_on_paper(on_roll),
        may_count=_may_count(poll),
        **_standing(poll, rows),
    )


def _standing(poll: Poll, rows: list[PaperCount]) -> dict[str, Any]:
    """Return how the counts stand; the numbers of others only once this officer's are in, too."""
    mine = any(row.officer_id == current_user.id for row in rows)
    agreed = counting.agreed_paper(poll) is not None
    differ = len(rows) >= AGREED and not agreed
    return {
        "is_mine_in": mine,
        "others": sum(row.officer_id != current_user.id for row in rows),
        "is_agreed": agreed,
        "differ": differ,
        "compared": _compared(poll, rows) if differ and mine else [],
    }


def _compared(poll: Poll, rows: list[PaperCount]) -> list[list[str]]:
    """Return a row for each number in which the counts differ: yours, then those of the others."""
    ordered = sorted(rows, key=lambda row: row.officer_id != current_user.id)
    flat = [_flat(poll, row.totals) for row in ordered]
    names = dict.fromkeys(name for one in flat for name in one)
    found = [[name, *(number(one.get(name, 0)) for one in flat)] for name in names]
    return [row for row in found if len(set(row[1:])) > 1]


def _flat(poll: Poll, totals: dict[str, Any]) -> dict[str, int]:
    labels = presenting.labels_of(poll)
    rankings = {
        " > ".join(labels[code] for code in row["choice"]): row["count"] for row in totals.get("rankings", ())
    }
    counts = {labels[code]: votes for code, votes in totals.get("counts", {}).items()}
    return {_("Ballots"): totals["ballots"], _("Blank"): totals["blank"], **counts, **rankings}
