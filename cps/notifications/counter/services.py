"""Telling somebody the code that they read to the clerk, or to the agent on the phone."""

from datetime import datetime

from cps.core.city import CityFacts
from cps.notifications import sms_wording
from cps.notifications.counter import wording
from cps.notifications.letters import Letter
from cps.notifications.queries import Recipient
from cps.notifications.rules import Topic
from cps.notifications.services.posting import Post, post


def tell_code(asked: str, code: str, to: Recipient, *, at: datetime) -> None:
    """Write the message with a code for the counter; `asked` is the key of the fact."""

    def write(city: CityFacts) -> Letter:
        return wording.code_letter(city, code)

    def short(city: CityFacts, _to: Recipient) -> str:
        return sms_wording.counter_code_text(city, code)

    post(Post(f"counter-code:{asked}", write, at, short=short, topic=Topic.CODE), [to])


def tell_proposal_code(asked: str, code: str, title: str, to: Recipient, *, at: datetime) -> None:
    """Write the message with a code by which a caller proposes; `asked` is the key of the fact.

    By mail it says what the agent has written down, so that nobody agrees to something else than they
    believe; a text message has room for the code alone.
    """

    def write(city: CityFacts) -> Letter:
        return wording.proposal_code_letter(city, code, title)

    def short(city: CityFacts, _to: Recipient) -> str:
        return sms_wording.proposal_code_text(city, code)

    post(Post(f"proposal-code:{asked}", write, at, short=short, topic=Topic.CODE), [to])
