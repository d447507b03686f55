"""What a restored copy makes of open polls: suspended, and publicly so."""

from datetime import datetime

from cps.core.i18n import gettext as _
from cps.core.i18n import ngettext
from cps.core.keys import app_keys_dir
from cps.polls import key_files, queries
from cps.polls.rules import PollState
from cps.polls.services import course, live


def suspend_open_polls(at: datetime) -> str:
    """Suspend every open poll in the running transaction; returns what the command prints.

    Votes cast after the copy are not in it. Heads published since then are kept outside by witnesses: the
    public event names batch and size of the newest head in the copy, to be compared with theirs.

    Live counts end: batches taken anew could differ by one vote from those whose counts were seen already.
    """
    polls = queries.in_state(PollState.OPEN)
    for poll in polls:
        head = queries.last_head(poll.id)
        counted = queries.balance(poll.id)
        course.suspend(
            poll,
            at=at,
            text="",
            batch=head.batch_no if head else 0,
            size=head.size if head else 0,
            roll=counted.roll,
        )
        live.end(poll.id)
    return ngettext(
        "%(num)s open poll is suspended until an administrator resumes or voids it",
        "%(num)s open polls are suspended until an administrator resumes or voids them",
        len(polls),
    )


def name_opened_drafts() -> str | None:
    """Return a line with the drafts that were opened after the copy was made, as the keys here tell."""
    directory = app_keys_dir()
    slugs = [
        poll.slug for poll in queries.in_state(PollState.DRAFT) if key_files.was_used(directory, poll.slug)
    ]
    if not slugs:
        return None
    return _(
        "opened after the copy was made, so they can only be cloned, not opened again: %(polls)s",
        polls=", ".join(slugs),
    )
