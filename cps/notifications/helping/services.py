"""Telling one of two people what the other one did: said yes or no to helping, or ended it."""

from datetime import datetime

from cps.core.city import CityFacts
from cps.core.offline import absolute
from cps.helpers.rules import HelpTurn
from cps.notifications import queries
from cps.notifications.helping import wording
from cps.notifications.letters import Letter
from cps.notifications.queries import Recipient
from cps.notifications.rules import Topic
from cps.notifications.services.posting import Post, post

OWN_HELPERS = "/accounts/me/helpers"


def tell_turn(account_id: int, key: str, turn: HelpTurn, *, at: datetime) -> None:
    """Tell an account at once: whoever helps sees private cases."""
    page = absolute(OWN_HELPERS)

    def write(city: CityFacts) -> Letter:
        return wording.turn_letter(city, turn, page)

    def short(city: CityFacts, _to: Recipient) -> str:
        return wording.turn_text(city, turn, page)

    letter = Post(f"help:{key}", write, at, short=short, topic=Topic.ACCOUNT, page=OWN_HELPERS)
    post(letter, queries.recipients([account_id]))
