"""Making message rows of a letter: one for each recipient, written in their language."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from cps.core import city as cities
from cps.core import offline
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.keys import app_key, keyed_tag
from cps.core.phone import is_phone
from cps.core.sms_budget import SmsPurpose
from cps.core.upsert import insert_into
from cps.notifications import links
from cps.notifications.letters import Letter, as_html, as_text, subject_of
from cps.notifications.models import Message
from cps.notifications.queries import Recipient
from cps.notifications.rules import MessageChannel
from cps.notifications.services.texting import Text, text_to

TAG_LENGTH = 32
WITH_STOP = ("body_text", "body_html", "unsubscribe_url")


@dataclass(frozen=True, slots=True)
class Post:
    """A letter to be posted: `write` writes it in the language of the running context.

    `about` names the fact: each address gets one message about it. `stand_in` is what the letter has in place
    of the address that stops it, which is each recipient's own. `short` writes the text message of who has
    only a number, for whom it counts as one of the `purpose`; without it they are not written to. Where it
    `takes_replies`, what its reader answers lands in the case. `in_reply_to` is the mail that it answers.
    """

    about: str
    write: Callable[[CityFacts], Letter]
    at: datetime
    case_id: int | None = None
    stand_in: str = ""
    short: Callable[[CityFacts, Recipient], str] | None = None
    purpose: SmsPurpose = SmsPurpose.NEWS
    takes_replies: bool = False
    in_reply_to: str = ""


def post(letter: Post, recipients: Sequence[Recipient]) -> None:
    """Add one message for each recipient; those that exist already are left alone.

    The letter is written once for all who read the same language.
    """
    to = [one for one in recipients if not is_phone(one.address)]
    if letter.short is not None:
        numbers = [one for one in recipients if is_phone(one.address)]
        text_to(Text(letter.about, letter.purpose, letter.short, letter.at, letter.case_id), numbers)
    if not to:
        return
    city = cities.get()
    rows = []
    for language, group in _by_language(to, city):
        with offline.speaking(language, city):
            written = _columns(letter, language, letter.write(city))
        for one in group:
            own = {
                "address": one.address,
                "account_id": one.account_id,
                "dedupe_key": dedupe_key(letter.about, one.address),
            }
            rows.append({**written, **_own_stop(letter, written, one), **own})
    db.session.execute(insert_into(Message).on_conflict_do_nothing(index_elements=["dedupe_key"]), rows)


def dedupe_key(about: str, address: str) -> str:
    """Return the key of the one message about something to an address; it does not give the address away."""
    return f"{about}:{keyed_tag(app_key('message'), address.casefold())[:TAG_LENGTH]}"


def _by_language(to: Sequence[Recipient], city: CityFacts) -> Iterator[tuple[str, Iterator[Recipient]]]:
    def spoken(one: Recipient) -> str:
        return offline.language_for(one.language, city)

    return groupby(sorted(to, key=spoken), key=spoken)


def _columns(letter: Post, language: str, written: Letter) -> dict[str, Any]:
    return {
        "channel": MessageChannel.MAIL,
        "case_id": letter.case_id,
        "created_at": letter.at,
        "run_at": letter.at,
        "language": language,
        "subject": subject_of(written),
        "body_text": as_text(written),
        "body_html": as_html(written),
        "unsubscribe_url": written.unsubscribe,
        "takes_replies": letter.takes_replies,
        "in_reply_to": letter.in_reply_to,
    }


def _own_stop(letter: Post, written: dict[str, Any], one: Recipient) -> dict[str, str]:
    if not letter.stand_in or one.account_id is None or letter.case_id is None:
        return {}
    own = links.unsubscribe_link(one.account_id, letter.case_id)
    return {column: written[column].replace(letter.stand_in, own) for column in WITH_STOP}
