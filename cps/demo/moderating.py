"""Moderation in the demo city: two objections, a hidden report, an appeal against it."""

from datetime import timedelta
from typing import Final

from cps.cases.rules import HidingReason
from cps.demo import queries
from cps.demo.plan import DOMAIN
from cps.demo.world import World
from cps.moderation import queries as moderation
from cps.moderation import services
from cps.moderation.rules import FlagReason, Thing
from cps.moderation.services import Hiding, Objection

WITH_PLATE: Final = "A blue van that has become a home for cats"
WITH_INSULT: Final = "Ugly words about a teacher on the wall"
OBJECTION: Final = "One can read the number plate."
NOTE: Final = "The words about the teacher stand in your report once more. Please tell us without them."
APPEAL: Final = "I wrote what is on the wall so that you find it. I did not mean to say it myself."


def make(world: World) -> None:
    """Let a visitor object to a report, hide another one, and let its reporter appeal."""
    case = queries.case_titled(WITH_PLATE)
    objection = Objection(FlagReason.PERSONAL_DATA, OBJECTION)
    found = moderation.get(Thing.CASE, case.id)
    services.flag(found, objection, by=None, tag="demo", at=world.now - timedelta(hours=3))
    hidden = moderation.lock(Thing.CASE, queries.case_titled(WITH_INSULT).id)
    moderator = queries.account(f"moderator@{DOMAIN}")
    why = Hiding(HidingReason.INSULT, NOTE)
    hidden_at = max(world.now - timedelta(days=2), hidden.case.updated_at)
    act = services.hide(hidden, why, by=moderator, at=hidden_at)
    appealed_at = max(world.now - timedelta(hours=7), hidden_at)
    services.appeal(act, hidden, APPEAL, language="en", at=appealed_at)
