"""What proposals have beyond a case: their goal, the answer, its delivery, joins, and the discussion."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cps.cases.models import Case
from cps.cases.rules import Outcome, Status
from cps.core.db import BigId, Id, Model
from cps.departments.models import Department
from cps.proposals.rules import Stance, Step, Verdict

STANDS = text("undone_at IS NULL")


class Threshold(Model):
    """So many supports within so many days oblige a department to answer within so many working days.

    `area` is the key of where it holds: `city`, `ward:3`, `category:7` or `ward:3/category:7`; the narrowest
    one counts. Without a department it is the one of the proposal's category. `why` is public:
    `{language: text}`.
    """

    __tablename__ = "proposal_threshold"
    __table_args__ = (
        UniqueConstraint("step", "area"),
        CheckConstraint("supports > 0", name="supports_positive"),
        CheckConstraint("days > 0", name="days_positive"),
        CheckConstraint("answer_days > 0", name="answer_days_positive"),
    )

    id: Mapped[Id]
    step: Mapped[Step] = mapped_column(default=Step.ANSWER)
    area: Mapped[str] = mapped_column(String(60))
    ward_id: Mapped[int | None] = mapped_column(ForeignKey("ward.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    supports: Mapped[int]
    days: Mapped[int]
    answer_days: Mapped[int]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    why: Mapped[dict[str, str]] = mapped_column(default=dict)
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Proposal(Model):
    """What a case has because it is a proposal.

    Its goal is that of the threshold when it was opened, and stays when the city changes the threshold.
    `former_supports` were given on another site (`former_site`) and have no rows here. `supported_at` is when
    somebody else first supported it: from then on its words stay. `rank` is its place among those that
    gather, higher first; see `proposals.rules.ranking`. The number of supports by which lists show it is
    `cases.support_count`, made anew from rows by the worker.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("needed > 0", name="needed_positive"),
        CheckConstraint("answer_days > 0", name="answer_days_positive"),
        CheckConstraint("opened_at < gathers_until", name="opens_before_it_ends"),
        CheckConstraint("former_supports >= 0", name="former_supports_not_negative"),
        CheckConstraint("former_supports = 0 OR former_site <> ''", name="former_supports_from_somewhere"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    needed: Mapped[int]
    answer_days: Mapped[int]
    opened_at: Mapped[datetime]
    gathers_until: Mapped[datetime]
    shows_author: Mapped[bool] = mapped_column(default=False)
    former_supports: Mapped[int] = mapped_column(default=0)
    former_site: Mapped[str] = mapped_column(String(80), default="")
    supported_at: Mapped[datetime | None]
    rank: Mapped[int] = mapped_column(BigId)

    case: Mapped[Case] = relationship()


class StepReached(Model):
    """A proposal reached a step, once: by its supports, or lifted by an officer with a public reason."""

    __tablename__ = "proposal_step"
    __table_args__ = (CheckConstraint("NOT is_lifted OR reason <> ''", name="lifted_with_reason"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("proposal.case_id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[Step] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    supports: Mapped[int]
    is_lifted: Mapped[bool] = mapped_column(default=False)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(default="")


class Recount(Model):
    """The supports of a proposal changed since the worker counted them."""

    __tablename__ = "proposal_recount"

    case_id: Mapped[int] = mapped_column(ForeignKey("proposal.case_id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime] = mapped_column(index=True)


class ProposalJoin(Model):
    """A proposal was joined to another by an officer, who may undo it; at most one join of each stands."""

    __tablename__ = "proposal_join"
    __table_args__ = (
        CheckConstraint("case_id <> into_id", name="two_proposals"),
        CheckConstraint("reason <> ''", name="joined_with_reason"),
        CheckConstraint("undone_at IS NULL OR undone_reason <> ''", name="undone_with_reason"),
        Index("ix_proposal_join_stands", "case_id", unique=True,
              sqlite_where=STANDS, postgresql_where=STANDS),
        Index("ix_proposal_join_into", "into_id"),
    )  # fmt: skip

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("proposal.case_id", ondelete="CASCADE"))
    into_id: Mapped[int] = mapped_column(ForeignKey("proposal.case_id", ondelete="CASCADE"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    reason: Mapped[str]
    status_before: Mapped[Status]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    undone_reason: Mapped[str] = mapped_column(default="")


class OfficialAnswer(Model):
    """The city's answer to a proposal, from first draft on; public from `published_at`.

    `points` is a list of `{"heading": …, "text": …}`. `whose` says whose it is where it is not the city's,
    `link` where to see what is done already. `reason_code` is of the city's reason for a no, where an officer
    chose one, and `reason_text` its words in all languages as they were then. A second reader is never who
    wrote it.
    """

    __tablename__ = "proposal_answer"
    __table_args__ = (
        CheckConstraint(
            "published_at IS NULL OR (unit_id IS NOT NULL AND outcome IS NOT NULL AND text <> '')",
            name="published_whole",
        ),
        CheckConstraint(
            "outcome IN ('accepted', 'partly', 'declined', 'already-done', 'not-ours')", name="answers"
        ),
        CheckConstraint("read_by_id <> drafted_by_id", name="second_pair_of_eyes"),
        CheckConstraint("published_at IS NULL OR outcome <> 'already-done' OR link <> ''", name="done_where"),
        CheckConstraint("published_at IS NULL OR outcome <> 'not-ours' OR whose <> ''", name="whose"),
        CheckConstraint(
            "reason_code = '' OR (outcome IS NOT NULL AND outcome IN ('declined', 'not-ours'))",
            name="reason_for_a_no",
        ),
    )  # fmt: skip

    case_id: Mapped[int] = mapped_column(ForeignKey("proposal.case_id", ondelete="CASCADE"), primary_key=True)
    outcome: Mapped[Outcome | None]
    text: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    points: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    whose: Mapped[str] = mapped_column(String(200), default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    reason_code: Mapped[str] = mapped_column(String(60), default="", server_default="")
    reason_text: Mapped[dict[str, str]] = mapped_column(default=dict, server_default="{}")
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    drafted_at: Mapped[datetime]
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    read_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    unit: Mapped[Department | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Delivery(Model):
    """How what was promised is being done.

    `budget` is in whole units of the city's currency, `percent` is what the unit says of how far it is.
    """

    __tablename__ = "proposal_delivery"
    __table_args__ = (
        CheckConstraint("budget >= 0", name="budget_not_negative"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent_in_range"),
        CheckConstraint("(delivered_at IS NOT NULL) = (percent = 100)", name="whole_when_delivered"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("proposal.case_id", ondelete="CASCADE"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    due_on: Mapped[date | None]
    budget: Mapped[int | None] = mapped_column(BigId)
    percent: Mapped[int] = mapped_column(default=0)
    began_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    unit: Mapped[Department] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Milestone(Model):
    """A part of the delivery with the day for which it is promised; late when that has passed."""

    __tablename__ = "proposal_milestone"
    __table_args__ = (Index("ix_proposal_milestone_case", "case_id", "due_on", "id"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("proposal_delivery.case_id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(12), default="")
    due_on: Mapped[date]
    promised_on: Mapped[date]
    done_on: Mapped[date | None]


class DeliveryVerdict(Model):
    """Whether somebody who supported a proposal got what they wanted; one each, the last word counts."""

    __tablename__ = "proposal_verdict"

    case_id: Mapped[int] = mapped_column(
        ForeignKey("proposal_delivery.case_id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    verdict: Mapped[Verdict]
    at: Mapped[datetime]


class Comment(Model):
    """What somebody says about a proposal, or in reply to such a comment; replies have no replies.

    `parent_level` repeats the level of the parent, so that the database refuses a reply to a reply, and one
    under another proposal. `backing_count` moves with the rows it counts.
    """

    __tablename__ = "proposal_comment"
    __table_args__ = (
        UniqueConstraint("id", "case_id", "level"),
        ForeignKeyConstraint(
            ["parent_id", "case_id", "parent_level"],
            ["proposal_comment.id", "proposal_comment.case_id", "proposal_comment.level"],
            name="fk_proposal_comment_parent",
            ondelete="CASCADE",
        ),
        CheckConstraint("level IN (0, 1)", name="one_level_of_replies"),
        CheckConstraint("(parent_id IS NULL) = (level = 0)", name="level_of_parent"),
        CheckConstraint("parent_level = 0", name="parent_is_no_reply"),
        CheckConstraint("backing_count >= 0", name="backing_not_negative"),
        CheckConstraint("NOT is_hidden OR hidden_reason <> ''", name="hidden_with_reason"),
        Index("ix_proposal_comment_newest", "case_id", "parent_id", "id"),
        Index("ix_proposal_comment_backed", "case_id", "parent_id", "backing_count", "id"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("proposal.case_id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(BigId)
    level: Mapped[int] = mapped_column(default=0)
    parent_level: Mapped[int] = mapped_column(default=0)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    shows_name: Mapped[bool] = mapped_column(default=False)
    is_official: Mapped[bool] = mapped_column(default=False)
    stance: Mapped[Stance] = mapped_column(default=Stance.REMARK)
    body: Mapped[str]
    language: Mapped[str] = mapped_column(String(12), default="")
    at: Mapped[datetime]
    backing_count: Mapped[int] = mapped_column(default=0)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    hidden_reason: Mapped[str] = mapped_column(default="")


class CommentBacking(Model):
    """Somebody finds a comment right; one row per account and comment."""

    __tablename__ = "proposal_comment_backing"

    comment_id: Mapped[int] = mapped_column(
        ForeignKey("proposal_comment.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]
