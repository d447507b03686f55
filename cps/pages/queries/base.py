"""What all reads about an account share: how much is read at a time, which cases may be named to it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_

from cps.accounts.models import RoleGrant
from cps.accounts.rules import Role
from cps.cases.models import Case
from cps.cases.queries import integrity
from cps.core.db import db

AT_ONCE = 500


def each(statement: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """Yield the rows of a statement, of which some are in memory at a time."""
    yield from db.session.execute(statement.execution_options(yield_per=AT_ONCE))


def may_be_named_to(account_id: int) -> ColumnElement[bool]:
    """Return the condition that an account may know of a case; of one about staff few may."""
    holds = RoleGrant.account_id == account_id, RoleGrant.role == Role.INTEGRITY_OFFICER
    handles = exists().where(*holds) & Case.id.not_in(integrity.barred_from(account_id))
    return or_(Case.is_integrity.is_(False), Case.reporter_id == account_id, handles)
