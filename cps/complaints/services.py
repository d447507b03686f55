"""Writes of filing: the draft with its steps and photos, and what becomes a case."""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from cps.accounts.models import Account
from cps.accounts.partings import Parting
from cps.cases import services as cases
from cps.cases.models import Attachment, Case, Draft
from cps.cases.queries.voice import note_of_draft
from cps.cases.rules import MOST_PHOTOS, Audience, Channel, EventKind
from cps.cases.services import Contact, Filed, NewCase
from cps.cases.services.integrity import About
from cps.cases.services.story import record
from cps.cases.services.voice import drop_note, unwritten_words
from cps.cases.voice_models import VoiceNote
from cps.complaints import learning, queries
from cps.complaints.rules import SUGGESTIONS, Step
from cps.core import audit
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.errors import AlreadyDone, RuleViolation
from cps.core.forms import spend_key
from cps.core.i18n import OWN_NAMES
from cps.core.i18n import gettext as _
from cps.core.keys import derived
from cps.core.models import City
from cps.core.phone import is_phone
from cps.core.phrases import has_any
from cps.core.storage import Storage
from cps.core.text import detect_language
from cps.core.upsert import insert_into
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory
from cps.departments.suggesting import Suggestion
from cps.wards import services as wards
from cps.wards.geometry import PlaceKind
from cps.wards.services import Located

GONE_AT_ONCE = 200
FOR = "for"
"""Under this name a draft keeps by which consent of a helper it is filed."""

Placed = tuple[Attachment, tuple[float, float] | None]
"""A stored photo with the place it tells, as latitude and longitude."""


def begin_draft(token_hash: str, *, account_id: int | None, at: datetime) -> Draft:
    """Make an empty draft that whoever has the token can go on with."""
    draft = Draft(token_hash=token_hash, account_id=account_id, content={}, created_at=at, updated_at=at)
    db.session.add(draft)
    return draft


def begin_draft_for(token_hash: str, consent_id: int, *, account_id: int, at: datetime) -> Draft:
    """Make an empty draft of a helper, who files by this consent."""
    draft = begin_draft(token_hash, account_id=account_id, at=at)
    draft.content = {FOR: consent_id}
    return draft


def begin_draft_once(token_hash: str, *, account_id: int | None, at: datetime) -> None:
    """Make an empty draft unless there is one of this token, also one that begins at the same moment."""
    columns = {"token_hash": token_hash, "account_id": account_id, "created_at": at, "updated_at": at}
    insert = insert_into(Draft).values(**columns, content={}, version=1)
    db.session.execute(insert.on_conflict_do_nothing(index_elements=["token_hash"]))


def take_over(draft: Draft, token_hash: str, *, at: datetime) -> None:
    """Give a draft to another device of the same account; the token of the first no longer opens it."""
    draft.token_hash = token_hash
    draft.updated_at = at


def keep(draft: Draft, step: Step, typed: Mapping[str, Any], *, at: datetime) -> None:
    """Keep what was typed in a step as it is; the step counts as not done until `finish`."""
    content = dict(draft.content)
    content["typed"] = {**content.get("typed", {}), step.value: dict(typed)}
    content["done"] = [done for done in content.get("done", []) if done != step.value]
    draft.content = content
    draft.updated_at = at


def finish(draft: Draft, step: Step, values: Mapping[str, Any] | None = None) -> None:
    """Mark a kept step as done, with what was read from it."""
    content = {**draft.content, **(values or {})}
    content["done"] = [*content.get("done", []), step.value]
    draft.content = content


def forget_details(draft: Draft) -> None:
    """Let the details be asked anew, because the category is another one; the contact stays."""
    content = dict(draft.content)
    typed = content.get("typed", {}).get(Step.DETAILS.value, {})
    kept = {name: value for name, value in typed.items() if name in {"email", "name"}}
    content["typed"] = {**content.get("typed", {}), Step.DETAILS.value: kept}
    content["done"] = [done for done in content.get("done", []) if done != Step.DETAILS.value]
    draft.content = content


def part_known(draft: Draft, photos: Sequence[Placed]) -> tuple[list[Placed], list[Attachment]]:
    """Part stored photos into those that are new to a draft and those it has: sent again, or chosen twice."""
    db.session.flush()
    known, fresh, again = queries.hashes_of_draft(draft.id), [], []
    for photo, position in photos:
        if photo.original_sha256 in known:
            again.append(photo)
        else:
            fresh.append((photo, position))
        known.add(photo.original_sha256)
    return fresh, again


def add_photos(draft: Draft, photos: Sequence[Placed], *, at: datetime) -> list[Attachment]:
    """Hang stored photos on a draft with the places they tell; returns those for which there was no room."""
    db.session.flush()
    room = max(0, MOST_PHOTOS - queries.count_draft_photos(draft.id))
    places = dict(draft.content.get("photo_places", {}))
    for photo, position in photos[:room]:
        photo.draft_id = draft.id
        db.session.add(photo)
        if position is not None and _is_in_city(position):
            places[photo.name] = list(position)
    draft.content = {**draft.content, "photo_places": places}
    draft.updated_at = at
    db.session.flush()
    return [photo for photo, _position in photos[room:]]


def _is_in_city(position: tuple[float, float]) -> bool:
    located = wards.locate(*position)
    return located is None or located.kind is not PlaceKind.OUTSIDE


def drop_photo(draft: Draft, photo: Attachment, *, at: datetime) -> list[str]:
    """Remove a photo from a draft; returns the storage keys to delete after the transaction."""
    places = dict(draft.content.get("photo_places", {}))
    places.pop(photo.name, None)
    draft.content = {**draft.content, "photo_places": places}
    draft.updated_at = at
    return cases.drop_photo(photo)


def keep_voice(draft: Draft, note: VoiceNote, *, at: datetime) -> list[str]:
    """Let a locked draft have this voice note alone; returns the storage keys of the one before."""
    keys = drop_voice(draft, at=at)
    note.draft_id = draft.id
    db.session.add(note)
    return keys


def drop_voice(draft: Draft, *, at: datetime) -> list[str]:
    """Remove the voice note of a locked draft; returns the storage keys to delete after the transaction.

    Without any words either the step of words is not done any more.
    """
    db.session.flush()
    note = note_of_draft(draft.id)
    if note is None:
        return []
    typed = draft.content.get("typed", {}).get(Step.WORDS.value, {})
    if not typed.get("body"):
        keep(draft, Step.WORDS, typed, at=at)
    draft.updated_at = at
    return drop_note(note)


def drop_draft(draft: Draft) -> list[str]:
    """Delete a draft that was not sent, with its files; returns the storage keys to delete afterwards."""
    keys = [key for photo in queries.draft_photos(draft.id) for key in cases.drop_photo(photo)]
    keys += drop_note(note) if (note := note_of_draft(draft.id)) is not None else []
    db.session.flush()
    db.session.delete(draft)
    return keys


def forget_drafts(parting: Parting) -> list[str]:
    """Delete every draft of an account that is being deleted, and those in which its addresses stand.

    Returns the storage keys to delete afterwards; the photos of a draft that was sent are the case's.
    """
    keys = []
    for draft in queries.drafts_about(parting.account_id, parting.addresses):
        if draft.case_id is None:
            keys += drop_draft(draft)
        else:
            db.session.delete(draft)
    db.session.flush()
    return keys


def clear_gone_drafts(storage: Storage, *, at: datetime) -> bool:
    """Delete drafts that nobody can go on with any more, and their photos; returns whether more may wait."""
    gone = queries.gone_drafts(at, limit=GONE_AT_ONCE)
    for draft in gone:
        for key in drop_draft(draft):
            storage.delete(key)
    return len(gone) == GONE_AT_ONCE


@dataclass(frozen=True, slots=True)
class Settled:
    """Where a complaint is, as it is kept; `located` is None where nothing can be said of the position."""

    lat: float | None
    lon: float | None
    ward_id: int | None
    located: Located | None

    @property
    def is_outside(self) -> bool:
        """Whether the position is not in the city."""
        return self.located is not None and self.located.kind is PlaceKind.OUTSIDE


def settle(position: tuple[float, float] | None, ward_id: int | None) -> Settled:
    """Return where it is: the ward of the position where there is one, else the ward that was chosen."""
    if position is None:
        return Settled(None, None, ward_id, None)
    located = wards.locate(*position)
    return Settled(*position, located.ward.id if located else ward_id, located)


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
    surer = _surer(draft, sending)
    chosen = sending if surer is None else replace(sending, category=surer[0])
    filed = cases.file_case(_new_case(draft, chosen), zone=sending.city.zone, at=at)
    if surer is not None:
        _tell_surer(filed.case, sending.category, *surer, at=at)
    draft.case_id = filed.case.id
    keys = {"pin": filed.pin, "secret": filed.secret}
    draft.content = {} if sending.helper else {"sealed": _seal(sending.token, keys)}
    draft.updated_at = at
    if not spend_key(sending.token, purpose="draft", leads_to=filed.case.reference, at=at):
        raise AlreadyDone(_("This complaint was sent already."))
    if sending.is_doubtful:
        _mark_doubtful(filed, sending, at)
    db.session.flush()
    return filed


def set_suggestions(*, applies: bool, by: int, at: datetime) -> None:
    """Let sure suggestions be applied to what is filed from now on, or no more.

    From how sure on, the measure says. Raises RuleViolation where nothing is right often enough.
    """
    known = departments.learned_words()
    threshold = known.measured.threshold() if known and known.measured else None
    if applies and threshold is None:
        raise RuleViolation(_("Suggestions are not right often enough to be applied by themselves."))
    row = db.session.get_one(City, 1, populate_existing=True, with_for_update=True)
    before, after = row.settings.get(SUGGESTIONS), threshold if applies else None
    if before != after:
        row.settings = {**row.settings, SUGGESTIONS: after}
        changes = {SUGGESTIONS: [before, after]}
        audit.record("set-suggestions", about=("city", 1), by=by, at=at, changes=changes)
        db.session.flush()


def _surer(draft: Draft, sending: Sending) -> learning.Found | None:
    """Return the category that the words are surer of; answers to questions belong to the chosen one."""
    body = draft.content["typed"][Step.WORDS.value]["body"]
    if draft.content["answers"] or not body:
        return None
    return learning.surer(body, sending.category, least=sending.city.settings.get(SUGGESTIONS))


def _tell_surer(
    case: Case, before: KnownCategory, after: KnownCategory, suggestion: Suggestion, *, at: datetime
) -> None:
    """Leave in the story, for staff, that the words and not the resident chose the category."""
    data = {"from": before.id, "to": after.id, "sure": round(suggestion.sure, 3)}
    record(case, EventKind.CATEGORISED, by=None, at=at, audience=Audience.STAFF, data=data)
    told = {"category_id": [before.id, after.id], "sure": [None, data["sure"]]}
    audit.record("apply-suggestion", about=("case", case.reference), by=None, at=at, changes=told)


def opened(draft: Draft, token: str) -> tuple[str, str] | None:
    """Return PIN and secret of a sent draft to whoever has its token."""
    try:
        keys = json.loads(_cipher(token).decrypt(str(draft.content.get("sealed", "")).encode()))
    except InvalidToken:
        return None
    return keys["pin"], keys["secret"]


def has_danger(text: str, words: Mapping[str, Iterable[str]]) -> bool:
    """Return whether a text has a danger word of any language."""
    return has_any(text, (word for own in words.values() for word in own))


def _new_case(draft: Draft, sending: Sending) -> NewCase:
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
        is_urgent=has_danger(body, sending.city.danger_words),
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


def _seal(token: str, keys: dict[str, str]) -> str:
    return _cipher(token).encrypt(json.dumps(keys).encode()).decode()


def _cipher(token: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived(token, "draft-keys")))
