"""A poll while it is a draft: everything can be changed, nothing is public."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from cps.accounts.models import Account
from cps.core import audit, changes
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.polls.models import Poll, PollListed, PollOption
from cps.polls.rules import MOST_OPTIONS, Method

COPIED = (
    "question", "explanation", "picture", "picture_sha256", "method", "most", "budget", "option_order", "key",
    "ward_codes", "age_from", "age_to", "is_declared", "age_bands", "results", "lines",
    "is_sensitive", "tie", "draw_text", "objection_days", "decision_days", "objection_category_id",
)  # fmt: skip
"""What a clone takes over; not the times, the keys, the witnesses and what happened."""


@dataclass(frozen=True, slots=True)
class OptionDraft:
    """One option as an administrator wrote it."""

    code: str
    labels: dict[str, str]
    texts: dict[str, str] = field(default_factory=dict)
    cost: int | None = None
    picture: str = ""
    picture_sha256: str = ""


def drafts_of(poll: Poll) -> list[OptionDraft]:
    """Return the options of a poll as they are set anew when one of them changes."""
    return [
        OptionDraft(o.code, dict(o.labels), dict(o.texts), o.cost, o.picture, o.picture_sha256)
        for o in poll.options
    ]


def create(slug: str, question: dict[str, str], *, by: Account, at: datetime) -> Poll:
    """Begin a draft."""
    poll = Poll(slug=slug, question=question, age_bands=[16, 30, 45, 60, 75], created_at=at, updated_at=at)
    db.session.add(poll)
    db.session.flush()
    _audit(poll, "create-poll", by, at)
    return poll


def change(poll: Poll, values: dict[str, Any], *, by: Account, at: datetime) -> None:
    """Change fields of a draft; what was rehearsed before counts no more. Raises RuleViolation once open."""
    must_be_draft(poll)
    if poll.method is not values.get("method", poll.method) or poll.most != values.get("most", poll.most):
        values = {**values, "rehearsed_at": None}
    changed = changes.apply(poll, values)
    if changed:
        poll.updated_at = at
        _audit(poll, "change-poll", by, at, changed)


def set_options(poll: Poll, options: Sequence[OptionDraft], *, by: Account, at: datetime) -> None:
    """Replace the options of a draft by these, in their order."""
    must_be_draft(poll)
    if len(options) > MOST_OPTIONS:
        raise RuleViolation(_("A poll has at most %(number)s options.", number=MOST_OPTIONS))
    poll.options.clear()
    db.session.flush()
    for ord_, option in enumerate(options, 1):
        poll.options.append(
            PollOption(
                code=option.code,
                ord=ord_,
                labels=option.labels,
                texts=option.texts,
                cost=option.cost if poll.method is Method.BUDGET else None,
                picture=option.picture,
                picture_sha256=option.picture_sha256,
            )
        )
    poll.rehearsed_at = None
    poll.updated_at = at
    db.session.flush()
    _audit(poll, "change-poll-options", by, at, {"options": [None, [option.code for option in options]]})


def set_list(poll: Poll, tags: Sequence[str], *, left_out: int = 0, by: Account, at: datetime) -> int:
    """Replace the list of those who may vote by these tags; returns how many different ones there are.

    `left_out` is how many lines of its file could not be used.
    """
    must_be_draft(poll)
    db.session.execute(delete(PollListed).where(PollListed.poll_id == poll.id))
    distinct = sorted(set(tags))
    db.session.add_all(PollListed(poll_id=poll.id, tag=tag) for tag in distinct)
    poll.is_listed = bool(distinct)
    poll.updated_at = at
    changed = {"listed": [None, len(distinct)], **({"left_out": [None, left_out]} if left_out else {})}
    _audit(poll, "list-voters", by, at, changed)
    return len(distinct)


def clone(poll: Poll, slug: str, *, by: Account, at: datetime) -> Poll:
    """Begin a draft with the texts, options and rules of another poll."""
    copy = create(slug, dict(poll.question), by=by, at=at)
    for name in COPIED:
        setattr(copy, name, getattr(poll, name))
    copy.cloned_from_id = poll.id
    set_options(copy, drafts_of(poll), by=by, at=at)
    return copy


def discard(poll: Poll, *, by: Account, at: datetime) -> None:
    """Delete a draft with all that hangs on it; what was cloned from it stays."""
    must_be_draft(poll)
    _audit(poll, "discard-poll", by, at)
    db.session.execute(update(Poll).where(Poll.cloned_from_id == poll.id).values(cloned_from_id=None))
    db.session.delete(poll)


def copy_was_read(poll: Poll, *, by: Account, at: datetime) -> None:
    """Note that a second copy of the poll's keys was read back and is the same."""
    must_be_draft(poll)
    poll.copy_read_at = at
    _audit(poll, "read-copy-of-keys", by, at)


def was_rehearsed(poll: Poll, *, by: Account, at: datetime) -> None:
    """Note that test ballots were cast, counted and forgotten."""
    must_be_draft(poll)
    poll.rehearsed_at = at
    _audit(poll, "rehearse-poll", by, at)


def must_be_draft(poll: Poll) -> None:
    """Raise RuleViolation once a poll is open: the database refuses it as well."""
    if not poll.is_draft:
        raise RuleViolation(_("This poll is open and can no longer be changed. Clone it to ask again."))


def _audit(poll: Poll, action: str, by: Account, at: datetime, changed: dict[str, Any] | None = None) -> None:
    audit.record(action, about=("poll", poll.slug), by=by.id, at=at, changes=changed)
