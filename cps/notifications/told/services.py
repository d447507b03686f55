"""Writing digests, and what people do with their list and their choices. Flushes and never commits.

Gathering and marking as gathered is one transaction with the rows locked, and a digest is named after its
account and the newest thing in it: of two workers one writes it, and what is done twice is sent once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from cps.core import audit, outbox, text
from cps.core.city import CityFacts
from cps.core.city import lock as lock_city
from cps.core.db import db
from cps.core.many import change_rows
from cps.core.offline import absolute
from cps.core.quiet_hours import SETTING, Hours
from cps.core.upsert import insert_into
from cps.notifications.letters import SUBJECT_LENGTH, Letter
from cps.notifications.models import BouncedAddress, MessageWish, Told
from cps.notifications.queries import Recipient, recipients
from cps.notifications.rules import CHOICES, Pace, Topic, pace_of
from cps.notifications.services.listing import DIGEST
from cps.notifications.services.posting import Post, post
from cps.notifications.told import queries, wording
from cps.notifications.told.stopping import stop_path
from cps.notifications.wording import NAMES

PEOPLE_AT_ONCE = 25
"""Few, because letters are written while SQLite lets nobody else write."""

LIST_PATH = "/accounts/me/messages"
CHOICES_PATH = "/accounts/me/messages/choices"
LEFT_AFTER = timedelta(minutes=10)


def write_digests(after: int, *, at: datetime) -> None:
    """Write the digests of the next people behind account `after`, and leave a job for those behind them."""
    account_ids = queries.accounts_due(at, after=after, limit=PEOPLE_AT_ONCE)
    due = queries.lock_due(account_ids, at)
    for row in due:
        row.digested_at = at
    db.session.flush()
    told = queries.tellable(due)
    for to in recipients(sorted(told)):
        if to.account_id is not None:
            _write(to, to.account_id, told[to.account_id], at)
    if len(account_ids) == PEOPLE_AT_ONCE:
        outbox.enqueue(DIGEST, at=at, after=account_ids[-1])


def write_left_digests(at: datetime) -> None:
    """Leave a job for digests whose job had run before they were due in it."""
    if queries.is_digest_due(at - LEFT_AFTER):
        outbox.enqueue(DIGEST, at=at, after=0)


def _write(to: Recipient, account_id: int, told: Sequence[Told], at: datetime) -> None:
    stop = absolute(stop_path(account_id))
    ends = wording.Ends(absolute(LIST_PATH), absolute(CHOICES_PATH), stop)

    def write(city: CityFacts) -> Letter:
        return wording.digest_letter(city, told, ends)

    def short(city: CityFacts, _to: Recipient) -> str:
        return wording.digest_text(city, told, stop)

    about = f"digest:{account_id:x}:{told[0].about}"
    post(Post(about, write, at, short=short, topic=Topic.DIGEST), [to])


def mark_all_read(account_id: int, *, until: datetime, at: datetime) -> None:
    """Mark what an account was told until a moment as read; what came later stays unread."""
    change_rows(
        update(Told)
        .where(Told.account_id == account_id, Told.read_at.is_(None), Told.told_at <= until)
        .values(read_at=at)
    )


def choose(account_id: int, paces: Mapping[Topic, Pace]) -> None:
    """Keep how an account wants to hear of topics; topics and paces that cannot be chosen are left out."""
    for topic, pace in paces.items():
        if pace in CHOICES.get(topic, ()):
            values = {"account_id": account_id, "topic": topic, "pace": pace}
            kept = insert_into(MessageWish).values(values)
            key = ["account_id", "topic"]
            db.session.execute(kept.on_conflict_do_update(index_elements=key, set_={"pace": pace}))
    _let_go(account_id, [topic for topic, pace in paces.items() if pace is Pace.NEVER])


def stop_digest(account_id: int) -> None:
    """Send an account no digest any more: what came in it stands in its list only."""
    chosen = queries.own_paces(account_id)
    can_stop = [topic for topic, paces in CHOICES.items() if Pace.NEVER in paces]
    gathered = [topic for topic in can_stop if pace_of(topic, chosen.get(topic)) is Pace.DIGEST]
    choose(account_id, dict.fromkeys(gathered, Pace.NEVER))


def gets_digest(account_id: int) -> bool:
    """Return whether an account gets a digest that it can stop."""
    chosen = queries.own_paces(account_id)
    return any(
        pace_of(topic, chosen.get(topic)) is Pace.DIGEST
        for topic, can in CHOICES.items()
        if Pace.NEVER in can
    )


def address_works(account_id: int) -> None:
    """Write to the address of an account again, as its owner says that it works."""
    change_rows(delete(BouncedAddress).where(BouncedAddress.account_id == account_id))


def set_hours(hours: Hours, *, by: int, at: datetime) -> None:
    """Keep the city's quiet hours and when digests leave; the audit says what was and what is."""
    row = lock_city()
    before = row.settings.get(SETTING)
    if before == hours.as_setting:
        return
    row.settings = {**row.settings, SETTING: hours.as_setting}
    audit.record(
        "set-message-hours", about=("city", 1), by=by, at=at, changes={SETTING: [before, hours.as_setting]}
    )
    db.session.flush()


def rename(case_ids: Sequence[int]) -> None:
    """Let the lists of what people were told name these cases as their titles read now."""
    for case_id, subject, title in queries.subjects_of(case_ids):
        says, dash, _before = subject.partition(NAMES)
        renamed = text.excerpt(f"{says}{NAMES}{title}", SUBJECT_LENGTH)
        if dash and renamed != subject:
            told_so = update(Told).where(Told.case_id == case_id, Told.subject == subject)
            change_rows(told_so.values(subject=renamed))


def _let_go(account_id: int, topics: Sequence[Topic]) -> None:
    """Let no digest gather what waits of topics that its reader does not want in it any more."""
    waiting = (Told.account_id == account_id, Told.topic.in_(topics), Told.digested_at.is_(None))
    change_rows(update(Told).where(*waiting).values(digest_at=None))
