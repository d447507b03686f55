"""Making message rows of a letter: one for each recipient, written in their language."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from cps.core import city as cities
from cps.core import offline
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.phone import is_phone
from cps.core.quiet_hours import after_quiet, hours_of, next_digest
from cps.core.sms_budget import SmsPurpose
from cps.core.upsert import insert_into
from cps.notifications import links
from cps.notifications.letters import Letter, as_html, as_text, subject_of
from cps.notifications.links import address_tag
from cps.notifications.models import Message
from cps.notifications.queries import Recipient
from cps.notifications.rules import CAN_WAIT, LISTED, MessageChannel, Pace, Topic
from cps.notifications.services import listing
from cps.notifications.services.texting import Text, text_to

WITH_STOP = ("body_text", "body_html", "unsubscribe_url")
PURPOSES: Mapping[Topic, SmsPurpose] = {
    Topic.CODE: SmsPurpose.CODE,
    Topic.ACCOUNT: SmsPurpose.NOTICE,
}
"""The budgets of text messages about a topic; all others are news."""


@dataclass(frozen=True, slots=True)
class Post:
    """A letter to be posted: `write` writes it in the language of the running context.

    `about` names the fact: each address gets one message about it. `stand_in` is what the letter has in place
    of the address that stops it, which is each recipient's own. `short` writes the text message of who has
    only a number; without it they are not written to. The `topic` says how soon people hear of it, and
    `page` where their list of messages leads: a path of this site, never a secret link. Where it
    `takes_replies`, what its reader answers lands in the case. `in_reply_to` is the mail that it answers.
    """

    about: str
    write: Callable[[CityFacts], Letter]
    at: datetime
    case_id: int | None = None
    stand_in: str = ""
    short: Callable[[CityFacts, Recipient], str] | None = None
    topic: Topic = Topic.STAFF
    page: str = ""
    takes_replies: bool = False
    in_reply_to: str = ""


def post(letter: Post, recipients: Sequence[Recipient]) -> None:
    """Add one message for each recipient; those that exist already are left alone.

    Who wants the daily digest, or not to be written to, finds it in their list only. The letter is written
    once for all who read the same language.
    """
    if not recipients:
        return
    city = cities.get()
    paces = listing.paces(letter.topic, recipients)
    soon = [one for one in recipients if paces[one] is Pace.AT_ONCE]
    if letter.short is not None:
        text_to(_as_text_message(letter, letter.short, city), [one for one in soon if is_phone(one.address)])
    mailed = {one for one in listing.that_take_mail(letter.topic, soon) if not is_phone(one.address)}
    listed = {one for one in recipients if letter.topic in LISTED and one.account_id is not None}
    mails: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for language, group in _by_language([one for one in recipients if one in mailed | listed], city):
        people = list(group)
        with offline.speaking(language, city):
            written = _columns(letter, language, letter.write(city), city)
        mails += [_mail(letter, written, one) for one in people if one in mailed]
        lines += [
            _line(letter, written, one, _digest_at(letter, paces[one], city))
            for one in people
            if one in listed
        ]
    if mails:
        added = insert_into(Message).on_conflict_do_nothing(index_elements=["dedupe_key"])
        db.session.execute(added, mails)
    listing.keep(lines, at=letter.at)


def dedupe_key(about: str, address: str) -> str:
    """Return the key of the one message about something to an address; it does not give the address away."""
    return f"{about}:{address_tag(address)}"


def _as_text_message(letter: Post, write: Callable[[CityFacts, Recipient], str], city: CityFacts) -> Text:
    purpose = PURPOSES.get(letter.topic, SmsPurpose.NEWS)
    run_at = _run_at(letter, city)
    return Text(letter.about, purpose, write, letter.at, letter.case_id, run_at=run_at)


def _by_language(to: Sequence[Recipient], city: CityFacts) -> Iterator[tuple[str, Iterator[Recipient]]]:
    def spoken(one: Recipient) -> str:
        return offline.language_for(one.language, city)

    return groupby(sorted(to, key=spoken), key=spoken)


def _columns(letter: Post, language: str, written: Letter, city: CityFacts) -> dict[str, Any]:
    return {
        "channel": MessageChannel.MAIL,
        "case_id": letter.case_id,
        "created_at": letter.at,
        "run_at": _run_at(letter, city),
        "language": language,
        "subject": subject_of(written),
        "body_text": as_text(written),
        "body_html": as_html(written),
        "unsubscribe_url": written.unsubscribe,
        "takes_replies": letter.takes_replies,
        "in_reply_to": letter.in_reply_to,
    }


def _run_at(letter: Post, city: CityFacts) -> datetime:
    """Return when a message leaves: what can wait not in the city's quiet hours."""
    return after_quiet(letter.at, hours_of(city), city.zone) if letter.topic in CAN_WAIT else letter.at


def _mail(letter: Post, written: dict[str, Any], one: Recipient) -> dict[str, Any]:
    own = {
        "address": one.address,
        "account_id": one.account_id,
        "dedupe_key": dedupe_key(letter.about, one.address),
    }
    return {**written, **_own_stop(letter, written, one), **own}


def _digest_at(letter: Post, pace: Pace, city: CityFacts) -> datetime | None:
    return next_digest(letter.at, hours_of(city), city.zone) if pace is Pace.DIGEST else None


def _line(
    letter: Post, written: dict[str, Any], one: Recipient, digest_at: datetime | None
) -> dict[str, Any]:
    return {
        "account_id": one.account_id,
        "about": letter.about,
        "topic": letter.topic,
        "case_id": letter.case_id if letter.topic is not Topic.NOTICE else None,
        "language": written["language"],
        "subject": written["subject"],
        "path": letter.page,
        "told_at": letter.at,
        "digest_at": digest_at,
    }


def _own_stop(letter: Post, written: dict[str, Any], one: Recipient) -> dict[str, str]:
    if not letter.stand_in or one.account_id is None or letter.case_id is None:
        return {}
    own = links.unsubscribe_link(one.account_id, letter.case_id)
    return {column: written[column].replace(letter.stand_in, own) for column in WITH_STOP}
