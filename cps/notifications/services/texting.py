"""Text messages as rows: written once for each number, marked with what they cost, put off, forgotten."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from cps.cases import services as cases
from cps.core import city as cities
from cps.core import leases, offline, sms_budget
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.phone import country_of
from cps.core.sms_budget import SmsPurpose
from cps.core.sms_text import plainer, segments
from cps.core.upsert import insert_into
from cps.notifications import queries
from cps.notifications.links import address_tag
from cps.notifications.models import SmsDay, TextMessage
from cps.notifications.queries import Recipient

SENT_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Text:
    """A text message to be written: `write` writes it for one person in the language of the running context.

    `about` names the fact: each number gets one message about it. It leaves at `run_at`, else at once.
    """

    about: str
    purpose: SmsPurpose
    write: Callable[[CityFacts, Recipient], str]
    at: datetime
    case_id: int | None = None
    run_at: datetime | None = None


def text_to(message: Text, to: Sequence[Recipient]) -> None:
    """Add one text message for each number; those that exist already are left alone."""
    if not to:
        return
    city = cities.get()
    rows = []
    for one in to:
        language = offline.language_for(one.language, city)
        with offline.speaking(language, city):
            written = plainer(message.write(city, one))
        rows.append(
            {
                "dedupe_key": f"{message.about}:{address_tag(one.address)}",
                "purpose": message.purpose,
                "phone": one.address,
                "account_id": one.account_id,
                "case_id": message.case_id,
                "language": language,
                "text": written,
                "created_at": message.at,
                "run_at": message.run_at or message.at,
            }
        )
    db.session.execute(insert_into(TextMessage).on_conflict_do_nothing(index_elements=["dedupe_key"]), rows)


def mark_text_sent(key: int, owner: str, *, at: datetime, keeps: bool = False) -> None:
    """Mark a message as sent, if this worker's lease still holds, and count what it cost.

    What it said and to whom is blanked, unless it `keeps` it: the demo's mailbox is read.
    """
    row = leases.still_ours(TextMessage, key, owner)
    if row is None:
        return
    city = cities.get()
    parts = segments(row.text)
    _count(row, parts, parts * sms_budget.settings_of(city).price_thousandths, at.astimezone(city.zone))
    row.done_at = at
    if not keeps:
        row.phone = row.text = row.last_error = ""  # what the gateway said before may hold the number


def _count(row: TextMessage, parts: int, cost: int, local: datetime) -> None:
    added = {"messages": 1, "segments": parts, "cost_thousandths": cost}
    counted = insert_into(SmsDay).values(
        day=local.date(), purpose=row.purpose, country=country_of(row.phone), **added
    )
    sums = {name: getattr(SmsDay, name) + number for name, number in added.items()}
    db.session.execute(counted.on_conflict_do_update(index_elements=["day", "purpose", "country"], set_=sums))


def put_off_text(key: int, owner: str, *, until: datetime) -> None:
    """Let a message wait until its budget has room again; it lost no attempt."""
    db.session.execute(
        update(TextMessage)
        .where(TextMessage.id == key, TextMessage.lease_owner == owner, TextMessage.done_at.is_(None))
        .values(run_at=until, lease_until=None, attempts=TextMessage.attempts - 1)
        .execution_options(synchronize_session=False)
    )


def stop_texts(case_id: int, account_id: int | None, *, at: datetime) -> None:
    """Send no more text messages about a case: to its reporter, or to a follower; stopped already is fine."""
    if account_id is None:
        cases.stop_texts(case_id, at=at)
    elif (found := queries.case_and_account(case_id, account_id)) is not None:
        cases.unfollow(found[0], by=found[1])


def forget_old_texts(at: datetime) -> None:
    """Forget messages some months after they were sent or laid aside, and those that kill every worker.

    The text of a code that was laid aside goes at once: it is of no use to anybody.
    """
    leases.lay_aside_vanished(TextMessage, at)
    leases.forget_done(TextMessage, at - SENT_KEPT)
    is_code = TextMessage.purpose == SmsPurpose.CODE
    for statement in (
        delete(TextMessage).where(TextMessage.failed_at < at - SENT_KEPT),
        update(TextMessage).where(TextMessage.failed_at.is_not(None), is_code).values(text=""),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))


def count_old_texts(at: datetime) -> int:
    """Return how many messages were sent so long ago that they are to be forgotten."""
    return queries.count_sent(TextMessage, before=at - SENT_KEPT)
