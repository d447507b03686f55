"""How many things of an account are held."""

from dataclasses import astuple, dataclass

from sqlalchemy import func, select

from cps.cases.models import Case, CaseEvent, Follow, Support
from cps.core.db import db
from cps.notifications.models import Message, TextMessage, Told
from cps.pages.queries.cases import photo_names

ROWS_AT_ONCE, PHOTOS_AT_ONCE = 2_000, 50
"""A file of more rows or photos is made by a worker, not while somebody waits for a page."""


@dataclass(frozen=True, slots=True)
class Held:
    """How many things of an account are held."""

    cases: int
    supported: int
    followed: int
    messages: int
    texts: int
    told: int
    written: int
    photos: int

    @property
    def is_large(self) -> bool:
        """Whether a file of all of it is made by a worker."""
        return sum(astuple(self)) - self.photos > ROWS_AT_ONCE or self.photos > PHOTOS_AT_ONCE


def counts_about(account_id: int) -> Held:
    """Count what is held about an account, in one statement."""
    wanted = (
        select(func.count()).select_from(table).where(column == account_id).scalar_subquery()
        for table, column in (
            (Case, Case.reporter_id),
            (Support, Support.account_id),
            (Follow, Follow.account_id),
            (Message, Message.account_id),
            (TextMessage, TextMessage.account_id),
            (Told, Told.account_id),
            (CaseEvent, CaseEvent.actor_id),
        )
    )
    photos = select(func.count()).select_from(photo_names(account_id).subquery()).scalar_subquery()
    return Held(*tuple(db.session.execute(select(*wanted, photos)).one()))
