"""The lists of what people were told, and who hears at once, with the daily digest, or by no mail."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from cps.core import outbox
from cps.core.db import db
from cps.core.upsert import insert_into
from cps.notifications.links import address_tag
from cps.notifications.models import Told
from cps.notifications.queries import Recipient
from cps.notifications.rules import CHOICES, Pace, Topic, pace_of
from cps.notifications.told import queries

DIGEST = "daily-digest"
"""The job that writes the digests of one moment."""


def paces(topic: Topic, recipients: Sequence[Recipient]) -> dict[Recipient, Pace]:
    """Return how each of these people hears of a topic; whoever has no account, at once."""
    ids = [one.account_id for one in recipients if one.account_id is not None]
    chosen = queries.chosen_paces(ids, topic) if topic in CHOICES and ids else {}
    return {
        one: Pace.AT_ONCE if one.account_id is None else pace_of(topic, chosen.get(one.account_id))
        for one in recipients
    }


def that_take_mail(topic: Topic, recipients: Sequence[Recipient]) -> list[Recipient]:
    """Return these people without those whose address sends back; codes are tried anyway."""
    ids = [one.account_id for one in recipients if one.account_id is not None]
    bounced = queries.bounced_tags(ids) if topic is not Topic.CODE and ids else {}
    return [
        one
        for one in recipients
        if one.account_id not in bounced or bounced[one.account_id] != address_tag(one.address)
    ]


def keep(lines: Iterable[dict[str, Any]], *, at: datetime) -> None:
    """Add lines to lists, each fact once for each account, and leave a job for digests that gather them."""
    rows = list(lines)
    if not rows:
        return
    db.session.execute(insert_into(Told).on_conflict_do_nothing(), rows)
    for moment in {row["digest_at"] for row in rows} - {None}:
        outbox.enqueue_once(DIGEST, dedupe_key=moment.isoformat(), at=at, not_before=moment)
