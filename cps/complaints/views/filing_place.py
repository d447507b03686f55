"""Filing a complaint, second step: where it is."""

from datetime import datetime
from typing import Any

from flask import flash, g, render_template
from flask.typing import ResponseReturnValue

from cps.cases.models import Draft
from cps.complaints import services
from cps.complaints.forms import PlaceForm
from cps.complaints.rules import Step
from cps.complaints.services import Settled
from cps.complaints.views import drafts
from cps.complaints.views.filing import led_away, to_step, told_to_wait, typed_in
from cps.complaints.views.public import bp
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import TooMany
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.security import public
from cps.wards import queries as wards
from cps.wards.queries import Areas


def place_form(known: Areas, **options: Any) -> PlaceForm:
    """Return the form with all wards to choose from."""
    form = PlaceForm(**options)
    names = [(ward.code, localized(ward.name)) for ward in known.wards.values()]
    form.offer(sorted(names, key=lambda pair: pair[1]))
    return form


def _place_page(form: PlaceForm, draft: Draft | None, known: Areas) -> str:
    places = list(draft.content.get("photo_places", {}).values()) if draft else []
    located = services.settle(tuple(places[0]), None).located if places else None
    return render_template(
        "complaints/filing/place.html",
        drawn=drafts.token_of(draft),
        form=form,
        photo_place=bool(places),
        photo_ward=localized(located.ward.name) if located else "",
        has_map=bool(known.outlines),
    )


@bp.get("/new/place")
@public
def place() -> ResponseReturnValue:
    """Ask where it is."""
    draft, known = drafts.unsent(clock.now()), wards.areas()
    return _place_page(place_form(known, formdata=None, data=typed_in(draft, Step.PLACE)), draft, known)


@bp.post("/new/place")
@public
def set_place() -> ResponseReturnValue:
    """Keep the place as typed; go on when it lies in the city or is told in words."""
    at, known = clock.now(), wards.areas()
    form, settled = read_place(known, drafts.unsent(at))
    try:
        drafts.count_new(at)
    except TooMany as error:
        return told_to_wait(form, error, lambda form: _place_page(form, None, known))
    with transaction():
        draft = drafts.lock_or_begin(at)
        keep_place(draft, form, settled, at=at)
    if (away := led_away(Step.PLACE)) is not None:
        return away
    if settled is None:
        return _place_page(form, draft, known), 422
    _say_which_ward(settled, form.ward.data or "")
    return to_step(Step.WORDS)


def read_place(known: Areas, draft: Draft | None) -> tuple[PlaceForm, Settled | None]:
    """Return what was sent, and where it is; None where something is wrong, which the form then says."""
    form = place_form(known)
    if form.use_photo.data:
        _use_place_of_photo(form, draft)
    return form, _settle(form, known)


def keep_place(draft: Draft, form: PlaceForm, settled: Settled | None, *, at: datetime) -> None:
    """Keep the place as typed in a locked draft; the step is done where it was settled."""
    services.keep(draft, Step.PLACE, form.typed(), at=at)
    if settled is not None:
        here = {"lat": settled.lat, "lon": settled.lon, "ward_id": settled.ward_id}
        services.finish(draft, Step.PLACE, {"place": here})


def _use_place_of_photo(form: PlaceForm, draft: Draft | None) -> None:
    places = list(draft.content.get("photo_places", {}).values()) if draft else []
    if places:
        form.lat.data, form.lon.data = (f"{degrees:.6f}" for degrees in places[0])


def _settle(form: PlaceForm, known: Areas) -> Settled | None:
    if not form.validate():
        return None
    ward = known.wards.get(form.ward.data or "")
    settled = services.settle(form.position, ward.id if ward else None)
    if settled.is_outside:
        form.say_outside(localized(g.city.name))
        return None
    return settled


def _say_which_ward(settled: Settled, chosen: str) -> None:
    """Tell kindly where the position decided otherwise than people may think."""
    if settled.located is None:
        return
    ward = localized(settled.located.ward.name)
    if settled.located.distance_m > 0:
        flash(
            _(
                "The point lies just outside the city’s border. We took the nearest ward, %(ward)s.",
                ward=ward,
            ),
            "info",
        )
    elif chosen not in {"", settled.located.ward.code}:
        flash(_("The point lies in %(ward)s, so we use that ward.", ward=ward), "info")
