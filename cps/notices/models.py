"""Notices, what the city added to them, and who wants to hear of them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cps.core.db import Id, Model


class Notice(Model):
    """What the city knows about an area for a time; texts are `{language: text}`.

    The area is every ward of `ward_codes` and the circle of `radius_m` metres around a position; with neither
    it is the whole city. With a category it concerns only what is reported under it. `say` is what officers
    and agents tell people who ask; residents never see it. It runs from `starts_at` until just before
    `ends_at`; one that is taken back before it began has both at the same moment.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("lat BETWEEN -90 AND 90", name="lat_in_range"),
        CheckConstraint("lon BETWEEN -180 AND 180", name="lon_in_range"),
        CheckConstraint(
            "(lat IS NULL) = (lon IS NULL) AND (lat IS NULL) = (radius_m IS NULL)", name="circle_whole"
        ),
        CheckConstraint("radius_m > 0", name="radius_positive"),
        CheckConstraint("starts_at <= ends_at", name="starts_before_it_ends"),
        Index("ix_notice_ends", "ends_at", "id"),
    )

    id: Mapped[Id]
    title: Mapped[dict[str, str]]
    text: Mapped[dict[str, str]] = mapped_column(default=dict)
    say: Mapped[dict[str, str]] = mapped_column(default=dict)
    ward_codes: Mapped[list[str]] = mapped_column(default=list)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    radius_m: Mapped[int | None]
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class NoticeUpdate(Model):
    """Something new about a notice, as `{language: text}`; appended, never edited."""

    __tablename__ = "notice_update"
    __table_args__ = (Index("ix_notice_update_story", "notice_id", "at", "id"),)

    id: Mapped[Id]
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    text: Mapped[dict[str, str]]


class NoticeFollow(Model):
    """Somebody wants to be told when it is over; one row per account and notice."""

    __tablename__ = "notice_follow"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]
