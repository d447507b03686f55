"""Alerts, and what they are about to tell."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cps.alerts.rules import NewsKind, Rhythm, Wish
from cps.core.db import BigId, Id, Model
from cps.notices.rules import Circle

UNTOLD = text("told_at IS NULL")


class Alert(Model):
    """Somebody wants to hear what is new: within a circle, else in a ward, else in the whole city.

    With a category only of what is reported under it. `ward_id` of a circle is the ward of its middle. `key`
    is under which it is found, `scope` what no account has twice (`cps.alerts.rules`). The middle of a circle
    is rounded to some 100 m.
    """

    __tablename__ = "alert"
    __table_args__ = (
        CheckConstraint("lat BETWEEN -90 AND 90", name="lat_in_range"),
        CheckConstraint("lon BETWEEN -180 AND 180", name="lon_in_range"),
        CheckConstraint(
            "(lat IS NULL) = (lon IS NULL) AND (lat IS NULL) = (radius_m IS NULL)", name="circle_whole"
        ),
        CheckConstraint("radius_m > 0", name="radius_positive"),
        CheckConstraint(
            "lat IS NOT NULL OR ward_id IS NOT NULL OR category_id IS NOT NULL", name="says_where"
        ),
        UniqueConstraint("account_id", "scope"),
        Index("ix_alert_key", "key", "account_id"),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    scope: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(40))
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    radius_m: Mapped[int | None]
    ward_id: Mapped[int | None] = mapped_column(ForeignKey("ward.id"), index=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    problems: Mapped[bool]
    proposals: Mapped[bool]
    answers: Mapped[bool]
    notices: Mapped[bool]
    rhythm: Mapped[Rhythm]
    created_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    @property
    def circle(self) -> Circle | None:
        """Its circle, where it has one."""
        if self.lat is None or self.lon is None or self.radius_m is None:
            return None
        return Circle(self.lat, self.lon, self.radius_m)

    @property
    def wish(self) -> Wish:
        """What its owner wants to hear of."""
        what = {name: getattr(self, name) for name in ("problems", "proposals", "answers", "notices")}
        return Wish(self.circle, self.ward_id, self.category_id, rhythm=self.rhythm, **what)


class AlertNews(Model):
    """One thing that one alert tells its owner, from `due_at` on; the key makes it be told once.

    `about_id` is the case that was filed, the event that answered one, or the notice. `letter` names the
    letter that told it, so that one that has not left yet can be written anew.
    """

    __tablename__ = "alert_news"
    __table_args__ = (
        Index("ix_alert_news_untold", "due_at", "account_id", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[NewsKind] = mapped_column(primary_key=True)
    about_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    alert_id: Mapped[int] = mapped_column(
        ForeignKey("alert.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    due_at: Mapped[datetime]
    told_at: Mapped[datetime | None] = mapped_column(index=True)
    letter: Mapped[str] = mapped_column(String(80), default="")
