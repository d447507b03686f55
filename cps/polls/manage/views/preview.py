"""A draft exactly as voters will see it: the very templates of the voter's pages, with a banner above."""

from dataclasses import dataclass
from typing import Any, cast

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cps.core import clock
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.security import Can, requires
from cps.polls import explaining, presenting, queries
from cps.polls.fields import SpecificationError
from cps.polls.forms.voting import BLANK_MARK, BallotForm
from cps.polls.manage.views.base import bp, drafts_only, fingerprints_of, home
from cps.polls.models import Poll
from cps.polls.rules import PollState
from cps.polls.services import opening
from cps.polls.specification import Specification
from cps.polls.views.public import Standing
from cps.polls.views.saving import refusal_words


class AsOpened:
    """A draft with what opening it now would freeze; everything else is the draft's own."""

    state = PollState.OPEN
    is_draft = False

    def __init__(self, draft: Poll, frozen: Specification) -> None:
        self.draft = draft
        self.spec_json = frozen.to_bytes().decode()
        self.spec_sha256 = frozen.sha256()
        self.eligible = frozen.eligible
        self.most = frozen.most

    def __getattr__(self, name: str) -> Any:
        return getattr(self.draft, name)


@dataclass(frozen=True, slots=True)
class Sample:
    """Stands where the voter's booth stands; what is sent to it is recorded nowhere."""

    address: str
    asks_facts: bool


def _opened(poll: Poll) -> tuple[Poll, Specification]:
    """Return a draft as if it were open; raises RuleViolation or SpecificationError while it cannot be."""
    frozen = opening.specification_of_draft(poll, fingerprints_of(poll))
    return cast("Poll", AsOpened(poll, frozen)), frozen


def _not_yet(poll: Poll, error: Exception) -> ResponseReturnValue:
    flash(_("There is nothing to preview yet. %(problem)s", problem=refusal_words(error)), "info")
    return redirect(home(poll.slug), 303)


@bp.get("/<code:slug>/preview")
@requires(Can.MANAGE_POLLS)
@drafts_only
def preview(draft: Poll) -> ResponseReturnValue:
    """Show the page of the poll as it will be."""
    try:
        poll, frozen = _opened(draft)
    except (RuleViolation, SpecificationError) as error:
        return _not_yet(draft, error)
    at = max(frozen.opens_at, min(clock.now(), frozen.closes_at))
    html = render_template(
        "polls/manage/preview.html",
        poll=poll,
        card=presenting.card_of(poll, at),
        options=presenting.options_of(poll),
        method=presenting.method_of(poll),
        publishes=explaining.publishes(poll),
        markable=explaining.markable_words() if explaining.is_markable(poll) else "",
        turnout="",
        story=[],
        restored="",
        standing=Standing(may_vote=True),
        has_result=False,
        is_preview=True,
    )
    return html.replace(
        f'href="{url_for("polls.vote", slug=poll.slug)}"',
        f'href="{url_for(".preview_ballot", slug=poll.slug)}"',
    )


@bp.get("/<code:slug>/preview/ballot")
@requires(Can.MANAGE_POLLS)
@drafts_only
def preview_ballot(draft: Poll) -> ResponseReturnValue:
    """Show the ballot as it will be, in the published order."""
    try:
        poll, frozen = _opened(draft)
    except (RuleViolation, SpecificationError) as error:
        return _not_yet(draft, error)
    form = BallotForm(formdata=None)
    if poll.is_declared:
        form.offer_wards(presenting.ward_choices())
    return render_template(
        "polls/manage/preview_ballot.html",
        poll=poll,
        question=localized(poll.question),
        booth=Sample(url_for(".leave_preview", slug=poll.slug), poll.is_declared),
        form=form,
        options=presenting.options_of(poll),
        marks=[],
        blank=BLANK_MARK,
        most=frozen.most,
        budget=frozen.budget,
        currency=frozen.currency,
        method=presenting.method_of(poll),
        live=explaining.live_words(poll),
        lines=explaining.lines_words(poll),
        markable=explaining.markable_words() if explaining.is_markable(poll) else "",
        left=presenting.closes_words(poll, clock.now()),
        at_counter=False,
    )


@bp.post("/<code:slug>/preview/ballot")
@requires(Can.MANAGE_POLLS)
def leave_preview(slug: str) -> ResponseReturnValue:
    """Say that a preview records nothing; what was marked is not looked at."""
    queries.get_poll(slug)
    flash(_("This is a preview: nothing was recorded, and nothing was counted."), "info")
    return redirect(url_for(".preview_ballot", slug=slug), 303)
