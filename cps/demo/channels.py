"""Channels of the demo city, and messages that wait for a person; nobody can hand anything over yet."""

from datetime import timedelta
from typing import Final

from cps.cases.rules import Status
from cps.channels.models import IncomingMessage, WayIn
from cps.channels.rules import Incoming, WayKind, Why
from cps.channels.tags import external_tag, sender_tag
from cps.core.db import db
from cps.demo import queries
from cps.demo.world import World

WAYS: Final = (
    ("city-number", WayKind.SMS, "+82 10 0000 0119"),
    ("post", WayKind.MAIL, "city@aurelia.example"),
    ("talk", WayKind.CHAT, ""),
)
"""Without a secret: `cps channel add … --new-secret` makes one."""

WAITING: Final = (
    ("city-number", "+821000000042", "", "I saw it too this morning", "en", Why.NOT_REPORTER),
    ("post", "news@garden.example", "Bulbs for your balcony", "This week everything at half price.", "en",
     Why.MAILING_LIST),
    ("talk", "user-1807", "", "가로등 또 나갔어요. 지난주에도 말했는데요.", "ko", Why.TOO_MANY),
)  # fmt: skip
"""Way, sender, subject, words, language, why it waits; the first is about the newest public case."""


def make(world: World) -> None:
    """Add the channels and what waits."""
    db.session.add_all(WayIn(name=name, kind=kind, address=address) for name, kind, address in WAYS)
    about = queries.newest_public_case(Status.IN_PROGRESS)
    for number, (way, sender, subject, words, language, why) in enumerate(WAITING, 1):
        at = world.now - timedelta(hours=5 * number)
        db.session.add(
            IncomingMessage(
                way=way,
                external_id=external_tag(f"demo {number}"),
                sender_tag=sender_tag(sender),
                sender=sender,
                received_at=at,
                entered_at=at,
                subject=subject,
                text=words,
                language=language,
                state=Incoming.QUARANTINED,
                reason=why.value,
                case_id=about.id if about is not None and why is Why.NOT_REPORTER else None,
            )
        )
    db.session.flush()
