"""Other systems that departments are connected to, and the cases that were sent there."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cps.core.db import Id, Model
from cps.core.models import Leased
from cps.departments.models import Department
from cps.open311.outgoing.rules import Ending, Stage

IS_WAITING = text("done_at IS NULL AND failed_at IS NULL")


class OtherSystem(Leased, Model):
    """The system in which a department keeps its work, as an administrator connected it.

    `sealed_key` is the key that it gave us, sealed with one that is not in the database. `routes` leads from
    codes of our categories to codes of its services, `services` is what it said there is, and `form` the form
    it speaks. As work, the row is due when its services are looked at next; `looked_trouble` is why that
    failed, one of `Trouble`. After `failures` in a row it is left alone until `rest_until`.
    """

    __tablename__ = "open311_system"

    id: Mapped[Id]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), unique=True)
    base_url: Mapped[str] = mapped_column(String(400))
    sealed_key: Mapped[str] = mapped_column(default="")
    jurisdiction: Mapped[str] = mapped_column(String(120), default="")
    is_on: Mapped[bool] = mapped_column(default=False)
    routes: Mapped[dict[str, str]] = mapped_column(default=dict)
    services: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    form: Mapped[str] = mapped_column(String(4), default="json")
    looked_at: Mapped[datetime | None]
    looked_trouble: Mapped[str] = mapped_column(String(240), default="")
    heard_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(String(240), default="")
    trouble_since: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    rest_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    department: Mapped[Department] = relationship()

    __mapper_args__ = {"version_id_col": version}


class SentCase(Leased, Model):
    """A case that goes to another system: once, however often it comes to the department.

    `number` is what it is called there, `token` what it is asked by until it has one. As work, the row is due
    when it is sent or asked about next; it is done when it is followed no more, which has an `ending`.
    `notes` is what the system said last, `told` how often that was told.
    """

    __tablename__ = "open311_sent"
    __table_args__ = (
        UniqueConstraint("case_id", "system_id"),
        CheckConstraint("(done_at IS NULL) = (ending IS NULL)", name="ended_whole"),
        CheckConstraint("stage NOT IN ('open', 'closed') OR number <> ''", name="known_by_number"),
        Index("ix_open311_sent_waiting", "system_id", "stage", "run_at",
              sqlite_where=IS_WAITING, postgresql_where=IS_WAITING),
    )  # fmt: skip

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    system_id: Mapped[int] = mapped_column(ForeignKey("open311_system.id"))
    stage: Mapped[Stage] = mapped_column(default=Stage.WAITING)
    number: Mapped[str] = mapped_column(String(120), default="")
    token: Mapped[str] = mapped_column(String(120), default="")
    notes: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    told: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None]
    ending: Mapped[Ending | None]

    system: Mapped[OtherSystem] = relationship()
