"""Polls as pages show them: read once for each of their versions in every process, not at each page."""

from functools import lru_cache

from sqlalchemy import bindparam, select

from cps.core.db import WRITING, db
from cps.core.errors import NotVisible
from cps.core.i18n import gettext as _
from cps.polls.models import Poll
from cps.polls.queries.polls import get_poll
from cps.polls.rules import PollState

MOST_KEPT = 64

_VERSION = select(Poll.spec_sha256, Poll.version, Poll.state, Poll.updated_at).where(
    Poll.slug == bindparam("slug"), Poll.state != PollState.DRAFT
)


def shown_poll(slug: str) -> Poll:
    """Return a poll that is no draft, as it is in the running transaction; raises NotVisible.

    For pages to read alone: all threads share it, and what is to be changed comes from `lock_poll`. It is
    of no session, so it stays as it is when a transaction ends. A statement asks whether it is the newest.
    """
    stands = db.session.execute(_VERSION, {"slug": slug}).one_or_none()
    if stands is None:
        raise NotVisible(_("There is no poll at this address."))
    is_writing = db.session.connection().get_execution_options().get(WRITING, False)
    return get_poll(slug) if is_writing else _kept(slug, *stands)


@lru_cache(maxsize=MOST_KEPT)
def _kept(slug: str, _opening: str, _version: int, _state: PollState, _updated: object) -> Poll:
    """Read a poll and remember it. The hash of its specification is that of one opening in one database.

    The version alone would not do: a restored copy counts on from an older one.
    """
    newest = select(Poll).where(Poll.slug == slug).execution_options(populate_existing=True)
    poll = db.session.scalars(newest).one()
    db.session.expunge(poll)
    return poll
