"""The one-page protocols of opening and close, to print and sign."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from cps.core import clock
from cps.core.i18n import dated, number
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.polls import presenting, queries
from cps.polls.key_ring import specification_of
from cps.polls.manage import wording as words
from cps.polls.manage.views.base import bp, home, only_while, page
from cps.polls.models import Poll, PollEvent
from cps.polls.queries.managing import names_of
from cps.polls.rules import SMALL_CELL, PollEventKind
from cps.polls.wording import COUNTED_BY, EVENTS

Facts = list[tuple[str, str]]


@bp.get("/<code:slug>/protocol/<any(opening, closing):which>")
@requires(Can.MANAGE_POLLS)
@only_while(lambda poll: not poll.is_draft)
def protocol(poll: Poll, which: str) -> ResponseReturnValue:
    """Show a protocol once there is something to sign."""
    if which == "closing" and poll.closed_at is None:
        return redirect(home(poll.slug), 303)
    events = queries.events(poll.id)
    people = names_of({event.by_id for event in events if event.by_id is not None})
    facts = _opening(poll, events) if which == "opening" else _closing(poll)
    return page(
        "protocol",
        poll,
        title=_("Protocol of the opening") if which == "opening" else _("Protocol of the close"),
        address=url_for("polls.show", slug=poll.slug, _external=True),
        facts=facts,
        people=_people(events, people, which),
        incidents=_incidents(events) if which == "closing" else None,
        printed=dated(clock.now()),
    )


def _opening(poll: Poll, events: Sequence[PollEvent]) -> Facts:
    heads = queries.heads(poll.id)
    return [
        (_("How people vote"), str(words.METHOD_NAMES[poll.method])),
        (_("Who may vote"), presenting.who_of(poll)),
        (_("Counted by"), str(COUNTED_BY[poll.key])),
        (_("Options"), number(len(poll.options))),
        (_("Fixed on"), dated(_first(events, PollEventKind.OPENED))),
        (_("Opens"), dated(cast("datetime", poll.opens_at))),
        (_("Closes"), dated(specification_of(poll).closes_at)),
        (_("May vote"), _eligible(poll)),
        (_("On the roll at the opening"), number(heads[0].roll_size)),
        (_("Ballots at the opening"), number(heads[0].size)),
        (_("Witnesses"), ", ".join(poll.witnesses) or _("none; the poll says so")),
        (_("SHA-256 of the specification"), poll.spec_sha256),
        (_("Key of the signed heads"), specification_of(poll).keys.heads),
        (_("Root of the first head"), heads[0].root),
    ]


def _closing(poll: Poll) -> Facts:
    heads = queries.heads(poll.id)
    final = heads[-1]
    facts = [
        (_("Opened"), dated(cast("datetime", poll.opens_at))),
        (_("Announced close"), dated(specification_of(poll).closes_at)),
        (_("Close with every extension"), dated(cast("datetime", poll.closes_at))),
        (_("Closed by the server at"), dated(cast("datetime", poll.closed_at))),
        (_("May vote"), _eligible(poll)),
        *_channels(poll),
        (_("Ballots in the ledger"), number(final.size)),
        (_("Waiting for the ledger"), number(final.pending)),
        (_("SHA-256 of the specification"), poll.spec_sha256),
    ]
    root = (
        _("Root of the final head") if final.is_final else _("Root of the newest head, not the final one yet")
    )
    return [*facts, (root, final.root)]


def _channels(poll: Poll) -> Facts:
    """Return the votes by channel; fewer than ten of one are joined with the other."""
    online, paper = queries.balance(poll.id).roll, queries.on_roll(poll.id, on_paper=True)
    together = (_("On the roll"), number(online + paper))
    if paper == 0:
        return [together, (_("Of these on paper"), number(0))]
    if min(online, paper) < SMALL_CELL:
        return [together, (_("By channel"), _("not told apart: fewer than ten by one of them"))]
    return [together, (_("Of these on a screen"), number(online)), (_("Of these on paper"), number(paper))]


def _eligible(poll: Poll) -> str:
    return number(poll.eligible) if poll.eligible is not None else _("nobody knows how many")


def _first(events: Sequence[PollEvent], kind: PollEventKind) -> datetime:
    return next(event.at for event in events if event.kind is kind)


OF_OPENING = frozenset({PollEventKind.OPENED})
OF_CLOSE = frozenset(
    {
        PollEventKind.EXTENDED,
        PollEventKind.RESUMED,
        PollEventKind.CLOSED,
        PollEventKind.PAPER_COUNTED,
        PollEventKind.DRAWN,
        PollEventKind.VOID,
    }
)
TOLD = frozenset(
    {PollEventKind.INCIDENT, PollEventKind.SUSPENDED, PollEventKind.EXTENDED, PollEventKind.VOID}
)


def _people(events: Sequence[PollEvent], people: Mapping[int, str], which: str) -> list[list[str]]:
    """Return who did what, and when."""
    wanted = OF_OPENING if which == "opening" else OF_CLOSE
    return [
        [str(EVENTS[event.kind]), people.get(event.by_id or 0, _("the server")), dated(event.at)]
        for event in events
        if event.kind in wanted
    ]


def _incidents(events: Sequence[PollEvent]) -> list[str]:
    return [f"{dated(event.at)}: {event.text}" for event in events if event.kind in TOLD]
