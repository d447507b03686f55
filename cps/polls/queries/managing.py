"""What the administrator's pages read besides the polls themselves."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from cps.accounts.models import Account
from cps.core.db import db
from cps.polls.models import Poll, PollOption


def pictures_in_use(names: Collection[str]) -> set[str]:
    """Return which of these pictures hang on a poll or an option; clones share those of their poll."""
    of_polls = select(Poll.picture).where(Poll.picture.in_(names))
    of_options = select(PollOption.picture).where(PollOption.picture.in_(names))
    return {*db.session.scalars(of_polls), *db.session.scalars(of_options)}


def names_of(account_ids: Collection[int]) -> Mapping[int, str]:
    """Return by id what these accounts are called; those that are gone are left out."""
    wanted = select(Account.id, Account.display_name, Account.email).where(Account.id.in_(account_ids))
    return {row.id: row.display_name or row.email for row in db.session.execute(wanted)}
