"""Who is told of what: the letters that follow from facts."""

import secrets
from datetime import datetime

from cps.accounts.rules import CodePurpose
from cps.cases import queries as cases
from cps.cases.models import Case, CaseEvent
from cps.cases.rules import EventKind
from cps.core import outbox
from cps.core.city import CityFacts
from cps.core.offline import absolute
from cps.notifications import account_wording, links, poll_wording, queries, sms_wording, wording
from cps.notifications.letters import Letter
from cps.notifications.parts import Ends
from cps.notifications.queries import Recipient, Reporter
from cps.notifications.rules import Reader, Topic, readers, topic_of
from cps.notifications.services.posting import Post, post

TELL_FOLLOWERS = "tell-followers"
FOLLOWERS_AT_ONCE = 500


def tell_code(asked: str, code: str, purpose: CodePurpose | None, to: Recipient, *, at: datetime) -> None:
    """Write the message with a one-time code; without a purpose, that the address has an account already.

    `asked` is the key of the fact. The code's own number would not do: old codes are deleted, and SQLite
    gives their numbers anew.
    """

    def write(city: CityFacts) -> Letter:
        if purpose is None:
            return account_wording.known_address_letter(city, code)
        return account_wording.code_letter(city, code, purpose)

    def short(city: CityFacts, _to: Recipient) -> str:
        return sms_wording.code_text(city, code, purpose)

    post(Post(f"code:{asked}", write, at, short=short, topic=Topic.CODE), [to])


def tell_filed(case_id: int, *, at: datetime) -> None:
    """Write to the reporter that the city has the case, where there is a way to reach them."""
    reporter = queries.reporter_of(case_id)
    if reporter is None or reporter.case.is_hidden:
        return
    case, ends = reporter.case, ends_of_reporter(reporter)

    def write(city: CityFacts) -> Letter:
        return wording.filed_letter(city, case, ends)

    def short(city: CityFacts, _to: Recipient) -> str:
        return sms_wording.filed_text(city, case, links.short_link(case_id))

    page = links.case_path(case)
    letter = Post(
        f"filed:{case_id}",
        write,
        at,
        case_id,
        short=short,
        topic=Topic.RECEIPT,
        page=page,
        takes_replies=True,
    )
    with cases.as_written([case]):
        post(letter, [reporter.recipient])


def tell_event(event_id: int, *, at: datetime) -> None:
    """Write to the reporter and the followers of a case, and to the reporters of those joined to it.

    Nobody is told of their own act, and each address once. Followers are written to some hundred at a time; a
    job goes on where this stops.
    """
    event = queries.event_with_case(event_id)
    if event is None or says_nothing(event):
        return
    case = event.case
    told = readers(event.kind, event.audience, is_private=case.is_private, is_hidden=case.is_hidden)
    if Reader.REPORTER in told:
        _tell_reporter(event, at)
    if Reader.JOINED in told:
        joined = [one.recipient for one in queries.reporters_of_joined(case.id)]
        post(_news(event, Reader.JOINED, Ends(links.case_link(case)), at), joined)
    if Reader.FOLLOWER in told:
        _tell_followers(event, after=0, at=at)


def tell_more_followers(event_id: int, *, after: int, at: datetime) -> None:
    """Write to the followers above account `after`, unless the case was hidden or made private meanwhile."""
    event = queries.event_with_case(event_id)
    if event is not None and event.case.is_listed and not says_nothing(event):
        _tell_followers(event, after=after, at=at)


def says_nothing(event: CaseEvent) -> bool:
    """Whether an event is nothing but words, which a moderator hid."""
    return event.kind is EventKind.UPDATED and bool(event.hidden_because)


def tell_head(poll_id: int, batch: int, *, at: datetime) -> None:
    """Write a signed head of a poll to everybody who asked for it."""
    head = queries.head_of(poll_id, batch)
    if head is None:
        return
    poll, line = head
    page = absolute(f"/polls/{poll.slug}/watch")
    letter = Post(
        f"head:{poll_id}:{batch}", lambda city: poll_wording.head_letter(city, poll, line, page), at
    )
    post(letter, queries.watchers(poll_id))


def _tell_reporter(event: CaseEvent, at: datetime) -> None:
    reporter = queries.reporter_of(event.case_id)
    if reporter is None or (event.actor_id is not None and event.actor_id == event.case.reporter_id):
        return
    with cases.as_written([event.case], [event]):
        post(_news(event, Reader.REPORTER, ends_of_reporter(reporter), at), [reporter.recipient])


def _tell_followers(event: CaseEvent, *, after: int, at: datetime) -> None:
    """Write to the next followers, and leave a job for those after them."""
    case, stand_in = event.case, secrets.token_hex(16)
    but = [key for key in (event.actor_id, case.reporter_id) if key is not None]
    found = queries.followers(case.id, but=but, after=after, limit=FOLLOWERS_AT_ONCE)
    ends = Ends(links.case_link(case), joined_to=_joined_link(case), unsubscribe=stand_in)
    post(_news(event, Reader.FOLLOWER, ends, at), found)
    if len(found) == FOLLOWERS_AT_ONCE:
        outbox.enqueue(TELL_FOLLOWERS, at=at, event_id=event.id, after=found[-1].account_id)


def _news(event: CaseEvent, reader: Reader, ends: Ends, at: datetime) -> Post:
    def write(city: CityFacts) -> Letter:
        return wording.news_letter(city, event.case, event, reader, ends)

    def short(city: CityFacts, to: Recipient) -> str:
        follower = to.account_id if reader is Reader.FOLLOWER else None
        link = links.short_link(to.case_id or event.case_id, follower)
        return sms_wording.news_text(city, event.case, event, link)

    return Post(
        f"event:{event.id}",
        write,
        at,
        event.case_id,
        ends.unsubscribe,
        short=short,
        topic=topic_of(reader, event.kind, event.status, event.case.kind),
        page=links.case_path(event.case),
        takes_replies=reader is Reader.REPORTER,
    )


def ends_of_reporter(reporter: Reporter) -> Ends:
    """Return where the links of a letter to the reporter of a case lead."""
    own = links.reporter_link(reporter.case, reporter.secret_hash)
    page = links.case_link(reporter.case)
    return Ends(own or page, is_secret=own is not None, joined_to=_joined_link(reporter.case))


def _joined_link(case: Case) -> str:
    return links.case_link(case.joined_to) if case.joined_to is not None else ""
