"""The three pages of a vote: the ballot, the last look with the receipt code, and that it is in."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from cps.core import clock
from cps.core.i18n import gettext as _
from cps.core.i18n import localized, money
from cps.core.square_code import FAST_MASK, square_code
from cps.polls import explaining, presenting, receipt
from cps.polls.ballot import Choice
from cps.polls.carried import Carried
from cps.polls.eligibility import Facts, NotEligible
from cps.polls.forms.voting import BLANK_MARK, BallotForm
from cps.polls.key_ring import specification_of
from cps.polls.models import Poll
from cps.polls.presenting import OptionView
from cps.polls.rules import Method
from cps.polls.services.casting import Cast
from cps.polls.specification import Specification
from cps.polls.views.booths import Booth
from cps.polls.views.refusals import foreign, page
from cps.wards import queries as wards

CAST, CHANGE = "cast", "change"


def ask(booth: Booth) -> ResponseReturnValue:
    """Show the empty ballot."""
    return _ballot(booth, _form(booth))


def submitted(booth: Booth) -> ResponseReturnValue:
    """Do what the button says: check the marks, change them, or cast them."""
    act = request.form.get("act")
    if act not in {CAST, CHANGE}:
        return _check(booth)
    vote = booth.read(request.form.get("carried", ""))
    if vote is None:
        return foreign(booth.poll, booth.address, at_counter=booth.at_counter)
    return _cast(booth, vote) if act == CAST else _ballot(booth, _filled(booth, vote))


def _form(booth: Booth, **options: object) -> BallotForm:
    form = BallotForm(**options)
    if booth.asks_facts:
        form.offer_wards(presenting.ward_choices())
    return form


def _filled(booth: Booth, vote: Carried) -> BallotForm:
    """Return the form with a choice that is to be changed."""
    form = _form(booth, formdata=None)
    form.choice.data = list(vote.choice) or [BLANK_MARK]
    if vote.facts is not None:
        form.ward.data = vote.facts.ward or ""
        form.age.data = "" if vote.facts.age is None else str(vote.facts.age)
    return form


def _ballot(booth: Booth, form: BallotForm, status: int = 200) -> ResponseReturnValue:
    return page(
        "polls/vote.html",
        booth.poll,
        status,
        at_counter=booth.at_counter,
        booth=booth,
        form=form,
        options=booth.options(),
        marks=form.marks(),
        **asked(booth.poll, specification_of(booth.poll)),
    )


def asked(poll: Poll, frozen: Specification) -> dict[str, Any]:
    """Return what a ballot says to every voter; a preview of a draft says the same."""
    return {
        "blank": BLANK_MARK,
        "most": frozen.most,
        "budget": frozen.budget,
        "currency": frozen.currency,
        "method": presenting.method_of(poll),
        "live": explaining.live_words(poll),
        "lines": explaining.lines_words(poll),
        "markable": explaining.markable_words(poll),
        "left": presenting.closes_words(poll, clock.now()),
    }


def _check(booth: Booth) -> ResponseReturnValue:
    """Show exactly what will be cast, with a fresh receipt code; or the marks again with what is wrong."""
    form, frozen = _form(booth), specification_of(booth.poll)
    choice = form.read_choice(frozen)
    facts = form.read_facts(frozen.who) if booth.asks_facts else None
    if choice is None or (booth.asks_facts and facts is None):
        return _ballot(booth, form, 422)
    booth.must_be_eligible(facts)
    vote = Carried(choice, receipt.new_code(), facts)
    return page(
        "polls/check.html",
        booth.poll,
        at_counter=booth.at_counter,
        booth=booth,
        carried=booth.sign(vote),
        code=receipt.display(vote.code),
        chosen=chosen_options(booth.poll, choice),
        is_ranking=booth.poll.method is Method.RANKING,
        total=_total(booth.poll, choice),
        facts=_facts_in_words(facts),
        left=presenting.closes_words(booth.poll, clock.now()),
    )


def chosen_options(poll: Poll, choice: Choice) -> list[OptionView]:
    """Return the options of a choice: ranks from the first down, else in the published order."""
    by_code = {option.code: option for option in presenting.options_of(poll)}
    chosen = [by_code[code] for code in choice]
    return chosen if poll.method is Method.RANKING else sorted(chosen, key=lambda option: option.number)


def _total(poll: Poll, choice: Choice) -> str:
    frozen = specification_of(poll)
    if frozen.budget is None or not choice:
        return ""
    costs, currency = frozen.costs, frozen.currency or ""
    spent, budget = (money(amount, currency) for amount in (sum(costs[c] for c in choice), frozen.budget))
    return _("%(spent)s of %(budget)s", spent=spent, budget=budget)


def _facts_in_words(facts: Facts | None) -> list[tuple[str, str]]:
    if facts is None:
        return []
    known = wards.areas().wards.get(facts.ward or "")
    ward = localized(known.name) if known else ""
    age = "" if facts.age is None else str(facts.age)
    return [(_("Ward, as you declare it"), ward), (_("Age, as you declare it"), age)]


def _cast(booth: Booth, vote: Carried) -> ResponseReturnValue:
    """Record the vote and answer with its receipt from this same request."""
    outcome = _recorded(booth, vote)
    if booth.at_counter:
        thanks = page("polls/thanks.html", booth.poll, at_counter=True)
        thanks.headers["Clear-Site-Data"] = '"cache"'  # else some browsers lead back to the check page
        return thanks
    code = receipt.display(vote.code)
    return page(
        "polls/recorded.html",
        booth.poll,
        code=code,
        drawing=square_code(code, title=_("Your receipt code, drawn"), mask=FAST_MASK),  # no address in it
        again=outcome is Cast.ALREADY_RECORDED,
        lines=explaining.lines_words(booth.poll),
        everybody_recounts=explaining.everybody_recounts(booth.poll),
    )


def _recorded(booth: Booth, vote: Carried) -> Cast:
    """Record the vote once; one that is in hears so, also from a voter who by now might not cast it."""
    try:
        return booth.record(booth.sealed(vote), vote.facts)
    except NotEligible:
        if booth.has_recorded(vote):
            return Cast.ALREADY_RECORDED
        raise
