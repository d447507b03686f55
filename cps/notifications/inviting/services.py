"""Writing to whom the city invites to work for it."""

from dataclasses import dataclass
from datetime import datetime

from cps.core.city import CityFacts
from cps.core.offline import absolute
from cps.notifications.inviting import wording
from cps.notifications.letters import Letter
from cps.notifications.queries import Recipient
from cps.notifications.rules import Topic
from cps.notifications.services.posting import Post, post


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is invited, by whom, with which token, until when."""

    name: str
    by: str
    token: str
    until: datetime


def tell_invited(invited: Invited, to: Recipient, key: str, *, at: datetime) -> None:
    """Write an invitation with its link; `key` is that of the fact."""
    page = absolute(f"/invited/{invited.token}")

    def write(city: CityFacts) -> Letter:
        return wording.invitation_letter(city, invited.name, invited.by, page, invited.until)

    post(Post(f"invited:{key}", write, at, topic=Topic.CODE), [to])
