"""The discussion on the page of a proposal, as its address asks for it."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask_login import current_user

from cps.cases.models import Case
from cps.core.i18n import gettext as _
from cps.proposals.forms import CommentForm
from cps.proposals.queries import comments
from cps.proposals.queries.comments import Talk
from cps.proposals.rules import SUPPORTABLE, Order, Stance
from cps.proposals.wording import ORDERS, STANCES

TalkAddress = Callable[..., str]
"""Says where the discussion stands with other choices than those of this page."""


def discussion_of(case: Case, talk: Talk, written: CommentForm | None) -> dict[str, Any]:
    """Return one page of the discussion, as the address asks for it."""
    order, stance = _order(), _stance()
    has_comments = bool(talk.mark)
    page = (
        comments.threads(case.id, order, stance=stance, after=request.args.get("after"), total=talk.total)
        if has_comments
        else None
    )
    threads = page.rows if page else ()
    address = _talk_address(case.reference, order, stance)
    mine = current_user.id if current_user.is_authenticated else None
    shown = [row.id for one in threads for row in (one.comment, *one.replies)]
    is_open = case.status in SUPPORTABLE and case.is_listed
    form = written or (CommentForm(formdata=None) if mine is not None and is_open else None)
    if form is not None:
        form.stance.choices = [(stance.value, words) for stance, words in STANCES.items()]
    return {
        "threads": threads,
        "talk_choices": _talk_choices(talk, address, stance) if has_comments else (),
        "order": order,
        "orders": ORDERS,
        "stance": stance,
        "stances": STANCES,
        "talk_is_open": is_open,
        "comment_form": form,
        "backed": comments.backed_among(mine, shown) if mine is not None and shown else frozenset(),
        "mine": mine,
        "talk_address": address,
        "more_talk": page.next_key if page else None,
    }


def _talk_choices(talk: Talk, address: TalkAddress, chosen: Stance | None) -> list[dict[str, Any]]:
    """Return the kinds of comments there are as links with their numbers, all of them first."""
    counts = talk.counts
    kinds = [
        {"text": words, "href": address(stance=one.value), "current": one is chosen, "count": counts[one]}
        for one, words in STANCES.items()
        if counts[one]
    ]
    everything = {"text": _("All"), "href": address(stance=None), "current": chosen is None}
    return [{**everything, "count": sum(counts.values())}, *kinds]


def _order() -> Order:
    asked = request.args.get("order", "")
    return Order(asked) if asked in list(Order) else Order.NEWEST


def _stance() -> Stance | None:
    asked = request.args.get("stance", "")
    return Stance(asked) if asked in list(Stance) else None


def _talk_address(reference: str, order: Order, stance: Stance | None) -> TalkAddress:
    """Return a function that says where the discussion stands with other choices."""

    def address(**other: Any) -> str:
        chosen = {"order": order.value, "stance": stance.value if stance else None, **other}
        given = {name: value for name, value in chosen.items() if value and value != Order.NEWEST.value}
        return url_for(".show", reference=reference, _anchor="discussion", **given)

    return address
