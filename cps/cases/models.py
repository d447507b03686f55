"""Cases and everything that hangs on them."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cps.accounts.models import Account
from cps.cases.rules import (
    DECIDED,
    OPEN,
    Audience,
    CaseKind,
    Channel,
    Colour,
    EventKind,
    Outcome,
    PhotoStage,
    Priority,
    Status,
    colour,
)
from cps.core.db import Id, Model
from cps.departments.models import Category, Department
from cps.wards.models import Ward

OWN_SOURCE = "cps"
PROMISED_THERE = "promised_there"
"""In the data of a first event: the date of an earlier system that had passed when the case came here."""
WORDS_HIDDEN = "hidden"
"""In the data of an event: why a moderator hid its words."""
IS_OPEN = text("closed_at IS NULL")
IS_CLOSED = text("closed_at IS NOT NULL")
IS_ANSWERED = text("answered_at IS NOT NULL")
IS_UNSEEN = text("acknowledged_at IS NULL AND closed_at IS NULL")
IS_PAUSED = text("pause_ends_at IS NOT NULL")
IS_RUNNING = text("closed_at IS NULL AND clock_started_at IS NOT NULL")
IS_ALARMED = text("closed_at IS NULL AND alarm_at IS NOT NULL")
IS_PROPOSAL = text("kind = 'proposal'")
HAS_PHONE = text("phone <> ''")


def _values(statuses: frozenset[Status]) -> str:
    return ", ".join(f"'{status.value}'" for status in sorted(statuses))


class Case(Model):
    """One complaint or proposal, in the resident's own words.

    `received_at` is when the city got it, `entered_at` when it was typed in. `due_at` is never null: it is
    the key by which queues are read. `is_listed` is computed by the database: neither private nor hidden.

    The answer clock (docs/clock.md) runs from `clock_started_at`, which a proposal has from its threshold on;
    `runs_all_hours` says that the promise counts plain hours, day and night. `promised_at` is the first due
    date and never changes; each move of `due_at` has its row in `DueChange`. `acknowledge_by` is when the
    city should have seen it, `answered_at` its first answer, `closed_at` the one that stands. While
    `paused_at` is set the clock waits for the resident, until `pause_ends_at` at most. `suspensions_seen` is
    the newest suspension of work that the due date knows, `alarm_at` when the worker looks at the case next.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("lat BETWEEN -90 AND 90", name="lat_in_range"),
        CheckConstraint("lon BETWEEN -180 AND 180", name="lon_in_range"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="place_whole"),
        CheckConstraint(f"(closed_at IS NULL) = (status IN ({_values(OPEN)}))", name="closed_has_time"),
        CheckConstraint(
            f"(status IN ({_values(DECIDED)})) = (outcome IS NOT NULL)", name="decided_has_outcome"
        ),
        CheckConstraint("outcome <> 'joined' OR joined_to_id IS NOT NULL", name="joined_to_something"),
        CheckConstraint("joined_to_id <> id", name="not_joined_to_itself"),
        CheckConstraint("support_count >= 0", name="supports_not_negative"),
        CheckConstraint("received_at <= entered_at", name="received_before_entered"),
        CheckConstraint("NOT is_integrity OR is_private", name="integrity_is_private"),
        CheckConstraint("extensions BETWEEN 0 AND 2", name="extended_twice_at_most"),
        CheckConstraint("due_at >= promised_at", name="due_from_promise_on"),
        CheckConstraint("(paused_at IS NULL) = (pause_ends_at IS NULL)", name="pause_has_end"),
        CheckConstraint("paused_at IS NULL OR pause_used", name="paused_once"),
        CheckConstraint("reopened >= 0", name="reopened_not_negative"),
        UniqueConstraint("source", "external_id"),
        # Everything by which the desk counts and chooses: neither reads a row of the table. `closed_at` is in
        # it because SQLite asks for the column of its own condition.
        Index("ix_cases_open", "department_id", "is_integrity", "status", "assignee_id", "priority", "due_at",
              "has_unread_reply", "category_id", "ward_id", "closed_at", "acknowledge_by", "acknowledged_at",
              "paused_at", "kind", "channel", "language", "photo_count", "support_count", "received_at",
              "clock_started_at", "promised_at", "id",
              sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
        # The same for closed ones, in the order in which they were closed
        Index("ix_cases_closed", "closed_at", "id", "department_id", "is_integrity", "status", "outcome",
              "category_id", "ward_id", "assignee_id", "priority", "kind", "channel", "language",
              "photo_count", "support_count", "has_unread_reply", "received_at",
              sqlite_where=IS_CLOSED, postgresql_where=IS_CLOSED),
        Index("ix_cases_closed_department", "department_id", "closed_at", "id", "is_integrity", "status",
              "outcome", "category_id", "ward_id", "assignee_id", "priority", "kind", "channel", "language",
              "photo_count", "support_count", "has_unread_reply", "received_at",
              sqlite_where=IS_CLOSED, postgresql_where=IS_CLOSED),
        Index("ix_cases_closed_category", "category_id", "closed_at", "id", "department_id", "is_integrity",
              "ward_id", "status", "outcome", sqlite_where=IS_CLOSED, postgresql_where=IS_CLOSED),
        # What is open and late by department and kind. SQLite reads no computed column from an index.
        Index("ix_cases_owed", "department_id", "is_integrity", "kind", "is_private", "is_hidden", "status",
              "paused_at", "due_at", "closed_at", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
        Index("ix_cases_due", "due_at", "id", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
        Index("ix_cases_unseen", "acknowledge_by", "id", sqlite_where=IS_UNSEEN, postgresql_where=IS_UNSEEN),
        Index("ix_cases_paused", "pause_ends_at", sqlite_where=IS_PAUSED, postgresql_where=IS_PAUSED),
        Index("ix_cases_suspensions_seen", "suspensions_seen", "id",
              sqlite_where=IS_RUNNING, postgresql_where=IS_RUNNING),
        Index("ix_cases_alarm", "alarm_at", "id", sqlite_where=IS_ALARMED, postgresql_where=IS_ALARMED),
        Index("ix_cases_listed", "is_listed", "received_at", "id"),
        Index("ix_cases_listed_category", "is_listed", "category_id", "received_at", "id"),
        Index("ix_cases_listed_ward", "is_listed", "ward_id", "received_at", "id"),
        # The department first, or SQLite would use it for lists of all departments until it is analysed
        Index("ix_cases_department_listed", "department_id", "is_listed", "received_at", "id"),
        Index("ix_cases_listed_status", "is_listed", "status", "received_at", "id"),
        # Only of closed cases: SQLite would use it for the open ones too, as if hardly two had the same time
        Index("ix_cases_answered", "is_listed", "closed_at", "id", sqlite_where=IS_CLOSED,
              postgresql_where=IS_CLOSED),
        Index("ix_cases_first_answer", "is_listed", "answered_at", "department_id", "id",
              sqlite_where=IS_ANSWERED, postgresql_where=IS_ANSWERED),
        Index("ix_cases_proposals_closed", "is_listed", "status", "closed_at", "id",
              sqlite_where=IS_PROPOSAL, postgresql_where=IS_PROPOSAL),
        Index("ix_cases_reporter", "reporter_id", "id"),
        Index("ix_cases_updated", "updated_at"),
        # Behind the cell all that chooses cases that may be the same as one, and those of a box of the map
        Index("ix_cases_near", "cell_x", "cell_y", "closed_at", "id", "kind", "is_listed", "is_integrity",
              "department_id", "joined_to_id", "is_private", "is_hidden", "status", "category_id", "ward_id",
              "received_at", "lat", "lon"),
    )  # fmt: skip

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    kind: Mapped[CaseKind]
    status: Mapped[Status] = mapped_column(default=Status.RECEIVED)
    outcome: Mapped[Outcome | None]
    priority: Mapped[Priority] = mapped_column(default=Priority.NORMAL)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str]
    language: Mapped[str] = mapped_column(String(12))
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)

    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    joined_to_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)

    lat: Mapped[float | None]
    lon: Mapped[float | None]
    cell_x: Mapped[int | None]
    cell_y: Mapped[int | None]
    ward_id: Mapped[int | None] = mapped_column(ForeignKey("ward.id"))
    address: Mapped[str] = mapped_column(String(300), default="")

    source: Mapped[str] = mapped_column(String(40), default=OWN_SOURCE)
    external_id: Mapped[str] = mapped_column(String(120))
    channel: Mapped[Channel]
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))

    received_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    clock_started_at: Mapped[datetime | None]
    runs_all_hours: Mapped[bool] = mapped_column(default=False, server_default=false())
    acknowledge_by: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    promised_at: Mapped[datetime]
    due_at: Mapped[datetime]
    extensions: Mapped[int] = mapped_column(default=0)
    paused_at: Mapped[datetime | None]
    pause_ends_at: Mapped[datetime | None]
    pause_used: Mapped[bool] = mapped_column(default=False)
    suspensions_seen: Mapped[int] = mapped_column(default=0, server_default="0")
    alarm_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reopened: Mapped[int] = mapped_column(default=0, server_default="0")
    updated_at: Mapped[datetime]

    is_private: Mapped[bool] = mapped_column(default=False)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    is_integrity: Mapped[bool] = mapped_column(default=False)
    is_listed: Mapped[bool] = mapped_column(Computed("NOT is_private AND NOT is_hidden", persisted=True))
    has_unread_reply: Mapped[bool] = mapped_column(default=False)
    support_count: Mapped[int] = mapped_column(default=0)
    photo_count: Mapped[int] = mapped_column(default=0)
    search_text: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column()

    category: Mapped[Category] = relationship()
    department: Mapped[Department] = relationship()
    ward: Mapped[Ward | None] = relationship()
    assignee: Mapped[Account | None] = relationship(foreign_keys=[assignee_id])
    joined_to: Mapped["Case | None"] = relationship(remote_side="Case.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_open(self) -> bool:
        """Whether the city still owes something."""
        return self.status in OPEN

    @property
    def is_imported(self) -> bool:
        """Whether it came from an earlier system: nobody was given its link or its PIN."""
        return self.source != OWN_SOURCE

    def is_late_at(self, now: datetime) -> bool:
        """Whether the city is late with it: past its date, or not seen in time; not while it is paused."""
        unseen = (
            self.acknowledged_at is None and self.acknowledge_by is not None and self.acknowledge_by < now
        )
        return self.is_open and self.paused_at is None and (self.due_at < now or unseen)

    @property
    def colour(self) -> Colour:
        """The public signal."""
        return colour(self.status)


class CaseContact(Model):
    """How to reach the reporter of one case, and what opens it to them; apart from the case.

    `secret_hash` is of the secret link, `pin_hash` of the four-digit PIN of the last page. Since
    `sms_stopped_at` no text messages are wanted, though the city may call.
    """

    __tablename__ = "case_contact"
    __table_args__ = (
        Index(
            "ix_case_contact_phone", "phone", "case_id", sqlite_where=HAS_PHONE, postgresql_where=HAS_PHONE
        ),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    pin_hash: Mapped[str] = mapped_column(String(200))
    sms_stopped_at: Mapped[datetime | None]
    anonymised_at: Mapped[datetime | None]


class CaseEvent(Model):
    """One thing that happened to a case; appended, never edited.

    `public_from` is the moment from which others than staff may read it and messages may leave.
    """

    __tablename__ = "case_event"
    __table_args__ = (
        Index("ix_case_event_story", "case_id", "at", "id"),
        Index("ix_case_event_actor_id", "actor_id", "id"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    kind: Mapped[EventKind]
    audience: Mapped[Audience] = mapped_column(default=Audience.PUBLIC)
    at: Mapped[datetime]
    public_from: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    message: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    status: Mapped[Status | None]
    outcome: Mapped[Outcome | None]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)

    case: Mapped[Case] = relationship()

    @property
    def hidden_because(self) -> str:
        """Why its words were hidden, one of `HidingReason`; empty where they are not."""
        return str((self.data or {}).get(WORDS_HIDDEN, ""))


class Draft(Model):
    """A complaint or proposal that is being written, kept here so that nothing typed or uploaded is lost.

    `content` holds what was typed, field by field, as typed.
    """

    __tablename__ = "draft"

    id: Mapped[Id]
    kind: Mapped[CaseKind] = mapped_column(default=CaseKind.COMPLAINT, server_default="complaint")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Attachment(Model):
    """A photo of a case or of a draft.

    The original is not kept; its SHA-256, a perceptual hash and the time it was taken are, privately. `name`
    is the random name under which the made sizes are stored and served.
    """

    __tablename__ = "attachment"
    __table_args__ = (CheckConstraint("case_id IS NOT NULL OR draft_id IS NOT NULL", name="belongs"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(40), unique=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("draft.id", ondelete="SET NULL"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("case_event.id"))
    stage: Mapped[PhotoStage] = mapped_column(default=PhotoStage.BEFORE)
    original_sha256: Mapped[str] = mapped_column(String(64), index=True)
    perceptual_hash: Mapped[str] = mapped_column(String(16), index=True)
    taken_at: Mapped[datetime | None]
    width: Mapped[int]
    height: Mapped[int]
    is_hidden: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]


class Support(Model):
    """A resident backs a case; one row per account and case."""

    __tablename__ = "support"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]


class Follow(Model):
    """A resident hears of a case's progress; one row per account and case."""

    __tablename__ = "follow"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]


class CaseNotice(Model):
    """A case hangs under a notice, whose updates answer it; a case has at most one."""

    __tablename__ = "case_notice"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    at: Mapped[datetime]


class CaseNoticeUpdate(Model):
    """An update of a notice stands in the story of a case; one row each, so that none is told twice.

    `refusal` is why the case was not closed with it, where it should have been; else empty.
    """

    __tablename__ = "case_notice_update"

    update_id: Mapped[int] = mapped_column(
        ForeignKey("notice_update.id", ondelete="CASCADE"), primary_key=True
    )
    case_id: Mapped[int] = mapped_column(
        ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    refusal: Mapped[str] = mapped_column(String(40), default="")


class CaseOriginal(Model):
    """What a case said before numbers and addresses in it were masked, by field; see `cases.masking`.

    Read by its reporter and by those who work it. Only fields that were changed stand here.
    """

    __tablename__ = "case_original"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    case: Mapped[Case] = relationship()


class EventOriginal(Model):
    """What an event said before it was masked, by field, as `CaseOriginal` does for the case."""

    __tablename__ = "event_original"

    event_id: Mapped[int] = mapped_column(ForeignKey("case_event.id", ondelete="CASCADE"), primary_key=True)
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    event: Mapped[CaseEvent] = relationship()
