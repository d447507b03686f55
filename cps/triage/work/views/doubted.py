"""Photos of the work that wait for a supervisor's look, beside what each is compared with."""

from dataclasses import dataclass
from typing import Any

from flask_login import current_user

from cps.cases.models import Attachment, Case
from cps.cases.pictures import pictures
from cps.cases.policy import reach_of
from cps.core.i18n import gettext as _
from cps.triage.work.doubt_words import older, same
from cps.triage.work.models import PhotoDoubt
from cps.triage.work.queries import doubts
from cps.triage.work.rules import PhotoDoubtKind


@dataclass(frozen=True, slots=True)
class Doubted:
    """A photo to look at: why, and it beside what it is compared with."""

    id: int
    why: str
    sides: list[tuple[Case, dict[str, Any]]]


def photo_parts() -> list[Doubted]:
    """Return the photos that wait for a look of the supervisor who asks."""
    return [_shown(*row) for row in doubts.open_doubts(reach_of(current_user))]


def _shown(
    doubt: PhotoDoubt, case: Case, photo: Attachment, other_case: Case | None, other: Attachment | None
) -> Doubted:
    if doubt.kind is PhotoDoubtKind.EARLIER or other is None or other_case is None:
        return Doubted(doubt.id, older(photo, case), [(case, _picture(photo))])
    sides = [(case, _picture(photo)), (other_case, _picture(other))]
    return Doubted(doubt.id, same(is_own=other_case.id == case.id), sides)


def _picture(photo: Attachment) -> dict[str, Any]:
    return pictures([photo], _("Photo of the work"))[0]
