"""Looking up one's ballot by its receipt code; the code is sent in the body and stands in no address."""

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from cps.core import tries, visit
from cps.core.errors import TooMany
from cps.core.i18n import localized
from cps.core.limits import Limit
from cps.core.security import public
from cps.polls import queries, receipt
from cps.polls.forms.voting import ReceiptForm
from cps.polls.models import Poll
from cps.polls.rules import RESULT_IS_PUBLIC, Method
from cps.polls.services.publishing import code_hash
from cps.polls.views.ballot_pages import chosen_options
from cps.polls.views.base import bp, visible_poll

LOOK_UPS = Limit("receipt-from", 120, timedelta(hours=1))


@bp.get("/<code:slug>/receipt")
@public
def receipt_page(slug: str) -> ResponseReturnValue:
    """Ask for a receipt code, or say from when on it can be looked up."""
    return _page(visible_poll(slug), ReceiptForm(formdata=None))


@bp.post("/<code:slug>/receipt")
@public
def look_up(slug: str) -> ResponseReturnValue:
    """Show what is published under a code: the ballot, or that it is in the ledger and counted."""
    poll, form = visible_poll(slug), ReceiptForm()
    if poll.state not in RESULT_IS_PUBLIC:
        return _page(poll, ReceiptForm(formdata=None)), 409
    if not form.validate():
        return _page(poll, form), 422
    try:
        tries.count(LOOK_UPS, visit.network())
    except TooMany as error:
        return tries.refuse(error, form, lambda: _page(poll, form))
    found = queries.published_ballot(poll.id, code_hash(form.parsed))
    if found is None:
        return _page(poll, form, asked=True), 404
    chosen = None if found.choice is None else chosen_options(poll, tuple(found.choice))
    code = receipt.display(form.parsed)
    return _page(poll, form, asked=True, found=found, code=code, chosen=chosen)


def _page(poll: Poll, form: ReceiptForm, **values: object) -> str:
    values = {"asked": False, "found": None, "chosen": None, **values}
    return render_template(
        "polls/receipt.html",
        poll=poll,
        question=localized(poll.question),
        form=form,
        is_published=poll.state in RESULT_IS_PUBLIC,
        is_ranking=poll.method is Method.RANKING,
        **values,
    )
