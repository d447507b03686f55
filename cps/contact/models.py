"""Callers and their contacts, call backs, what follows from abuse, what was read out."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from cps.cases.rules import Channel
from cps.contact.rules import CallBackState, CallBackTurn, Ending, WarningStep
from cps.core.db import Id, Model, Texts

TERM = String(160).with_variant(String(160, collation="C"), "postgresql")
"""Compared by its code points on both databases, so that the beginning of a name is a range."""

HAS_PHONE = text("phone <> ''")
HAS_CALL = text("call_ref <> ''")
IS_WAITING = text("state = 'waiting'")
IS_ENDED = text("ended_at IS NOT NULL")
IS_KNOWN = text("caller_id IS NOT NULL OR note <> ''")


class Caller(Model):
    """Somebody who called or came, known by their number or, without one, by their name.

    `phone` is in E.164. A row goes with the last thing that names it; see `cps.contact.retention`.
    """

    __tablename__ = "caller"
    __table_args__ = (
        CheckConstraint("phone <> '' OR name <> ''", name="known_by_something"),
        Index("uq_caller_phone", "phone", unique=True, sqlite_where=HAS_PHONE, postgresql_where=HAS_PHONE),
        Index("ix_caller_last", "last_at", "id"),
    )

    id: Mapped[Id]
    phone: Mapped[str] = mapped_column(String(20), default="")
    name: Mapped[str] = mapped_column(String(120), default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class CallerName(Model):
    """The name of a caller as it is searched: once from each of its words on."""

    __tablename__ = "caller_name"

    term: Mapped[str] = mapped_column(TERM, primary_key=True)
    caller_id: Mapped[int] = mapped_column(
        ForeignKey("caller.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class WrapUpCode(Model):
    """What a contact was about, in the city's own words; chosen when it ends."""

    __tablename__ = "wrap_up_code"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[Texts]
    ord: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Contact(Model):
    """One matter of one call or visit, whatever came of it.

    `received_at` is when the caller was heard, `entered_at` when it was written down. `call_ref` is how the
    telephone system calls the call; its matters are numbered from 1, so that two agents never record the
    same one. `waited_seconds` is how long the caller had waited, where that is known. `department_id` is
    where the caller was put through to.
    """

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint("received_at <= entered_at", name="received_before_entered"),
        CheckConstraint("received_at = entered_at OR late_reason <> ''", name="late_has_reason"),
        CheckConstraint("waited_seconds >= 0", name="waited_not_negative"),
        CheckConstraint("matter >= 1", name="matters_from_one"),
        CheckConstraint("ending NOT IN ('filed', 'added') OR case_id IS NOT NULL", name="case_is_named"),
        CheckConstraint("ending <> 'handed-over' OR department_id IS NOT NULL", name="handed_to_somebody"),
        Index("uq_contact_call", "call_ref", "matter", unique=True,
              sqlite_where=HAS_CALL, postgresql_where=HAS_CALL),
        Index("ix_contact_caller", "caller_id", "received_at", "id"),
        Index("ix_contact_agent", "agent_id", "received_at", "id"),
        Index("ix_contact_known", "received_at", "id", sqlite_where=IS_KNOWN, postgresql_where=IS_KNOWN),
        # Everything that is counted: figures never read a row of the table
        Index("ix_contact_figures", "received_at", "channel", "language", "ending", "waited_seconds",
              "code_id", "id"),
    )  # fmt: skip

    id: Mapped[Id]
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("caller.id", ondelete="SET NULL"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    channel: Mapped[Channel]
    language: Mapped[str] = mapped_column(String(12))
    call_ref: Mapped[str] = mapped_column(String(80), default="")
    matter: Mapped[int] = mapped_column(default=1)
    received_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    late_reason: Mapped[str] = mapped_column(String(300), default="")
    waited_seconds: Mapped[int | None]
    ending: Mapped[Ending]
    code_id: Mapped[int | None] = mapped_column(ForeignKey("wrap_up_code.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="SET NULL"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    note: Mapped[str] = mapped_column(default="")


class CallerFollow(Model):
    """A caller hears of a case that others had reported; one row per case and caller."""

    __tablename__ = "caller_follow"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    caller_id: Mapped[int] = mapped_column(
        ForeignKey("caller.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]


class CallBack(Model):
    """A promise to call somebody back by `due_at`.

    While `waits_for_answer` the call is made when the city has answered the case, at `due_at` at the latest.
    It is an agent's, a department's, or everybody's who is free.
    """

    __tablename__ = "call_back"
    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended_has_time"),
        CheckConstraint("state <> 'waiting' OR phone <> ''", name="waiting_has_number"),
        CheckConstraint("NOT waits_for_answer OR case_id IS NOT NULL", name="answer_of_a_case"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        Index("ix_call_back_waiting", "due_at", "id", "department_id", "agent_id", "waits_for_answer",
              "state", sqlite_where=IS_WAITING, postgresql_where=IS_WAITING),
        Index("ix_call_back_ended", "ended_at", "id", sqlite_where=IS_ENDED, postgresql_where=IS_ENDED),
    )  # fmt: skip

    id: Mapped[Id]
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("caller.id", ondelete="CASCADE"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    phone: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120), default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    about: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime]
    waits_for_answer: Mapped[bool] = mapped_column(default=False)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    state: Mapped[CallBackState] = mapped_column(default=CallBackState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class CallBackStep(Model):
    """One thing that happened to a call back; appended, never edited."""

    __tablename__ = "call_back_step"

    id: Mapped[Id]
    call_back_id: Mapped[int] = mapped_column(ForeignKey("call_back.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    turn: Mapped[CallBackTurn]
    note: Mapped[str] = mapped_column(default="")


class CallerWarning(Model):
    """A step of the procedure for abusive calls, with its reason and its end; somebody else looks at it."""

    __tablename__ = "caller_warning"
    __table_args__ = (
        CheckConstraint("until > at", name="ends_after_beginning"),
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("reviewed_by_id <> by_id", name="reviewed_by_another"),
        CheckConstraint("lifted_at IS NULL OR reviewed_at IS NOT NULL", name="lifted_by_review"),
        Index("ix_caller_warning_caller", "caller_id", "until", "id"),
    )

    id: Mapped[Id]
    caller_id: Mapped[int] = mapped_column(ForeignKey("caller.id", ondelete="CASCADE"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    step: Mapped[WarningStep]
    reason: Mapped[str]
    at: Mapped[datetime]
    until: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    review: Mapped[str] = mapped_column(default="")
    lifted_at: Mapped[datetime | None]


class ReadOut(Model):
    """A private case was read out to somebody who showed by `proofs` that it is theirs.

    It opens the case to this agent for this caller for a short time; see `cps.contact.rules.proofs`.
    """

    __tablename__ = "read_out"
    __table_args__ = (Index("ix_read_out_agent", "agent_id", "case_id", "at"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("caller.id", ondelete="SET NULL"), index=True)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    proofs: Mapped[list[str]]
    at: Mapped[datetime]
