"""Suggested categories: what was learned, how right it was where it was measured, whether it is applied."""

from flask import Blueprint, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.admin import history, queries
from cps.admin.forms.suggestions import SuggestionsForm
from cps.admin.views.saving import save
from cps.complaints import services
from cps.complaints.rules import SUGGESTIONS
from cps.core import clock
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import number, percent
from cps.core.security import Can, requires
from cps.departments import queries as departments
from cps.departments.suggesting import FEWEST_CASES, FEWEST_MEASURED, RIGHT_ENOUGH, Measured

bp = Blueprint("suggestions", __name__, url_prefix="/admin/suggestions")

LABELS = {SUGGESTIONS: _l("Applied from so sure on")}


@bp.get("")
@requires(Can.MANAGE_CITY)
def index() -> ResponseReturnValue:
    """Show how right suggestions were, and the switch where they were right enough."""
    form = SuggestionsForm(formdata=None, applies=bool(g.city.settings.get(SUGGESTIONS)))
    return _page(form)


@bp.post("")
@requires(Can.MANAGE_CITY)
def submit() -> ResponseReturnValue:
    """Turn the switch."""
    form = SuggestionsForm()
    return save(
        form,
        lambda: services.set_suggestions(applies=bool(form.applies.data), by=current_user.id, at=clock.now()),
        again=lambda: _page(form),
        leads_to=url_for(".index"),
        done=_("Saved."),
    )


def _page(form: SuggestionsForm) -> str:
    known = departments.learned_words()
    measured = known.measured if known else None
    changed = queries.history(["city"], action="set-suggestions")
    return render_template(
        "admin/suggestions.html",
        form=form,
        known=known,
        measured=measured,
        rows=_rows(measured) if measured else [],
        first=percent(measured.first_right / measured.cases) if measured else "",
        three=percent(measured.among_three / measured.cases) if measured else "",
        threshold=_threshold(measured),
        applied=g.city.settings.get(SUGGESTIONS),
        fewest=FEWEST_CASES,
        enough=percent(RIGHT_ENOUGH),
        fewest_measured=FEWEST_MEASURED,
        history=history.in_words(changed, LABELS, show=_value),
    )


def _threshold(measured: Measured | None) -> str:
    found = measured.threshold() if measured else None
    return percent(found) if found is not None else ""


def _rows(measured: Measured) -> list[list[str]]:
    """Return a row for each band of sureness that has any complaints."""
    ends = [band.begins for band in measured.bands[1:]] + [1.0]
    return [
        [
            _("%(from_)s to %(to)s", from_=percent(band.begins), to=percent(end)),
            number(band.cases),
            percent(band.sure),
            percent(band.right / band.cases),
        ]
        for band, end in zip(measured.bands, ends, strict=True)
        if band.cases
    ]


def _value(_field: str, value: object) -> object:
    return percent(value) if isinstance(value, float) else _("not at all")
