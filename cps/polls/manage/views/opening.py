"""The rehearsal of a draft, and the opening that freezes it."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.errors import RuleViolation
from cps.core.forms import Form, VersionedForm
from cps.core.i18n import gettext as _
from cps.core.i18n import number
from cps.core.security import Can, requires
from cps.polls import explaining, presenting, queries, receipt
from cps.polls.ballot import Choice
from cps.polls.keys import PollKeys
from cps.polls.manage import overview
from cps.polls.manage.views.base import bp, drafts_only, fingerprints_of, keys_of, page, plain
from cps.polls.models import Poll
from cps.polls.rules import Method
from cps.polls.services import drafting, opening, rehearsing
from cps.polls.services.rehearsing import Rehearsal, RehearsalFailed
from cps.polls.views.saving import attempt, save


@bp.get("/<code:slug>/rehearsal")
@requires(Can.MANAGE_POLLS)
@drafts_only
def rehearsal(poll: Poll) -> ResponseReturnValue:
    """Say what a rehearsal does."""
    return _rehearsal_page(poll, plain(poll))


@bp.post("/<code:slug>/rehearsal")
@requires(Can.MANAGE_POLLS)
def rehearse(slug: str) -> ResponseReturnValue:
    """Send test ballots the whole way and show what came out; nothing is stored but that it went well."""
    form = VersionedForm()
    done: list[Rehearsal] = []

    def change(poll: Poll) -> None:
        done.append(_rehearse(poll))
        drafting.was_rehearsed(poll, by=current_user, at=clock.now())

    refused = attempt(slug, form, lambda poll: _rehearsal_page(poll, form), change)
    if refused is not None:
        return refused
    poll = queries.get_poll(slug)
    return _rehearsal_page(poll, plain(poll), done[0])


def _rehearse(poll: Poll) -> Rehearsal:
    drafting.must_be_draft(poll)
    keys = keys_of(poll)
    if keys is None:
        raise RuleViolation(_("Make the keys of the poll first: the rehearsal uses them."))
    try:
        return rehearsing.rehearse(opening.specification_of_draft(poll, keys.fingerprints()), keys)
    except RehearsalFailed:
        raise RuleViolation(
            _("A test ballot did not come back as it went in. Do not open this poll; call your technicians.")
        ) from None


def _rehearsal_page(poll: Poll, form: Form, found: Rehearsal | None = None) -> str:
    return page(
        "rehearsal",
        poll,
        form,
        has_keys=keys_of(poll) is not None,
        ballots=_ballots(poll, found) if found else [],
        counts=_counts(poll, found) if found else [],
        body_bytes=found.body_bytes if found else 0,
    )


def _ballots(poll: Poll, found: Rehearsal) -> list[list[str]]:
    """Return a row for each test ballot: its receipt code, and what it says."""
    labels = presenting.labels_of(poll)

    def words(choice: Choice) -> str:
        return ", ".join(labels[code] for code in choice) or _("Blank vote")

    pairs = zip(found.codes, found.choices, strict=True)
    return [[receipt.display(code), words(choice)] for code, choice in pairs]


def _counts(poll: Poll, found: Rehearsal) -> list[list[str]]:
    """Return a row for each option: its count; and the blank votes."""
    labels = presenting.labels_of(poll)
    rows = [[labels[code], number(votes)] for code, votes in found.result.counts.items()]
    return [*rows, [_("Blank votes"), number(found.result.blank)]]


@bp.get("/<code:slug>/open")
@requires(Can.MANAGE_POLLS)
@drafts_only
def open_page(poll: Poll) -> ResponseReturnValue:
    """Show once more what will be fixed for good, and ask."""
    return _open_page(poll, plain(poll))


@bp.post("/<code:slug>/open")
@requires(Can.MANAGE_POLLS)
def open_poll(slug: str) -> ResponseReturnValue:
    """Freeze the draft and sign the first head; refused while a line of the checklist is red."""
    form = VersionedForm()

    def change(poll: Poll) -> None:
        drafting.must_be_draft(poll)
        keys = _keys_here(poll)
        opening.open_poll(poll, keys.fingerprints(), keys.worker, by=current_user, at=clock.now())

    done = _("The poll is fixed for good. Print the protocol of the opening and sign it.")
    return save(slug, form, lambda poll: _open_page(poll, form), change, done=done)


def _keys_here(poll: Poll) -> PollKeys:
    keys = keys_of(poll)
    if keys is None:
        raise RuleViolation(_("The keys of this poll are not on this server."))
    return keys


def _open_page(poll: Poll, form: Form) -> str:
    at = clock.now()
    lines = overview.lines_of(poll, fingerprints_of(poll), at=at) if poll.is_draft else []
    return page(
        "open",
        poll,
        form,
        red=[line for line in lines if line.colour == "waiting"],
        amber=[line for line in lines if line.colour == "in-hand"],
        who=presenting.who_of(poll),
        method=presenting.method_of(poll) if poll.method is not Method.BUDGET or poll.budget else "",
        options=len(poll.options),
        publishes=explaining.publishes(poll),
        opens_now=poll.opens_at is not None and poll.opens_at <= at,
        action=url_for(".open_poll", slug=poll.slug),
    )
