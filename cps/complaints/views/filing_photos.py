"""Filing a complaint, first step: photos, or none. A photo that fails never stops the complaint."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import BinaryIO, cast

from flask import abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from cps.cases.models import Draft
from cps.cases.rules import MOST_PHOTOS
from cps.cases.services.photos import store_placed_photo
from cps.cases.uploads import forget_unused, small_picture
from cps.cases.wording import PHOTO_REFUSALS
from cps.complaints import queries, services
from cps.complaints.forms import PhotosForm
from cps.complaints.views import drafts
from cps.complaints.views.public import bp
from cps.core import clock, limits
from cps.core.db import transaction
from cps.core.errors import TooMany
from cps.core.i18n import gettext as _
from cps.core.i18n import ngettext
from cps.core.images import ImageRefused
from cps.core.limits import Limit
from cps.core.security import public
from cps.core.storage import StorageFull, current_storage, delete_files
from cps.core.text import one_line

UPLOADS = Limit("draft-photos", 60, timedelta(hours=1))
UPLOADS_OF_ADDRESS = Limit("draft-photos-address", 600, timedelta(hours=1))
NAME_LENGTH = 60


def photos_page(draft: Draft | None, refused: Sequence[str]) -> str:
    """Return the first step: the photos kept so far, and what was wrong with those that were not."""
    return render_template(
        "complaints/filing/photos.html",
        drawn=drafts.token_of(draft),
        form=PhotosForm(formdata=None),
        photos=queries.draft_photos(draft.id) if draft else [],
        most=MOST_PHOTOS,
        refused=refused,
    )


@bp.get("/new/photos")
@public
def photos() -> ResponseReturnValue:
    """Ask for photos."""
    return photos_page(drafts.unsent(clock.now()), [])


@bp.post("/new/photos")
@public
def add_photos() -> ResponseReturnValue:
    """Keep the photos that can be read and tell of each other one why not; without any, go on."""
    at = clock.now()
    files = [f for name in ("camera", "photos") for f in request.files.getlist(name) if f.filename]
    draft: Draft | None = None
    refused: list[str] = []
    if files:
        stored, refused = _store(files)
        with transaction():
            draft = drafts.lock_or_begin(at)
            fresh, again = services.part_known(draft, stored)
            left_over = services.add_photos(draft, fresh, at=at)
        forget_unused(again + left_over)
        refused += _left_out(len(left_over))
    if refused:
        return photos_page(draft, refused), 422
    return redirect(url_for(".photos" if "more" in request.form else ".place"), 303)


def _store(files: list[FileStorage]) -> tuple[list[services.Placed], list[str]]:
    """Store the photos outside of any transaction; returns them and a sentence for each refused one."""
    stored: list[services.Placed] = []
    refused: list[str] = []
    for file in files[:MOST_PHOTOS]:
        try:
            count_upload(drafts.sender(), clock.now())
            stored.append(
                store_placed_photo(
                    cast("BinaryIO", file.stream), storage=current_storage(), zone=g.city.zone, at=clock.now()
                )
            )
        except ImageRefused as error:
            refused.append(f"{_name(file)}: {PHOTO_REFUSALS[error.reason]}")
        except StorageFull:
            refused.append(_("%(name)s: There is no room for photos just now.", name=_name(file)))
        except TooMany:
            refused.append(
                _("%(name)s: These were many photos at once. Please wait a little.", name=_name(file))
            )
    return stored, refused + _left_out(len(files) - MOST_PHOTOS)


def count_upload(sender: str, at: datetime) -> None:
    """Count a photo that is about to be stored; raises TooMany."""
    config = current_app.extensions["cps_config"]
    uses = [(UPLOADS, sender), (UPLOADS_OF_ADDRESS, drafts.address())]
    limits.count_each(uses, at=at, enabled=config.rate_limits)


def _name(file: FileStorage) -> str:
    return one_line(file.filename or "")[:NAME_LENGTH]


def _left_out(count: int) -> list[str]:
    if count <= 0:
        return []
    return [
        ngettext(
            "One photo was left out: a complaint holds up to %(most)s.",
            "%(num)s photos were left out: a complaint holds up to %(most)s.",
            count,
            most=MOST_PHOTOS,
        )
    ]


@bp.post("/new/photos/<token:name>/remove")
@public
def remove_photo(name: str) -> ResponseReturnValue:
    """Take a photo out of the draft; one that is gone already is no error."""
    at, keys = clock.now(), []
    with transaction():
        draft = drafts.lock_newest(at)
        photo = queries.draft_photo(draft.id, name) if draft else None
        if draft is not None and photo is not None:
            keys = services.drop_photo(draft, photo, at=at)
    delete_files(keys)
    return redirect(url_for(".photos"), 303)


@bp.get("/new/photos/<token:name>")
@public
def draft_photo(name: str) -> ResponseReturnValue:
    """Serve a small picture of a photo to the one who is writing the draft."""
    draft = drafts.unsent(clock.now())
    if draft is None or queries.draft_photo(draft.id, name) is None:
        abort(404)
    return small_picture(name)
