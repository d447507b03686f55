"""A draft exactly as voters will see it: the very templates of the voter's pages, with a banner above."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from cps.core import clock
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.polls import presenting, queries
from cps.polls.fields import SpecificationError
from cps.polls.forms.voting import BallotForm
from cps.polls.manage.views.base import bp, drafts_only, fingerprints_of, home, page
from cps.polls.models import Poll
from cps.polls.rules import PollState
from cps.polls.services import opening
from cps.polls.specification import Specification
from cps.polls.views.ballot_pages import asked
from cps.polls.views.public import Standing, announced
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


def as_opened(
    view: Callable[[Poll, Specification], ResponseReturnValue],
) -> Callable[[Poll], ResponseReturnValue]:
    """Give a view the draft as if it were open; while it cannot be, lead back and say what is missing."""

    @wraps(view)
    def shown(draft: Poll) -> ResponseReturnValue:
        try:
            frozen = opening.specification_of_draft(draft, fingerprints_of(draft))
        except (RuleViolation, SpecificationError) as error:
            flash(_("There is nothing to preview yet. %(problem)s", problem=refusal_words(error)), "info")
            return redirect(home(draft.slug), 303)
        return view(cast("Poll", AsOpened(draft, frozen)), frozen)

    return shown


@bp.get("/<code:slug>/preview")
@requires(Can.MANAGE_POLLS)
@drafts_only
@as_opened
def preview(poll: Poll, frozen: Specification) -> ResponseReturnValue:
    """Show the page of the poll as it will be; its button leads to the preview of the ballot."""
    at = max(frozen.opens_at, min(clock.now(), frozen.closes_at))
    html = page(
        "preview",
        poll,
        **announced(poll, at),
        turnout="",
        story=[],
        restored="",
        standing=Standing(may_vote=True),
        has_result=False,
        is_preview=True,
    )
    ballot, sample = url_for("polls.vote", slug=poll.slug), url_for(".preview_ballot", slug=poll.slug)
    return html.replace(f'href="{ballot}"', f'href="{sample}"')


@bp.get("/<code:slug>/preview/ballot")
@requires(Can.MANAGE_POLLS)
@drafts_only
@as_opened
def preview_ballot(poll: Poll, frozen: Specification) -> ResponseReturnValue:
    """Show the ballot as it will be, in the published order."""
    form = BallotForm(formdata=None)
    if poll.is_declared:
        form.offer_wards(presenting.ward_choices())
    return page(
        "preview_ballot",
        poll,
        form,
        booth=Sample(url_for(".leave_preview", slug=poll.slug), poll.is_declared),
        options=presenting.options_of(poll),
        marks=[],
        at_counter=False,
        is_preview=True,
        **asked(poll, frozen),
    )


@bp.post("/<code:slug>/preview/ballot")
@requires(Can.MANAGE_POLLS)
def leave_preview(slug: str) -> ResponseReturnValue:
    """Say that a preview records nothing; what was marked is not looked at."""
    queries.get_poll(slug)
    flash(_("This is a preview: nothing was recorded, and nothing was counted."), "info")
    return redirect(url_for(".preview_ballot", slug=slug), 303)
