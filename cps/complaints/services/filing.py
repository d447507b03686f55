"""What becomes a case: a draft whose steps are all done."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cps.accounts.models import Account
from cps.cases import services as cases
from cps.cases.models import Draft
from cps.cases.queries.voice import note_of_draft
from cps.cases.rules import Audience, Channel, EventKind
from cps.cases.services import Contact, Filed, NewCase
from cps.cases.services.integrity import About
from cps.cases.services.story import record
from cps.cases.services.voice import unwritten_words
from cps.complaints import queries
from cps.complaints.rules import SUGGESTIONS, Step
from cps.complaints.services.sealing import seal
from cps.complaints.services.suggesting import surer_category, tell_surer
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.errors import AlreadyDone
from cps.core.forms import spend_key
from cps.core.i18n import OWN_NAMES
from cps.core.i18n import gettext as _
from cps.core.phone import is_phone
from cps.core.text import detect_language
from cps.departments import danger
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory


@dataclass(frozen=True, slots=True)
class Sending:
    """Who sends a draft, and what is known of it besides its content; a helper sends it for the reporter."""

    token: str
    category: KnownCategory
    reporter: Account | None
    city: CityFacts
    page_language: str
    is_doubtful: bool = False
    helper: Account | None = None


def file_draft(draft: Draft, sending: Sending, *, at: datetime) -> Filed:
    """Make a case of a locked draft whose steps are all done, and empty the draft.

    What only its reporter may know stays in the draft, readable with the draft's token alone; of a helper's
    draft nothing does, for PIN and link would outlast the help. The token itself is spent as a form key: a
    phone may send it once more when the draft is long gone. Raises AlreadyDone where it was spent before.
    """
    surer = surer_category(draft, sending.category, least=sending.city.settings.get(SUGGESTIONS))
    chosen = sending if surer is None else replace(sending, category=surer[0])
    urgent = is_urgent(draft, sending.category, sending.city.danger_words)
    filed = cases.file_case(_new_case(draft, chosen, is_urgent=urgent), zone=sending.city.zone, at=at)
    if surer is not None:
        tell_surer(filed.case, sending.category, *surer, at=at)
    draft.case_id = filed.case.id
    keys = {"pin": filed.pin, "secret": filed.secret}
    draft.content = {} if sending.helper else {"sealed": seal(sending.token, keys)}
    draft.updated_at = at
    if not spend_key(sending.token, purpose="draft", leads_to=filed.case.reference, at=at):
        raise AlreadyDone(_("This complaint was sent already."))
    if sending.is_doubtful:
        _mark_doubtful(filed, sending, at)
    db.session.flush()
    return filed


def is_urgent(draft: Draft, category: KnownCategory, words: danger.Words) -> bool:
    """Return whether the words of a draft, or its answers to what the category asks, tell of danger."""
    body = draft.content["typed"].get(Step.WORDS, {}).get("body", "")
    return danger.is_told(body, draft.content.get("answers", {}), category, words)


def _new_case(draft: Draft, sending: Sending, *, is_urgent: bool) -> NewCase:
    content = draft.content
    typed = {step: content["typed"].get(step.value, {}) for step in Step}
    body = typed[Step.WORDS]["body"]
    details = typed[Step.DETAILS]
    place = content["place"]
    visitor = sending.reporter is None
    language = detect_language(body, OWN_NAMES) or sending.page_language
    voice = note_of_draft(draft.id)
    if voice is not None:
        voice.stands_for_words = not body
    return NewCase(
        body=body or unwritten_words(language),
        language=language,
        category=sending.category,
        channel=Channel.WEB,
        answers=content["answers"],
        lat=place["lat"],
        lon=place["lon"],
        ward_id=place["ward_id"],
        address=typed[Step.PLACE].get("address", ""),
        is_private=details.get("privacy") == "private",
        is_urgent=is_urgent,
        contact=Contact(
            name=details.get("name", "") if visitor else "",
            **_reached_at(content["email"] if visitor else ""),
            language=sending.page_language,
        ),
        reporter=sending.reporter,
        filed_by=sending.helper,
        photos=queries.draft_photos(draft.id),
        voice=voice,
        about=_about(details),
    )


def _about(details: Mapping[str, Any]) -> About:
    """Return whom a complaint about staff names; the department may be gone since it was chosen."""
    named = departments.catalogue().department(details.get("about_department") or "")
    return About(named.id if named else None, details.get("about_person") or "")


def _reached_at(address: str) -> dict[str, str]:
    """Return the normal address of mail, or the number, as what it is."""
    return {"phone": address} if is_phone(address) else {"email": address}


def _mark_doubtful(filed: Filed, sending: Sending, at: datetime) -> None:
    message = _("This looks automatic: a field that people do not see was filled, or it came too fast.")
    record(
        filed.case,
        EventKind.NOTED,
        by=None,
        at=at,
        message=message,
        language=sending.page_language,
        audience=Audience.STAFF,
    )
