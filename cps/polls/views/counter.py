"""The counter: an officer identifies a person, then hands over the screen or a ballot on paper.

The officer never sees a choice. Number and birth date are typed, compared and forgotten: they stand in no
address, row or log; the trace says that somebody was looked up, not who.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar, cast

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from cps.core import clock, sealed, tries
from cps.core.db import transaction
from cps.core.errors import ConfigurationError, RuleViolation, TooMany
from cps.core.forms import Form, add_error
from cps.core.i18n import date_time
from cps.core.i18n import gettext as _
from cps.core.limits import Limit
from cps.core.security import Can, requires
from cps.core.square_code import square_code
from cps.polls import queries, wording
from cps.polls.eligibility import NotEligible
from cps.polls.forms.counter import WhoIsItForm
from cps.polls.key_ring import specification_of, web_keys
from cps.polls.models import Poll
from cps.polls.rules import PASS_FOR, CountKey
from cps.polls.services import counter as service
from cps.polls.services import electorate
from cps.polls.services.casting import NotTaken, Voter, VoteRefused, why_closed
from cps.polls.views.base import bp, visible_poll
from cps.polls.views.refusals import page, why_not_taken
from cps.residents import queries as residents
from cps.residents.rules import Unreadable, read_typed_birth_date
from cps.residents.wording import FAULTS

Made = TypeVar("Made")

OF_CLERK = Limit("poll-counter-of", 120, timedelta(hours=1))
PERSON = "poll-counter-person"
SECONDS = 900
"""How long somebody who was identified may think before the officer presses a button."""


@bp.get("/<code:slug>/counter")
@requires(Can.TAKE_VOTES)
def counter_desk(slug: str) -> ResponseReturnValue:
    """Ask whom the officer has before them; says so where the poll takes no votes here."""
    return _ask(visible_poll(slug), WhoIsItForm(formdata=None))


@bp.post("/<code:slug>/counter")
@requires(Can.TAKE_VOTES)
def identify(slug: str) -> ResponseReturnValue:
    """Say whether this person may vote, and offer the screen or paper."""
    poll, form = visible_poll(slug), WhoIsItForm()
    if poll.key is not CountKey.REGISTER or _closed(poll) is not None:
        return _ask(poll, WhoIsItForm(formdata=None)), 422
    if not form.validate():
        return _ask(poll, form), 422
    try:
        tries.count(OF_CLERK, f"account {current_user.id}")
        _leave_trace(slug)
        voter = _voter(poll, form)
    except TooMany as error:
        return tries.refuse(error, form, lambda: _ask(poll, form))
    except (RuleViolation, ConfigurationError) as error:
        form.form_errors.append(_refusal(error))
        return _ask(poll, form), 422
    except NotEligible as refused:
        return _no_vote(poll, _why_not(poll, refused))
    if voter is None:
        return _ask(poll, form), 422
    return _offer(slug, voter)


def _leave_trace(slug: str) -> None:
    """Note that this officer looks somebody up, whatever comes of it."""
    with transaction():
        service.was_looked_up(queries.get_poll(slug), by=current_user, at=clock.now())


def _voter(poll: Poll, form: WhoIsItForm) -> Voter | None:
    """Return as whom the person votes; None where the form says what is wrong. Raises NotEligible."""
    try:
        tag = residents.register_tag(form.number.data or "")
    except Unreadable as bad:
        add_error(form.number, str(FAULTS[bad.fault]))
        return None
    try:
        today = clock.now().astimezone(g.city.zone).date()
        born_on = read_typed_birth_date(form.born_on.data or "", today=today)
    except Unreadable as bad:
        add_error(form.born_on, str(FAULTS[bad.fault]))
        return None
    facts = residents.facts_in_person(tag, at=clock.now())
    if facts is None or facts.born_on != born_on:
        form.form_errors.append(
            _("The register has nobody with this number and this birth date. Read both once more.")
        )
        return None
    return electorate.eligible_in_person(poll, web_keys(poll), facts)


def _refusal(error: Exception) -> str:
    if isinstance(error, RuleViolation):
        return error.message
    return _("Votes cannot be taken just now: this server lacks the keys of the poll.")


def _why_not(poll: Poll, refused: NotEligible) -> str:
    before = date_time(specification_of(poll).verified_before)
    return str(wording.WHY_NOT[refused.reason]) % {"before": before}


def _offer(slug: str, voter: Voter) -> ResponseReturnValue:
    """Show what can be done now."""
    poll = queries.get_poll(slug)
    voted, closed = queries.has_voted(poll.id, voter.tag), _closed(poll)
    if closed is not None or voted:
        return _no_vote(poll, _words(poll, NotTaken.ALREADY_VOTED if voted else closed))
    return page("polls/counter_offer.html", poll, person=_sealed(poll, voter))


def _closed(poll: Poll) -> NotTaken | None:
    gate, at = queries.gate(poll.id), clock.now()
    return None if gate.is_open(at) else why_closed(gate, at)


def _words(poll: Poll, reason: NotTaken | None) -> str:
    if reason is NotTaken.ALREADY_VOTED:
        return _("This person stands on the roll already: their one vote is in.")
    if reason is NotTaken.CLOSED:
        return _("Votes were taken until %(date)s.", date=date_time(cast("datetime", poll.closes_at)))
    if reason is NotTaken.SUSPENDED:
        return _("No vote is taken until the city says how it goes on.")
    return why_not_taken(poll, reason) if reason else ""


@bp.post("/<code:slug>/counter/pass")
@requires(Can.TAKE_VOTES)
def hand_over(slug: str) -> ResponseReturnValue:
    """Give a pass for one vote at this screen, or on another by the drawn address."""

    def give(poll: Poll, voter: Voter) -> str:
        return service.issue_pass(poll, voter, by=current_user, at=clock.now())

    def show(token: str) -> ResponseReturnValue:
        elsewhere = url_for("polls.counter", slug=slug, ticket=token, _external=True)
        poll = queries.get_poll(slug)
        lapses = clock.now() + PASS_FOR
        return page(
            "polls/counter_pass.html",
            poll,
            address=url_for("polls.counter", slug=slug, ticket=token),
            drawing=square_code(elsewhere, title=_("The way to the ballot, drawn")),
            until=min(lapses, poll.closes_at or lapses),
        )

    return _for_person(slug, give, show)


@bp.post("/<code:slug>/counter/paper")
@requires(Can.TAKE_VOTES)
def give_paper(slug: str) -> ResponseReturnValue:
    """Mark that this person gets a ballot on paper: from now on they have voted."""

    def mark(poll: Poll, voter: Voter) -> None:
        service.mark_paper(poll, voter, by=current_user, at=clock.now())

    def show(_made: None) -> ResponseReturnValue:
        flash(_("It is marked. Hand out one ballot now."))
        return redirect(url_for(".counter_desk", slug=slug), 303)

    return _for_person(slug, mark, show)


def _for_person(
    slug: str, act: Callable[[Poll, Voter], Made], show: Callable[[Made], ResponseReturnValue]
) -> ResponseReturnValue:
    """Act for the person whom this officer identified a short time ago."""
    voter = _opened(visible_poll(slug), request.form.get("person", ""))
    if voter is None:
        flash(_("That took too long. Please identify the person again."), "info")
        return redirect(url_for(".counter_desk", slug=slug), 303)
    try:
        with transaction():
            made = act(queries.get_poll(slug), voter)
    except VoteRefused as refused:
        poll = queries.get_poll(slug)
        return _no_vote(poll, _words(poll, refused.reason))
    return show(made)


def _sealed(poll: Poll, voter: Voter) -> str:
    """Return who was identified, readable by this server for this officer and poll alone."""
    return sealed.write(PERSON, [current_user.id, poll.id, voter.tag, voter.cell])


def _opened(poll: Poll, field: str) -> Voter | None:
    match sealed.read(PERSON, field, seconds=SECONDS):
        case [current_user.id, poll.id, tag, cell]:
            return Voter(tag, cell)
    return None


def _ask(poll: Poll, form: Form) -> Response:
    closed = _closed(poll)
    return page(
        "polls/counter_desk.html", poll, form=form, closed=_words(poll, closed), state=poll.state.value
    )


def _no_vote(poll: Poll, why: str) -> Response:
    return page("polls/counter_no_vote.html", poll, why=why)
