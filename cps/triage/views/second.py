"""An end that waits for a second pair of eyes, as the desk shows it: what was asked, by whom, and a no."""

from dataclasses import dataclass
from typing import Any

from flask_login import current_user

from cps.cases import queries as cases
from cps.cases.closing_models import ClosingRequest
from cps.cases.models import Case, CaseEvent
from cps.cases.pictures import pictures
from cps.cases.queries import seconding
from cps.cases.rules import Status
from cps.cases.services.needing import needs_of
from cps.cases.wording import reason_words, status_look
from cps.core.i18n import gettext as _
from cps.triage import queries
from cps.triage.work.doubt_words import doubts_in_words


@dataclass(frozen=True, slots=True)
class SecondLook:
    """An end that was asked for last: it waits, or a colleague said no and nothing else was asked since.

    `is_wanted`: its category still lets nobody end it so alone.
    """

    request: ClosingRequest
    event: CaseEvent
    asked_by: str
    is_own: bool
    photos: list[dict[str, Any]]
    doubts: list[str]
    is_wanted: bool = True
    no: CaseEvent | None = None
    no_by: str = ""

    @property
    def waits(self) -> bool:
        """Whether it still waits for a yes."""
        return self.request.decided_at is None

    @property
    def may_decide(self) -> bool:
        """Whether it waits for the person who is looking: a colleague of who asked."""
        return self.waits and not self.is_own

    @property
    def outcome(self) -> Any:
        """How the case would end, in words."""
        return status_look(Status.CLOSED, self.request.outcome).word

    @property
    def says(self) -> str:
        """What waits for whom, in words for who looks at the case."""
        if not self.is_own:
            name = self.asked_by or _("Somebody")
            return _(
                "%(name)s wants to close it as “%(outcome)s”. That waits for a second pair of eyes.",
                name=name,
                outcome=self.outcome,
            )
        if self.is_wanted:
            return _(
                "You want to close it as “%(outcome)s”: that waits for a colleague’s yes."
                " Close it again to write it anew.",
                outcome=self.outcome,
            )
        return _(
            "You want to close it as “%(outcome)s”: that waits for a colleague’s yes."
            " Its category does not need one any more: close it again, and it is closed.",
            outcome=self.outcome,
        )

    @property
    def facts(self) -> list[tuple[Any, Any]]:
        """What would be told, in the order of the form that closes."""
        data = self.event.data
        return [
            (_("How it would end"), self.outcome),
            (_("Written by"), self.asked_by),
            (_("Whose it is"), data.get("whose", "")),
            (_("Reason for the no"), reason_words(data)),
            (_("Why there is no photo"), data.get("why_no_photo", "")),
        ]


def second_of(case: Case) -> SecondLook | None:
    """Return the end of an open case that waits, or that a colleague said no to.

    One that waits stays also where its category does not want a second pair of eyes any more.
    """
    request = seconding.newest_closing(case.id) if case.is_open else None
    if request is None or (request.decided_at is not None and request.answer_event_id is None):
        return None
    keys = [key for key in (request.event_id, request.answer_event_id) if key is not None]
    event, *answered = cases.events_of(keys)
    no = answered[0] if answered else None
    decided_by = no.actor_id if no is not None else None
    people = queries.names_of(key for key in (request.asked_by_id, decided_by) if key is not None)
    hung = [photo for photo in cases.photos_of_events([event.id]) if not photo.is_hidden]
    return SecondLook(
        request,
        event,
        asked_by=people.get(request.asked_by_id or 0, ""),
        is_own=request.asked_by_id == current_user.id,
        photos=pictures(hung, _("Photo of the work")),
        doubts=doubts_in_words(hung, case) if request.decided_at is None else [],
        is_wanted=request.outcome.value in needs_of(case, current_user).second,
        no=no,
        no_by=people.get(decided_by or 0, ""),
    )
