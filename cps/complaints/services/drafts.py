"""The draft with its steps, its photos and its voice note, and its end where it is not sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cps.accounts.partings import Parting
from cps.cases import services as cases
from cps.cases.models import Attachment, Draft
from cps.cases.queries.voice import note_of_draft
from cps.cases.rules import MOST_PHOTOS
from cps.cases.services.voice import drop_note
from cps.cases.voice_models import VoiceNote
from cps.complaints import queries
from cps.complaints.rules import Step
from cps.core.db import db
from cps.core.storage import Storage
from cps.core.upsert import insert_into
from cps.wards import services as wards
from cps.wards.geometry import PlaceKind

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
