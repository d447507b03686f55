"""A case as officers see it: its row in the list, its whole story with who did what, its reporter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cps.accounts.models import Account
from cps.cases.models import Attachment, Case, CaseContact, CaseEvent
from cps.cases.rules import (
    FROM_REPORTER,
    Audience,
    Colour,
    EventKind,
    Outcome,
    Priority,
    Status,
    Turn,
    colour,
)
from cps.cases.rules.holding import UNDONE
from cps.cases.wording import PRIORITIES, event_words, reason_words, status_look
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.departments.catalogue import Catalogue
from cps.helpers.wording import helper_in

FROM_OUTSIDE = frozenset(
    {
        Turn.PARTNER_ANSWERED.value,
        Turn.PARTNER_RETURNED.value,
        Turn.SYSTEM_DONE.value,
        Turn.SYSTEM_AGAIN.value,
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the story; `detail` says from what to what."""

    event: CaseEvent
    what: Any
    who: str
    detail: str
    colour: str | None
    photos: list[Attachment]

    @property
    def is_note(self) -> bool:
        """Whether only staff read it."""
        return self.event.audience is Audience.STAFF

    @property
    def is_between(self) -> bool:
        """Whether only the reporter and the city read it."""
        return self.event.audience is Audience.REPORTER

    @property
    def is_undone(self) -> bool:
        """Whether it was taken back before anybody outside was told."""
        return UNDONE in self.event.data

    @property
    def is_reply(self) -> bool:
        """Whether somebody answered the city: the reporter, a partner, or its system."""
        return self.event.kind is EventKind.REPLIED or self.event.data.get("turn") in FROM_OUTSIDE

    @property
    def reason(self) -> str:
        """Why the city says no, in the page's language; empty for all others."""
        return reason_words(self.event.data)

    @property
    def why_no_photo(self) -> str:
        """Why a repair was closed without a photo; empty for all others."""
        return str(self.event.data.get("why_no_photo", ""))


def story_of(
    case: Case,
    events: Sequence[Any],
    photos: Iterable[Attachment],
    catalogue: Catalogue,
    people: Mapping[int, str],
    helpers: Mapping[int, str] | None,
) -> list[Entry]:
    """Return the story as `queries.story` read it, each event with its photos.

    `people` are names by id, `helpers` those of who helps the reporter; None where nobody may learn who
    reports.
    """
    by_event: dict[int | None, list[Attachment]] = {}
    for photo in photos:
        by_event.setdefault(photo.event_id, []).append(photo)
    return [
        Entry(
            event=event,
            what=_what(event, people),
            who=_who(case, event, name, helpers),
            detail=_detail(event, catalogue),
            colour=_colour(event),
            photos=by_event.get(event.id, []),
        )
        for event, name in events
    ]


def people_in(case: Case, events: Sequence[Any]) -> set[int]:
    """Return whom the case and its story name besides those who acted."""
    given = {event.data.get("to") for event, _name in events if event.kind is EventKind.ASSIGNED}
    return {to for to in (*given, case.assignee_id) if to is not None}


def names_of_actors(events: Sequence[Any]) -> dict[int, str]:
    """Return the names that came with the story."""
    return {event.actor_id: name for event, name in events if event.actor_id is not None and name}


def _what(event: CaseEvent, people: Mapping[int, str]) -> Any:
    if event.kind is EventKind.ASSIGNED:
        to = event.data.get("to")
        if to is None:
            return _("Given back to the department")
        return _("Given to %(name)s", name=people[to]) if people.get(to) else _("Given to an officer")
    return second_words(event.data) or event_words(event.kind, event.status, event.outcome, event.data)


def second_words(data: Mapping[str, Any]) -> str:
    """Return what an event says of an end that needs a second pair of eyes; "" for all other events."""
    wanted, refused = data.get("ends"), data.get("refuses")
    if wanted in list(Outcome):
        word = status_look(Status.CLOSED, Outcome(wanted)).word
        return _("Asked for a second pair of eyes: %(outcome)s", outcome=word)
    if refused in list(Outcome):
        word = status_look(Status.CLOSED, Outcome(refused)).word
        return _("Said no to closing it: %(outcome)s", outcome=word)
    return ""


def _who(case: Case, event: CaseEvent, name: str | None, helpers: Mapping[int, str] | None) -> str:
    if by_helper := helper_in(case, event, helpers or {}):
        return by_helper
    if event.kind in FROM_REPORTER and (helpers is None or event.actor_id in {None, case.reporter_id}):
        return _("Reporter")
    return name or ""


def _colour(event: CaseEvent) -> str | None:
    """Colour what is in hand or done; red is for late cases alone."""
    if event.status is None or colour(event.status) is Colour.WAITING:
        return None
    return colour(event.status).value


def _detail(event: CaseEvent, catalogue: Catalogue) -> str:
    before, after = event.data.get("from"), event.data.get("to")
    if (told := _whose(event, catalogue)) or (told := event.data.get("partner", "")):
        return str(told)
    if event.kind is EventKind.PRIORITISED and after in list(Priority):
        return str(PRIORITIES[Priority(after)])
    known: Mapping[Any, Any] = {
        EventKind.CATEGORISED: catalogue.categories,
        EventKind.TRANSFERRED: catalogue.departments,
    }.get(event.kind, {})
    if before not in known or after not in known:
        return ""
    words = {"before": localized(known[before].name), "after": localized(known[after].name)}
    return _("From “%(before)s” to “%(after)s”", **words)


def _whose(event: CaseEvent, catalogue: Catalogue) -> str:
    """Return whom a department names that says "not ours"."""
    named = catalogue.departments.get(event.data.get("names") or 0)
    whose = localized(named.name) if named else event.data.get("whose", "")
    return _("It names: %(whose)s", whose=whose) if whose else ""


@dataclass(frozen=True, slots=True)
class Reporter:
    """How to reach who reported it."""

    name: str
    email: str
    phone: str

    @property
    def is_known(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.name or self.email or self.phone)


def reporter_of(contact: CaseContact | None, account: Account | None) -> Reporter:
    """Return what was left on the case, and for what was not, what the reporter's account says."""

    def known(of_contact: str, of_account: str) -> str:
        return (getattr(contact, of_contact, "") or getattr(account, of_account, "")) or ""

    return Reporter(known("name", "display_name"), known("email", "email"), known("phone", "phone"))
