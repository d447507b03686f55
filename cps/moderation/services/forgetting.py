"""What becomes of objections and of kept originals when people are forgotten, joined, or time has passed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, update
from sqlalchemy.orm import aliased

from cps.accounts.partings import Parting
from cps.cases.services.photos import SIZES, storage_key
from cps.core.many import change_rows
from cps.core.stale_files import delete_once_committed
from cps.moderation import queries
from cps.moderation.models import Act, Flag, ModerationOriginal
from cps.moderation.rules import KEPT_SETTLED

FORGOTTEN = "-"
"""In place of the words of an appeal whose author is forgotten."""


def forget_person(parting: Parting) -> None:
    """Forget the objections of an account that is being deleted."""
    change_rows(delete(Flag).where(Flag.account_id == parting.account_id))


def forget_of_cases(case_ids: Sequence[int]) -> None:
    """Forget, with the reporters of these cases, what was blacked out in them and the words of appeals."""
    photos = queries.kept_photos(case_ids)
    delete_once_committed(storage_key(name, size) for name in photos for size in SIZES)
    about = queries.acts_about(case_ids)
    change_rows(delete(ModerationOriginal).where(ModerationOriginal.act_id.in_(about)))
    appealed = update(Act).where(Act.case_id.in_(case_ids), Act.appealed_at.is_not(None))
    change_rows(appealed.values(appeal=FORGOTTEN))


def forget_settled(at: datetime) -> None:
    """Forget objections a year after they were settled."""
    change_rows(delete(Flag).where(Flag.settled_at < at - KEPT_SETTLED))


def join_flags(old: int, new: int, at: datetime) -> None:  # noqa: ARG001
    """Let one person who had two accounts object once to each thing."""
    other = aliased(Flag)
    same = (other.account_id == new, other.thing == Flag.thing, other.thing_id == Flag.thing_id)
    change_rows(delete(Flag).where(Flag.account_id == old, exists().where(*same)))
