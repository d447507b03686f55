"""What is odd about photos of the work, in words."""

from collections.abc import Iterable

from cps.cases.models import Attachment, Case
from cps.core.i18n import gettext as _
from cps.core.i18n import long_date
from cps.triage.work.queries import doubts
from cps.triage.work.rules import is_older


def doubts_in_words(photos: Iterable[Attachment], case: Case) -> list[str]:
    """Return what is odd about photos of the work before they are out, each sentence once."""
    found: dict[str, None] = {}
    for photo in photos:
        other = doubts.same_as(photo, case)
        if other is not None:
            found[same(is_own=other.case_id == case.id)] = None
        if is_older(photo, case):
            found[older(photo, case)] = None
    return list(found)


def older(photo: Attachment, case: Case) -> str:
    """Say that a photo was taken before its case came."""
    taken = long_date(photo.taken_at) if photo.taken_at else ""
    dates = {"taken": taken, "received": long_date(case.received_at)}
    return _("Taken on %(taken)s, before the case came on %(received)s", **dates)


def same(*, is_own: bool) -> str:
    """Say that a photo shows what another did: one of the same case, or of another."""
    if is_own:
        return _("It shows what the case showed before")
    return _("It was the proof of another case before")
