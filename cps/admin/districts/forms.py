"""The forms of wards: the names of one, and a file with many."""

from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar

from wtforms import BooleanField, FileField, IntegerField
from wtforms.validators import NumberRange, Optional

from cps.admin.forms.base import RuleForm, all_texts, show_texts, text_fields
from cps.core.i18n import current_language
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.wards.models import Ward
from cps.wards.rules import LONGEST_NAME

MOST_PEOPLE = 50_000_000


class WardForm(RuleForm):
    """The names of a ward, and how many live there; made by `ward_form` for a city's languages."""

    languages: ClassVar[tuple[str, ...]] = ()

    people = IntegerField(
        _l("How many live there"),
        [Optional(), NumberRange(0, MOST_PEOPLE, _l("Write a number, or leave it empty."))],
    )

    def names(self, row: Ward) -> dict[str, str]:
        """Return the names of a valid form, and those of languages that it does not ask."""
        return all_texts(self, "name", self.languages, row.name)

    def show(self, row: Ward) -> None:
        """Show a ward as it stands."""
        show_texts(self, "name", self.languages, row.name)
        self.people.data = row.population


class WardFileForm(RuleForm):
    """A file of wards, and whether it is all of them."""

    file = FileField(
        _l("GeoJSON file"), description=_l("At most 3 MB, with a code and a name for each ward.")
    )
    replaces = BooleanField(
        _l("These are all wards"),
        description=_l("Wards that the file has not go out of use. Their cases keep them."),
    )


def ward_form(languages: Sequence[str]) -> type[WardForm]:
    """Return the form for a city that speaks these languages, its own first."""
    return _made(tuple(languages), current_language())


@lru_cache(maxsize=64)
def _made(languages: tuple[str, ...], _language: str) -> type[WardForm]:
    fields = {
        "languages": languages,
        **text_fields("name", _("Name"), languages, most=LONGEST_NAME, missing=_l("Give the ward a name.")),
    }
    return type("WardFormOfCity", (WardForm,), fields)
