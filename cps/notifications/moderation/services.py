"""Writing to authors and to readers who objected, each in their own way of messages."""

from datetime import datetime

from cps.core.city import CityFacts
from cps.core.offline import absolute
from cps.moderation import queries as moderation
from cps.moderation.models import Act
from cps.moderation.queries import Found
from cps.moderation.rules import Thing
from cps.moderation.wording import thing_words
from cps.notifications import links, queries
from cps.notifications.letters import Letter
from cps.notifications.moderation import wording
from cps.notifications.queries import Recipient
from cps.notifications.rules import Topic
from cps.notifications.services.posting import Post, post
from cps.notifications.services.telling import ends_of_reporter
from cps.notifications.told import services as told

ENDS, REDACTS = "show-again", "redact"


def tell_author(act_id: int, step: str, *, at: datetime) -> None:
    """Write to the author of a thing what was done, unless it has become private or its author is gone.

    A step that is behind already is not told: what was hidden and shown again at once is told once, as shown.
    """
    act = moderation.act(act_id)
    found = moderation.find(act.thing, act.thing_id) if act is not None else None
    if act is None or found is None or (act.ended_at is not None and step != ENDS):
        return
    reached = _author(found)
    if reached is None:
        return
    to, page = reached

    def write(city: CityFacts) -> Letter:
        return wording.act_letter(city, act, found.case, page)

    def short(city: CityFacts, _to: Recipient) -> str:
        return wording.act_text(city, act, found.case, page)

    own = f"/appeal/{act.id}"
    post(Post(f"moderated:{act.id}:{step}", write, at, short=short, topic=Topic.RECEIPT, page=own), [to])


def _author(found: Found) -> tuple[Recipient, str] | None:
    """Return how to reach the author, and where their link leads, without an account the secret one."""
    if found.is_by_reporter:
        reporter = queries.reporter_of(found.case.id)
        if reporter is None:
            return None
        return reporter.recipient, ends_of_reporter(reporter).case
    account = queries.recipients([found.author_id]) if found.author_id is not None else []
    return (account[0], links.case_link(found.case)) if account else None


def black_out_in_lists(act_id: int) -> None:
    """Let the lists of what people were told name a case as its title reads since parts were blacked out."""
    act = moderation.act(act_id)
    found = moderation.find(act.thing, act.thing_id) if act is not None else None
    if found is not None and found.thing is Thing.CASE:
        told.rename([found.case.id])


def tell_reader(flag_id: int, *, at: datetime) -> None:
    """Write to who objected with an account what a moderator decided."""
    flag = moderation.flag(flag_id)
    if flag is None or flag.account_id is None or flag.settled_at is None:
        return
    found = moderation.find(flag.thing, flag.thing_id)
    if found is None:
        return
    acts: list[Act] = list(moderation.standing(flag.thing, flag.thing_id))
    done = acts[0] if acts and acts[0].at >= flag.at else None

    def write(city: CityFacts) -> Letter:
        return wording.flag_letter(city, _called(found), done, flag.answer, absolute("/about/moderation"))

    def short(city: CityFacts, _to: Recipient) -> str:
        return wording.flag_text(city, _called(found), done)

    letter = Post(f"flag:{flag.id}", write, at, short=short, topic=Topic.RECEIPT, page="/about/moderation")
    post(letter, queries.recipients([flag.account_id]))


def _called(found: Found) -> str:
    return thing_words(found.thing, found.case.kind)
