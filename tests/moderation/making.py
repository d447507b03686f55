"""Things to moderate, and acts about them, for tests."""

from collections.abc import Callable
from typing import Any

from cps.accounts.models import Account
from cps.cases.models import Attachment, Case, CaseEvent
from cps.cases.rules import HidingReason, PhotoStage
from cps.cases.services import store_photo
from cps.cases.services.photos import add_photos
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.storage import current_storage
from cps.moderation import queries, services
from cps.moderation.models import Act
from cps.moderation.queries import Found
from cps.moderation.rules import FlagReason, Thing
from cps.moderation.services import Hiding, Objection
from tests.support import factories as make

INSULT = Hiding(HidingReason.INSULT, "Please write again without insults.")
PERSONAL = Hiding(HidingReason.PERSONAL_DATA)


def flagged(
    thing: Thing,
    thing_id: int,
    reason: FlagReason = FlagReason.INSULT,
    *,
    by: Account | None = None,
    tag: str = "t",
) -> bool:
    """Let somebody object to a thing; a visitor without an account is known by the tag."""
    with transaction():
        found = queries.get_public(thing, thing_id, at=clock.now())
        return services.flag(found, Objection(reason, "Look at this."), by=by, tag=tag, at=clock.now())


def hidden(thing: Thing, thing_id: int, why: Hiding = INSULT, *, by: Account | None = None) -> int:
    """Let a moderator hide a thing; returns the key of the act."""
    return acted(thing, thing_id, lambda found, who: services.hide(found, why, by=who, at=clock.now()), by)


def redacted(thing: Thing, thing_id: int, *phrases: str, by: Account | None = None) -> int:
    """Let a moderator black out phrases; returns the key of the act."""

    def act(found: Found, who: Account) -> Act:
        return services.redact_words(found, phrases, PERSONAL, by=who, at=clock.now())

    return acted(thing, thing_id, act, by)


def shown_again(act_id: int, by: Account) -> None:
    """Let a moderator take an act back."""
    with transaction():
        act, found = queries.lock_act(act_id)
        services.show_again(act, found, by=by, at=clock.now())


def acted(
    thing: Thing, thing_id: int, act: Callable[[Found, Account], Any], by: Account | None = None
) -> int:
    """Do something about a locked thing as a moderator; returns the key of the act."""
    by = by or make.make_moderator()
    with transaction():
        key: int = act(queries.lock(thing, thing_id), by).id
        return key


def photo_of(case: Case, data: bytes) -> Attachment:
    """Hang a photo on a case, stored in its sizes."""
    photo = store_photo(data, storage=current_storage(), zone=make.ZONE, at=clock.now())
    with transaction() as session:
        add_photos(session.get_one(Case, case.id), [photo], PhotoStage.BEFORE)
    return photo


def case_again(case: Case) -> Case:
    """Return a case as it stands in the database."""
    db.session.expire_all()
    return db.session.get_one(Case, case.id)


def event_again(event: CaseEvent) -> CaseEvent:
    """Return an event as it stands in the database."""
    db.session.expire_all()
    return db.session.get_one(CaseEvent, event.id)
