"""By what the public list is narrowed, in words, and what can be chosen."""

from collections.abc import Mapping

from cps.cases import narrowing
from cps.cases.forms import FilterForm
from cps.cases.queries import Filter
from cps.cases.rules import Status
from cps.cases.wording import status_look
from cps.complaints.asking import CLOSED_DAYS
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import localized, ngettext
from cps.departments import queries as departments
from cps.departments.choices import by_group
from cps.wards import queries as wards

STATE_WORDS = {"waiting": _l("Waiting"), "in-hand": _l("In hand"), "done": _l("Done")}


def offer(form: FilterForm) -> None:
    """Let a form offer what can be chosen."""
    everything = ("", _("All"))
    groups = by_group(departments.catalogue().offered())
    form.state.choices = [everything, *((value, str(word)) for value, word in STATE_WORDS.items())]
    form.category.choices = {"": [everything, *groups.pop("", [])], **groups}
    form.ward.choices = [
        everything,
        *((ward.code, localized(ward.name)) for ward in wards.areas().wards.values()),
    ]
    active = (one for one in departments.catalogue().departments.values() if one.is_active)
    form.department.choices = [everything, *((one.code, localized(one.name)) for one in active)]
    form.photo.choices = [everything, ("1", _("With a photo"))]
    form.late.choices = [everything, ("1", _("Late"))]
    form.closed.choices = [everything, *((days, _last(days)) for days in CLOSED_DAYS)]


def in_words(wanted: Filter, asked: Mapping[str, str]) -> dict[str, str]:
    """Return the filters that narrow a list, by their names in the address, as a person says them."""
    said = narrowing.in_words(wanted, asked) | {
        "state": str(STATE_WORDS[asked["state"]]) if wanted.statuses else "",
        "photo": _("With a photo") if wanted.has_photo else "",
        "closed": _closed_within(asked["closed"]) if wanted.closed_since else "",
        "outcome": str(status_look(Status.CLOSED, wanted.outcome).word) if wanted.outcome else "",
        "notice": _("Under one notice") if wanted.notice_id is not None else "",
    }
    return {name: words for name, words in said.items() if words}


def _last(days: str) -> str:
    return ngettext("Last day", "Last %(num)s days", int(days))


def _closed_within(days: str) -> str:
    return ngettext("Closed in the last day", "Closed in the last %(num)s days", int(days))
