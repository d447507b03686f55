"""The pictures of a proposal that is being written. One that cannot be read stops nothing else."""

from datetime import datetime, timedelta

from flask import abort, g, redirect, url_for
from flask.typing import ResponseReturnValue

from cps.cases.models import Attachment, Draft
from cps.cases.rules import MOST_PHOTOS
from cps.cases.services import drop_photo
from cps.cases.uploads import small_picture, stored_photos
from cps.core import clock, limits
from cps.core.db import transaction
from cps.core.errors import TooMany
from cps.core.i18n import gettext as _
from cps.core.i18n import ngettext
from cps.core.limits import Limit
from cps.core.security import public
from cps.core.storage import StorageFull, delete_files
from cps.proposals.forms import PlaceForm
from cps.proposals.queries.drafts import draft_photos
from cps.proposals.views import drafts
from cps.proposals.views.base import bp, is_limited

UPLOADS_OF_ADDRESS = Limit("proposal-photos-address", 300, timedelta(hours=1))


def store(form: PlaceForm, at: datetime) -> tuple[list[Attachment], list[str]]:
    """Store the pictures outside of any transaction; returns them and a sentence for each refused one."""
    files = [file for file in form.photos.data or [] if file and file.filename]
    if not files:
        return [], []
    try:
        uses = [(UPLOADS_OF_ADDRESS, drafts.address())] * len(files[:MOST_PHOTOS])
        limits.count_each(uses, at=at, enabled=is_limited())
        return stored_photos(files, zone=g.city.zone, at=at)
    except TooMany as error:
        return [], [error.message]
    except StorageFull:
        return [], [_("There is no room for pictures just now.")]


def left_out(count: int) -> list[str]:
    """Return in words how many found no room; nothing where all did."""
    if count <= 0:
        return []
    return [
        ngettext(
            "One picture was left out: a proposal holds up to %(most)s.",
            "%(num)s pictures were left out: a proposal holds up to %(most)s.",
            count,
            most=MOST_PHOTOS,
        )
    ]


@bp.post("/new/pictures/<token:name>/remove")
@public
def remove_picture(name: str) -> ResponseReturnValue:
    """Take a picture out of the draft; one that is gone already is no error."""
    keys: list[str] = []
    with transaction():
        draft = drafts.lock_newest(clock.now())
        photo = _picture(draft, name)
        if draft is not None and photo is not None:
            draft.updated_at = clock.now()
            keys = drop_photo(photo)
    delete_files(keys)
    return redirect(url_for(".place"), 303)


@bp.get("/new/pictures/<token:name>")
@public
def picture(name: str) -> ResponseReturnValue:
    """Serve a small picture to the one who is writing the draft."""
    if _picture(drafts.unsent(clock.now()), name) is None:
        abort(404)
    return small_picture(name)


def _picture(draft: Draft | None, name: str) -> Attachment | None:
    photos = draft_photos(draft.id) if draft is not None else ()
    return next((photo for photo in photos if photo.name == name), None)
