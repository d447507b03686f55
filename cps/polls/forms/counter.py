"""What officers type at the counter: whom they have before them, and what they counted on paper."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from cps.core.forms import Form, VersionedForm, add_error, tidy_line, tidy_text
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.polls.forms.fields import Given, WholeField
from cps.polls.rules import Method
from cps.polls.tally import PaperTotals

MOST_ON_PAPER = 10_000_000
_RANKING = re.compile(r"\s*(\d+(?:[\s,>]+\d+)*)\s*[=:]\s*(\d+)\s*")


class WhoIsItForm(Form):
    """Whom the officer has before them, as the document says."""

    number = StringField(
        _l("Number in the register"),
        [DataRequired(_l("Write the number from the document.")), Length(max=200)],
        filters=[tidy_line],
        description=_l("As it stands on the document. It is not stored."),
    )
    born_on = StringField(
        _l("Birth date"),
        [DataRequired(_l("Write the birth date.")), Length(max=100)],
        filters=[tidy_line],
        description=_l("Year, month, day, such as 1990-05-17 or 19900517."),
    )


@lru_cache(maxsize=100)
def paper_form(method: Method, codes: tuple[str, ...]) -> Any:
    """Return the form for what one officer counted: a number for each option, or lines of rankings."""
    number = [Given(), NumberRange(0, MOST_ON_PAPER, message=_l("Write a number, also 0."))]
    fields: dict[str, Any] = {
        "ballots": WholeField(_l("Ballots on paper, all together"), number),
        "blank": WholeField(_l("Blank ones among them"), number),
    }
    if method is Method.RANKING:
        fields["rankings"] = TextAreaField(
            _l("Rankings"),
            [Optional(), Length(max=10_000)],
            filters=[tidy_text],
            description=_l(
                "One line for each different ranking: numbers of the options, then how many, 2 1 3 = 14."
            ),
        )
    else:
        fields |= {f"count_{code}": WholeField(code, number) for code in codes}
    return type("PaperForm", (VersionedForm,), fields)


def name_counts(form: Any, names: Mapping[str, str]) -> None:
    """Call the number of each option, by its code, as the page and its errors do."""
    for code, name in names.items():
        if (field := getattr(form, f"count_{code}", None)) is not None:
            field.label.text = name


def read_paper(form: Any, method: Method, codes: Sequence[str]) -> PaperTotals | None:
    """Return what the form says; None where a line of a ranking cannot be read, which the form then says."""
    if method is not Method.RANKING:
        counts = {code: form[f"count_{code}"].data for code in codes}
        return PaperTotals(form.ballots.data, form.blank.data, counts=counts)
    rankings: dict[tuple[str, ...], int] = {}
    for number, line in enumerate((form.rankings.data or "").splitlines(), 1):
        if not line.strip():
            continue
        ranking = _ranking(line, codes)
        if ranking is None or ranking[0] in rankings:
            wrong = _("Line %(number)s cannot be read, or stands there twice.", number=number)
            add_error(form.rankings, wrong)
            return None
        rankings[ranking[0]] = ranking[1]
    return PaperTotals(form.ballots.data, form.blank.data, rankings=rankings)


def _ranking(line: str, codes: Sequence[str]) -> tuple[tuple[str, ...], int] | None:
    found = _RANKING.fullmatch(line)
    if found is None or len(line) > 200:
        return None
    places = [int(place) for place in re.findall(r"\d+", found[1])]
    if any(not 1 <= place <= len(codes) for place in places):
        return None
    return tuple(codes[place - 1] for place in places), int(found[2])
