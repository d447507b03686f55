"""What stands between features that know nothing of each other."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cps.core.db import Model


class ProposalPoll(Model):
    """A poll that was made of an accepted proposal; each proposal becomes one poll at most."""

    __tablename__ = "proposal_poll"

    case_id: Mapped[int] = mapped_column(ForeignKey("proposal.case_id", ondelete="CASCADE"), primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"), unique=True)
    at: Mapped[datetime]
