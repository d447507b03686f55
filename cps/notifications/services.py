"""Writing messages: one row for each person and fact, in their language. The caller opens the transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from cps.accounts.rules import CodePurpose
from cps.cases import services as cases
from cps.cases.models import Case, CaseEvent
from cps.core import city as cities
from cps.core import leases, offline, outbox
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.keys import app_key, keyed_tag
from cps.notifications import links, queries, wording
from cps.notifications.letters import Letter, as_html, as_text, subject_of
from cps.notifications.models import Message
from cps.notifications.queries import Recipient, Reporter
from cps.notifications.rules import MessageChannel, Reader, readers
from cps.notifications.wording import Ends

TELL_FOLLOWERS = "tell-followers"
FOLLOWERS_AT_ONCE = 250
TAG_LENGTH = 32
SENT_KEPT = timedelta(days=90)

Write = Callable[[CityFacts, Recipient], Letter]


def tell_code(code_id: int, code: str, purpose: CodePurpose | None, to: Recipient, *, at: datetime) -> None:
    """Write the message with a one-time code; without a purpose, that the address has an account already."""

    def write(city: CityFacts, _to: Recipient) -> Letter:
        if purpose is None:
            return wording.known_address_letter(city, code)
        return wording.code_letter(city, code, purpose)

    _add([to], write, f"code:{code_id}", at=at)


def tell_filed(case_id: int, *, at: datetime) -> None:
    """Write to the reporter that the city has the case, where there is a way to reach them."""
    reporter = queries.reporter_of(case_id)
    if reporter is None or reporter.case.is_hidden:
        return
    ends = _ends_for(reporter)
    _add(
        [reporter.recipient],
        lambda city, _to: wording.filed_letter(city, reporter.case, ends),
        f"filed:{case_id}",
        at=at,
        case_id=case_id,
    )


def tell_event(event_id: int, *, at: datetime) -> None:
    """Write to the reporter and the followers of a case, and to the reporters of those joined to it.

    Nobody is told of their own act, and each address once. Followers are written to a few hundred at a time;
    a job goes on where this stops.
    """
    event = queries.event_with_case(event_id)
    if event is None:
        return
    case = event.case
    told = readers(event.kind, event.audience, is_private=case.is_private, is_hidden=case.is_hidden)
    if Reader.REPORTER in told:
        _tell_reporter(event, at)
    if Reader.JOINED in told:
        _tell_joined(event, at)
    if Reader.FOLLOWER in told:
        _tell_followers(event, after=0, at=at)


def go_on_telling(event_id: int, *, after: int, at: datetime) -> None:
    """Write to the followers above account `after`, unless the case was hidden or made private meanwhile."""
    event = queries.event_with_case(event_id)
    if event is not None and event.case.is_listed:
        _tell_followers(event, after=after, at=at)


def stop_following(case_id: int, account_id: int) -> None:
    """End a follow, as its messages offer; already ended is fine."""
    found = queries.case_and_account(case_id, account_id)
    if found is not None:
        cases.unfollow(found[0], by=found[1])


def put_into_mailbox(at: datetime) -> int:
    """Deliver what is due into the demo's mailbox, where it stays to be read; returns how many."""
    result = db.session.execute(
        update(Message)
        .where(Message.done_at.is_(None), Message.failed_at.is_(None), Message.run_at <= at)
        .values(done_at=at)
        .execution_options(synchronize_session=False)
    )
    return int(getattr(result, "rowcount", 0))


def mark_sent(key: int, owner: str, *, at: datetime) -> None:
    """Mark a message as sent and blank what it said and to whom, if this worker's lease still holds."""
    db.session.execute(
        update(Message)
        .where(Message.id == key, Message.lease_owner == owner, Message.done_at.is_(None))
        .values(done_at=at, address="", subject="", body_text="", body_html="", unsubscribe_url="")
        .execution_options(synchronize_session=False)
    )


def forget_old(at: datetime) -> None:
    """Forget that messages were sent, some months later, and lay aside what kills every worker."""
    leases.lay_aside_vanished(Message, at)
    leases.forget_done(Message, at - SENT_KEPT)


def _tell_reporter(event: CaseEvent, at: datetime) -> None:
    reporter = queries.reporter_of(event.case_id)
    if reporter is None or (event.actor_id is not None and event.actor_id == event.case.reporter_id):
        return
    _news(event, [reporter.recipient], Reader.REPORTER, lambda _to: _ends_for(reporter), at)


def _tell_joined(event: CaseEvent, at: datetime) -> None:
    told = [joined.recipient for joined in queries.reporters_of_joined(event.case_id)]
    _news(event, told, Reader.JOINED, lambda _to: Ends(links.case_link(event.case)), at)


def _tell_followers(event: CaseEvent, *, after: int, at: datetime) -> None:
    """Write to the next few hundred followers, and leave a job for those after them."""
    case = event.case
    but = [key for key in (event.actor_id, case.reporter_id) if key is not None]
    found = queries.followers(case.id, but=but, after=after, limit=FOLLOWERS_AT_ONCE)
    _news(event, found, Reader.FOLLOWER, lambda to: _ends_of_follower(case, to), at)
    if len(found) == FOLLOWERS_AT_ONCE:
        last = found[-1].account_id
        key = f"{event.id}:{last}"
        outbox.enqueue(TELL_FOLLOWERS, at=at, dedupe_key=key, event_id=event.id, after=last)


def _news(
    event: CaseEvent, to: Sequence[Recipient], reader: Reader, ends: Callable[[Recipient], Ends], at: datetime
) -> None:
    _add(
        to,
        lambda city, one: wording.news_letter(city, event.case, event, reader, ends(one)),
        f"event:{event.id}",
        at=at,
        case_id=event.case_id,
    )


def _ends_for(reporter: Reporter) -> Ends:
    own = links.reporter_link(reporter.case, reporter.secret_hash)
    page = links.case_link(reporter.case)
    return Ends(own or page, is_secret=own is not None, joined_to=_joined_link(reporter.case))


def _ends_of_follower(case: Case, to: Recipient) -> Ends:
    stop = links.unsubscribe_link(to.account_id or 0, case.id)
    return Ends(links.case_link(case), joined_to=_joined_link(case), unsubscribe=stop)


def _joined_link(case: Case) -> str:
    return links.case_link(case.joined_to) if case.joined_to is not None else ""


def _add(
    to: Sequence[Recipient], write: Write, about: str, *, at: datetime, case_id: int | None = None
) -> None:
    """Add one message for each recipient, in their language; those that exist already are left alone."""
    city = cities.get()
    by_language = sorted(to, key=lambda one: offline.language_for(one.language, city))
    rows = []
    for language, group in groupby(by_language, key=lambda one: offline.language_for(one.language, city)):
        with offline.speaking(language, city):
            rows += [_row(one, write(city, one), language) for one in group]
    common = {"channel": MessageChannel.MAIL, "case_id": case_id, "created_at": at, "run_at": at}
    for row in rows:
        tag = keyed_tag(app_key("message"), row["address"].casefold())[:TAG_LENGTH]
        row.update(common, dedupe_key=f"{about}:{tag}")
    _insert_new(rows)


def _row(to: Recipient, letter: Letter, language: str) -> dict[str, Any]:
    return {
        "address": to.address,
        "account_id": to.account_id,
        "language": language,
        "subject": subject_of(letter),
        "body_text": as_text(letter),
        "body_html": as_html(letter),
        "unsubscribe_url": letter.unsubscribe,
    }


def _insert_new(rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    insert = postgresql_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    db.session.execute(insert(Message).on_conflict_do_nothing(index_elements=["dedupe_key"]), rows)
