"""Why the city says no: what officers choose from, where they must, and what a case keeps of it."""

from collections.abc import Sequence
from typing import Any

from cps.cases.rules import Outcome
from cps.cases.wording import DECLINED_AS, decline_words
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.departments.models import DeclineReason

Groups = dict[str, list[tuple[str, str]]]


def offered(reasons: Sequence[DeclineReason], endings: Sequence[Outcome] = DECLINED_AS) -> Groups:
    """Return the choices of a list of reasons, by the ending they are for; the first is none."""
    groups: Groups = {"": [("", _("No reason"))]}
    for ending in (one for one in DECLINED_AS if one in endings):
        fitting = [(one.code, localized(one.text)) for one in reasons if ending.value in one.endings]
        if fitting:
            groups[str(decline_words(ending))] = fitting
    return groups


def why_wrong(reasons: Sequence[DeclineReason], ending: str, code: str) -> str:
    """Return what is to be mended of a chosen reason; empty where it is right.

    With a no one is chosen wherever the city has some for it; with all other endings none counts.
    """
    fitting = {one.code for one in reasons if ending in one.endings}
    if not fitting or code in fitting:
        return ""
    return _("Choose a reason that is for this ending; the resident reads it first.")


def kept(reasons: Sequence[DeclineReason], ending: str, code: str) -> dict[str, Any]:
    """Return what the event of a no keeps: the reason in all languages, as it is worded now."""
    chosen = next((one for one in reasons if one.code == code and ending in one.endings), None)
    return {"reason": {"code": chosen.code, "text": dict(chosen.text)}} if chosen is not None else {}
