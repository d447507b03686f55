"""Who is invited to work for the city, and what the city says itself."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from cps.core.db import Id, Model


class Invitation(Model):
    """An invitation that waits: the row ends when it is accepted or withdrawn.

    Its link has a random token, of which only the hash is kept. `roles` are values of `Role`, `departments`
    are codes. It ends with the account of who invited, and with their administrator's role.
    """

    __tablename__ = "invitation"
    __table_args__ = (CheckConstraint("sent_at < expires_at", name="lasts"),)

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    roles: Mapped[list[str]]
    departments: Mapped[list[str]]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class CityText(Model):
    """What the city says itself on a page of `OwnPage`, as `{language: text}`."""

    __tablename__ = "city_text"

    page: Mapped[str] = mapped_column(String(20), primary_key=True)
    texts: Mapped[dict[str, str]]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
