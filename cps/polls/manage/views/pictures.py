"""A picture that comes with a form: stored before the transaction, and let go of where the form fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import request

from cps.cases.wording import PHOTO_REFUSALS
from cps.core.db import db
from cps.core.forms import add_error
from cps.core.i18n import gettext as _
from cps.core.images import ImageRefused
from cps.core.storage import StorageFull, current_storage
from cps.polls import pictures
from cps.polls.manage.forms.drafts import PictureForm
from cps.polls.models import Poll, PollOption
from cps.polls.pictures import Picture
from cps.polls.queries.managing import pictures_in_use


@dataclass(frozen=True, slots=True)
class Received:
    """What a form does with the picture of a poll or an option; without either it stays as it was."""

    picture: Picture | None
    removes: bool
    problem: str = ""

    def columns(self) -> dict[str, str]:
        """Return the columns that change."""
        if self.picture:
            return {"picture": self.picture.name, "picture_sha256": self.picture.sha256}
        return {"picture": "", "picture_sha256": ""} if self.removes else {}

    def check(self, form: PictureForm) -> None:
        """Say beside the field why the picture was refused."""
        if self.problem:
            add_error(form.picture, self.problem)


@contextmanager
def received(form: PictureForm, owner: Poll | PollOption | None) -> Iterator[Received]:
    """Store the picture that came with a form; afterwards delete what hangs on nothing, old or new."""
    found = _stored(form)
    before = owner.picture if owner else ""
    yield found
    touched = [name for name in (before, found.picture.name if found.picture else "") if name]
    if touched:
        db.session.rollback()
        pictures.forget({*touched} - pictures_in_use(touched), current_storage())


def _stored(form: PictureForm) -> Received:
    upload = request.files.get("picture")
    removes = bool(form.remove_picture.data)
    if upload is None or not upload.filename:
        return Received(None, removes)
    try:
        return Received(pictures.store(upload.stream, current_storage()), removes)
    except ImageRefused as error:
        return Received(None, removes=False, problem=str(PHOTO_REFUSALS[error.reason]))
    except StorageFull:
        return Received(None, removes=False, problem=_("There is no room for pictures just now."))
