"""What stands between features that know nothing of each other, and how people arrange their desk."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from cps.core.db import Id, Model
from cps.triage.work.models import CasePresence, ClosedCheck, DeskAct, DeskActCase, PhotoDoubt

__all__ = [
    "CasePresence",
    "ClosedCheck",
    "DeskAct",
    "DeskActCase",
    "DeskStart",
    "PhotoDoubt",
    "ProposalPoll",
    "SavedView",
]

IS_OWN = text("account_id IS NOT NULL")
IS_SHARED = text("department_id IS NOT NULL")


class ProposalPoll(Model):
    """A poll that was made of an accepted proposal; each proposal becomes one poll at most."""

    __tablename__ = "proposal_poll"

    case_id: Mapped[int] = mapped_column(ForeignKey("proposal.case_id", ondelete="CASCADE"), primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"), unique=True)
    at: Mapped[datetime]


class SavedView(Model):
    """What a list of the desk was asked for, under a name: one person's, or a department's.

    `asked` holds names and values as they stand in addresses; what has gone since is left out where the view
    is opened. A name stands once for each owner. Views are listed by `ord`, then in the order of making.
    """

    __tablename__ = "saved_view"
    __table_args__ = (
        CheckConstraint("(account_id IS NULL) <> (department_id IS NULL)", name="one_owner"),
        Index("uq_saved_view_own", "account_id", "name", unique=True,
              sqlite_where=IS_OWN, postgresql_where=IS_OWN),
        Index("uq_saved_view_shared", "department_id", "name", unique=True,
              sqlite_where=IS_SHARED, postgresql_where=IS_SHARED),
    )  # fmt: skip

    id: Mapped[Id]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    asked: Mapped[dict[str, str]]
    ord: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class DeskStart(Model):
    """With what somebody's desk opens: a box or a view. Without a row their role says it."""

    __tablename__ = "desk_start"
    __table_args__ = (CheckConstraint("(box IS NULL) <> (view_id IS NULL)", name="one_start"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    box: Mapped[str | None] = mapped_column(String(20))
    view_id: Mapped[int | None] = mapped_column(ForeignKey("saved_view.id", ondelete="CASCADE"), index=True)
