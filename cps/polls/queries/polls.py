"""Reads of polls themselves and of what is told about them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select

from cps.cases.models import Case
from cps.cases.rules import CaseKind, Outcome, Status
from cps.core.db import db
from cps.core.errors import NotVisible
from cps.core.i18n import gettext as _
from cps.polls.models import (
    PaperCount,
    Poll,
    PollEvent,
    PollExtension,
    PollObjection,
    PollWatch,
    VoterRoll,
)
from cps.polls.rules import ENDED, PollState

_OBJECTIONS = (
    select(Case.kind, Case.reference, Case.title, Case.language, Case.status, Case.outcome)
    .join(PollObjection, PollObjection.case_id == Case.id)
    .where(PollObjection.poll_id == bindparam("poll"))
    .order_by(Case.id)
)


def find_poll(slug: str) -> Poll | None:
    """Return the poll; None when there is none."""
    return db.session.scalars(select(Poll).where(Poll.slug == slug)).one_or_none()


def get_poll(slug: str) -> Poll:
    """Return the poll; raises NotVisible when there is none."""
    poll = find_poll(slug)
    if poll is None:
        raise NotVisible(_("There is no poll at this address."))
    return poll


def lock_poll(slug: str) -> Poll:
    """Return the poll, loaded anew and locked for the running write transaction; raises NotVisible."""
    poll = db.session.scalars(
        select(Poll)
        .where(Poll.slug == slug)
        .with_for_update(of=Poll, key_share=True)  # votes refer to the row and must not wait for it
        .execution_options(populate_existing=True)
    ).one_or_none()
    if poll is None:
        raise NotVisible(_("There is no poll at this address."))
    return poll


def slug_is_taken(slug: str) -> bool:
    """Return whether a poll has this address."""
    return db.session.scalar(select(Poll.id).where(Poll.slug == slug)) is not None


def listed(*, with_drafts: bool = False) -> Sequence[Poll]:
    """Return every poll that people may see, the one that closes last first."""
    wanted = select(Poll).order_by(Poll.closes_at.desc(), Poll.id.desc())
    return db.session.scalars(wanted if with_drafts else wanted.where(Poll.state != PollState.DRAFT)).all()


def at_work() -> Sequence[Poll]:
    """Return the polls that the worker may have something to do for."""
    busy = (PollState.OPEN, PollState.CLOSED, PollState.TALLIED, *ENDED)
    undestroyed = or_(Poll.state.not_in(ENDED), Poll.keys_destroyed_at.is_(None))
    return db.session.scalars(select(Poll).where(Poll.state.in_(busy), undestroyed).order_by(Poll.id)).all()


def in_state(state: PollState) -> Sequence[Poll]:
    """Return the polls in a state."""
    return db.session.scalars(select(Poll).where(Poll.state == state).order_by(Poll.id)).all()


def events(poll_id: int) -> Sequence[PollEvent]:
    """Return what happened to a poll, oldest first."""
    return db.session.scalars(
        select(PollEvent).where(PollEvent.poll_id == poll_id).order_by(PollEvent.at, PollEvent.id)
    ).all()


def extensions(poll_id: int) -> Sequence[PollExtension]:
    """Return the extensions of a poll, oldest first."""
    return db.session.scalars(
        select(PollExtension).where(PollExtension.poll_id == poll_id).order_by(PollExtension.id)
    ).all()


def has_paper_roll(poll_id: int) -> bool:
    """Return whether anybody voted on paper."""
    on_paper = select(VoterRoll.tag).where(VoterRoll.poll_id == poll_id, VoterRoll.on_paper.is_(True))
    return db.session.scalar(on_paper.limit(1)) is not None


def latest_paper_counts(poll_id: int) -> Sequence[PaperCount]:
    """Return what each officer counted of the paper ballots, the newest first."""
    return db.session.scalars(
        select(PaperCount).where(PaperCount.poll_id == poll_id).order_by(PaperCount.at.desc())
    ).all()


def objection_cases(poll_id: int) -> Sequence[Case]:
    """Return the objections to a poll, oldest first."""
    return db.session.scalars(
        select(Case)
        .join(PollObjection, PollObjection.case_id == Case.id)
        .where(PollObjection.poll_id == poll_id)
        .order_by(Case.id)
    ).all()


@dataclass(frozen=True, slots=True)
class Objection:
    """A line about an objection, as the page of a result has it."""

    kind: CaseKind
    reference: str
    title: str
    language: str
    status: Status
    outcome: Outcome | None


def objections(poll_id: int) -> tuple[Objection, ...]:
    """Return what the public reads of the objections to a poll, oldest first."""
    rows = db.session.execute(_OBJECTIONS, {"poll": poll_id})
    return tuple(Objection(*row) for row in rows)


def is_watched(poll_id: int) -> bool:
    """Return whether anybody gets the heads of a poll by mail."""
    return db.session.scalar(select(PollWatch.at).where(PollWatch.poll_id == poll_id).limit(1)) is not None


def is_watched_by(poll_id: int, account_id: int) -> bool:
    """Return whether an account gets every head of a poll by mail."""
    return db.session.get(PollWatch, (poll_id, account_id)) is not None
