"""The words of moderation: things, reasons to object, what was done."""

from collections.abc import Mapping
from typing import Any

from cps.cases.rules import CaseKind
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.moderation.rules import ActKind, FlagReason, Thing

FLAG_REASONS: Mapping[FlagReason, Any] = {
    FlagReason.DANGER: _l("Somebody is in danger by it"),
    FlagReason.PERSONAL_DATA: _l("It shows a person, a number plate or private data"),
    FlagReason.INSULT: _l("It insults, threatens or spreads hatred"),
    FlagReason.ADVERTISING: _l("It is advertising"),
    FlagReason.FALSE: _l("It accuses somebody who is named"),
    FlagReason.OTHER: _l("Something else"),
}

THINGS: Mapping[Thing, Any] = {
    Thing.CASE: _l("Report"),
    Thing.UPDATE: _l("Entry of a story"),
    Thing.PHOTO: _l("Photo"),
    Thing.COMMENT: _l("Comment"),
}


def thing_words(thing: Thing, kind: CaseKind) -> str:
    """Return what a thing is called; a case by its kind."""
    is_proposal = thing is Thing.CASE and kind is CaseKind.PROPOSAL
    return _("Proposal") if is_proposal else str(THINGS[thing])


ACTS: Mapping[ActKind, Any] = {
    ActKind.HIDE: _l("Hidden"),
    ActKind.REDACT: _l("Blacked out in part"),
}
