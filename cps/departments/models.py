"""Who is responsible for what, with which promises."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cps.core.db import Id, Model
from cps.departments.rules import CategoryKind, Datatype, TimeUnit


class Department(Model):
    """A body of the city that is responsible for cases.

    `successor_id` is the one that took over what was open when this one was closed.
    """

    __tablename__ = "department"
    __table_args__ = (CheckConstraint("successor_id <> id", name="successor_is_another"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[dict[str, str]]
    about: Mapped[dict[str, str]] = mapped_column(default=dict)
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    is_triage: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    ord: Mapped[int] = mapped_column(default=0, server_default="0")
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Staff(Model):
    """An account that works in a department."""

    __tablename__ = "staff"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True, index=True)


class Category(Model):
    """What a case is about (Open311 *service*): who answers it and by when.

    `needs` says what moves of its cases ask for besides what all do; see `cps.departments.rules.Needs`.
    """

    __tablename__ = "category"
    __table_args__ = (CheckConstraint("service_time > 0", name="service_time_positive"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[CategoryKind] = mapped_column(default=CategoryKind.COMPLAINT)
    group_name: Mapped[dict[str, str]] = mapped_column(default=dict)
    name: Mapped[dict[str, str]]
    description: Mapped[dict[str, str]] = mapped_column(default=dict)
    keywords: Mapped[dict[str, Any]] = mapped_column(default=dict)
    icon: Mapped[str] = mapped_column(String(40), default="circle-question-mark")
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    service_time: Mapped[int]
    service_time_unit: Mapped[TimeUnit]
    acknowledge_hours: Mapped[int | None]
    is_repair: Mapped[bool] = mapped_column(default=False)
    is_private_by_default: Mapped[bool] = mapped_column(default=False)
    is_integrity: Mapped[bool] = mapped_column(default=False)
    ord: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    needs: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    version: Mapped[int] = mapped_column()

    department: Mapped[Department] = relationship()
    questions: Mapped[list["Question"]] = relationship(
        cascade="all, delete-orphan", order_by="Question.ord", back_populates="category"
    )

    __mapper_args__ = {"version_id_col": version}


class Question(Model):
    """An extra question of a category (Open311 *attribute*).

    `choices` is a list of `{"key": …, "name": {language: text}}`, with `"danger": true` where the answer
    says that somebody is in danger; `stops` is `{key: {language: text}}`: an answer with that key stops
    the filing with that text, which says whom to turn to.
    """

    __tablename__ = "category_question"
    __table_args__ = (UniqueConstraint("category_id", "code"),)

    id: Mapped[Id]
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(60))
    datatype: Mapped[Datatype]
    label: Mapped[dict[str, str]]
    help: Mapped[dict[str, str]] = mapped_column(default=dict)
    is_required: Mapped[bool] = mapped_column(default=False)
    choices: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    stops: Mapped[dict[str, Any]] = mapped_column(default=dict)
    ord: Mapped[int] = mapped_column(default=0)

    category: Mapped[Category] = relationship(back_populates="questions")


class OpeningHours(Model):
    """One stretch of working time in the week; Monday is 0 (ISO weekday minus one)."""

    __tablename__ = "opening_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_in_week"),
        CheckConstraint("opens < closes", name="opens_before_closes"),
    )

    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    opens: Mapped[time] = mapped_column(primary_key=True)
    closes: Mapped[time]


class Holiday(Model):
    """A day on which the city does not work."""

    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[dict[str, str]]


class ReplyTemplate(Model):
    """A reply that officers reuse; for all departments, categories and moves when it names none.

    `move` is the status or the outcome that a case goes to with it; `body` may hold placeholders such as
    `{reference}`.
    """

    __tablename__ = "reply_template"
    __table_args__ = (Index("ix_reply_template_department", "department_id"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(60), unique=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    title: Mapped[dict[str, str]]
    body: Mapped[dict[str, str]]
    updated_at: Mapped[datetime]
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    move: Mapped[str] = mapped_column(String(40), default="", server_default="")
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())
    version: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": version}


class DeclineReason(Model):
    """Why the city does not do what somebody wants, in words that residents read before those of the officer.

    `endings` are the outcomes for which it can be chosen. One that is retired stays in the stories that name
    it: an event keeps the words as they were.
    """

    __tablename__ = "decline_reason"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(60), unique=True)
    text: Mapped[dict[str, str]]
    endings: Mapped[list[str]]
    ord: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class RoutingRule(Model):
    """Who gets a new complaint, instead of its category's department; the first rule that fits decides.

    `conditions` are written by `cps.departments.routing.Conditions`. Rules are tried in the order of
    `position`, then of `id`.
    """

    __tablename__ = "routing_rule"
    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("officer_id IS NULL OR department_id IS NOT NULL", name="officer_in_department"),
    )

    id: Mapped[Id]
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    conditions: Mapped[dict[str, Any]]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    makes_urgent: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class LearnedWords(Model):
    """How often words stand in complaints of each category, and how well that tells the category.

    One row, written anew by the worker; see `cps.departments.suggesting`.
    """

    __tablename__ = "learned_words"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    learned_at: Mapped[datetime]
    cases: Mapped[int]
    counts: Mapped[dict[str, Any]]
    measured: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class WorkSuspension(Model):
    """A time in which the city did not work, such as a typhoon: entered once, publicly, for all.

    Appended, never edited. A mistake is undone by an entry that corrects it: it stands in place of the one
    that `corrects_id` names, with other times, or with none at all (it ends as it starts). Ids are in the
    order in which entries came into force. `whole_days` says that it was entered as days.
    """

    __tablename__ = "work_suspension"
    __table_args__ = (
        CheckConstraint(
            "starts_at < ends_at OR (starts_at = ends_at AND corrects_id IS NOT NULL)", name="lasts"
        ),
        CheckConstraint("corrects_id < id", name="corrects_earlier"),
    )

    id: Mapped[Id]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    whole_days: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[dict[str, str]]
    entered_at: Mapped[datetime]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("work_suspension.id"), unique=True)
