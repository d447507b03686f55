"""Archives of one's own data that are being made, or wait to be taken along."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from cps.core.db import Model


class OwnArchive(Model):
    """The archive that an account asked for last; its file is there from `ready_at` until `gone_at`."""

    __tablename__ = "own_archive"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    storage_key: Mapped[str] = mapped_column(String(120))
    asked_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    gone_at: Mapped[datetime] = mapped_column(index=True)
