"""Waiting news whose words a moderator changed since it was written."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from cps.cases.models import CaseContact
from cps.core.db import db
from cps.moderation.models import Act
from cps.moderation.rules import ActKind, Thing
from cps.notifications.models import Message, TextMessage
from cps.notifications.queries.waiting import NEWS

_NAMED = re.compile(r"event:(\d+)(?::.*)?", re.ASCII)

Changed = dict[tuple[Thing, int], datetime]


def event_named(about: str) -> int | None:
    """Return the event that a piece of news is about, by its name or the dedupe key of its message."""
    match = _NAMED.fullmatch(about)
    return int(match[1]) if match else None


def of_changed_words(table: type[Message] | type[TextMessage], keys: Sequence[int]) -> dict[int, int]:
    """Return by key the event of those of these waiting messages whose words were changed since.

    That is: a moderator hid or blacked out words of the event, or blacked out words of its case, or its
    reporter was forgotten and the name is hidden there.
    """
    news = select(table.id, table.dedupe_key, table.case_id, table.created_at)
    rows = db.session.execute(news.where(table.id.in_(keys), table.dedupe_key.like(NEWS))).all()
    events = {row.id: number for row in rows if (number := event_named(row.dedupe_key)) is not None}
    changed = _changed(set(events.values()), {row.case_id for row in rows}) if events else {}
    return {row.id: events[row.id] for row in rows if _is_older(row, events.get(row.id, 0), changed)}


def _changed(event_ids: Collection[int], case_ids: Collection[int | None]) -> Changed:
    """Return when words of these events or cases were last changed."""
    of_events = and_(Act.thing == Thing.UPDATE, Act.thing_id.in_(event_ids))
    of_cases = and_(Act.thing == Thing.CASE, Act.what == ActKind.REDACT, Act.thing_id.in_(case_ids))
    newest = select(Act.thing, Act.thing_id, func.max(Act.at)).where(or_(of_events, of_cases))
    rows = db.session.execute(newest.group_by(Act.thing, Act.thing_id))
    changed = {(thing, thing_id): at for thing, thing_id, at in rows}
    for case_id, at in db.session.execute(_forgotten(case_ids)):
        changed[Thing.CASE, case_id] = max(at, changed.get((Thing.CASE, case_id), at))
    return changed


def _forgotten(case_ids: Collection[int | None]) -> Select[int, datetime]:
    return select(
        CaseContact.case_id, cast("InstrumentedAttribute[datetime]", CaseContact.anonymised_at)
    ).where(CaseContact.case_id.in_(case_ids), CaseContact.anonymised_at.is_not(None))


def _is_older(message: Row[int, str, int | None, datetime], event_id: int, changed: Changed) -> bool:
    about = (Thing.UPDATE, event_id), (Thing.CASE, message.case_id or 0)
    return any(message.created_at < changed[one] for one in about if one in changed)
