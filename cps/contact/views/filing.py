"""Filing a complaint for the caller, and reading back what was recorded."""

from datetime import timedelta
from http import HTTPStatus

from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries as cases
from cps.complaints import queries as complaints
from cps.complaints import services as filing
from cps.complaints.presenting import promise_of
from cps.complaints.queries import Written
from cps.complaints.services import Settled
from cps.contact import queries, services
from cps.contact.file_forms import PRIVATE, FileForm, file_form
from cps.contact.rules import in_groups
from cps.contact.services import Told
from cps.contact.views.base import (
    asked_call,
    bp,
    caller_of,
    code_id_of,
    filled,
    frame,
    led_to,
    of_caller,
    spend,
    values_of,
)
from cps.core import clock, sealed
from cps.core.db import transaction
from cps.core.email import normal_email
from cps.core.errors import AlreadyDone, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.phone import takes_texts
from cps.core.security import Can, requires
from cps.departments import danger
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory
from cps.departments.questions import answers_of, chosen_in, field_name, stops_of
from cps.wards import queries as wards

FILED = "contact_filed"
READ_BACK_SECONDS = 3600
JUST_NOW = timedelta(hours=1)
AGREED = "1"
"""The caller says that it is none of the cases that were found."""


@bp.get("/file")
@requires(Can.ANSWER_CALLS)
def new_case() -> ResponseReturnValue:
    """Ask what is wrong and where, as everybody is asked who files."""
    call = asked_call()
    form = FileForm(formdata=None)
    filled(form, of_caller(call, caller_of(call)))
    form.body.data = request.args.get("body", "")[:2_000]
    return _page(form, None)


def _page(
    form: FileForm,
    category: KnownCategory | None,
    *,
    alike: list[object] | None = None,
    in_danger: bool = False,
) -> str:
    return render_template(
        "contact/file.html",
        form=_offering(form),
        category=category,
        questions=[field_name(question) for question in category.questions] if category else [],
        alike=alike or [],
        in_danger=in_danger,
        **frame("calls"),
    )


def _offering(form: FileForm) -> FileForm:
    areas = [(ward.code, localized(ward.name)) for ward in wards.areas().wards.values()]
    form.offer(departments.catalogue().offered(), areas)
    form.offer_codes(queries.codes())
    return form


@bp.post("/file")
@requires(Can.ANSWER_CALLS)
def file_case() -> ResponseReturnValue:
    """File the case, unless something is missing or the city has heard of it already."""
    category = departments.catalogue().offer(request.form.get("category", "")[:80])
    form = _offering(file_form(category)())
    valid = form.validate()
    if category is None:
        form.category.errors = [_("Choose what it is about.")]
    is_urgent = _is_urgent(form, category)
    if category is not None and _asks_more(form, category):
        return _page(form, category, in_danger=is_urgent)
    settled = _settle(form, category) if valid and category else None
    if category is None or settled is None:
        return _page(form, category, in_danger=is_urgent), HTTPStatus.UNPROCESSABLE_ENTITY
    if request.form.get("agreed") != AGREED and (alike := _alike(form, category, settled)):
        return _page(form, category, alike=alike, in_danger=is_urgent)
    return _file(form, category, settled)


def _is_urgent(form: FileForm, category: KnownCategory | None) -> bool:
    """Return whether the words, or an answer, say that somebody is in danger."""
    body, words = form.body.data or "", g.city.danger_words
    if category is None:
        return danger.in_words(body, words)
    return danger.is_told(body, chosen_in(form, category), category, words)


def _asks_more(form: FileForm, category: KnownCategory) -> bool:
    """Return whether all that was asked is right, and the category chosen now asks what was not asked yet.

    What is missing there is no mistake then, and is not told as one.
    """
    own = {name for name in form.data if name.startswith(("answer-", "time-"))}
    if not own or request.form.get("asked") == category.code or set(form.errors) - own:
        return False
    for name in own:
        form[name].errors = []
    return True


def _settle(form: FileForm, category: KnownCategory) -> Settled | None:
    """Return where it is; None, with an error beside the field, where it cannot be filed."""
    for question, words in stops_of(form, category):
        form[field_name(question)].errors = [words]
    ward = next((one for one in wards.areas().wards.values() if one.code == form.ward.data), None)
    settled = filing.settle(form.position, ward.id if ward else None)
    if settled.is_outside:
        form.lat.errors = [_("This place lies outside the city, so the city cannot act there.")]
    return None if form.errors else settled


def _alike(form: FileForm, category: KnownCategory, settled: Settled) -> list[object]:
    """Return what a colleague filed for this number a moment ago, then what others have told already."""
    now = clock.now()
    call = form.as_call()
    caller = caller_of(call)
    phone = call.phone or (caller.phone if caller else "")
    own = queries.filed_of_late(caller.id if caller else None, phone, since=now - JUST_NOW)
    told = Written(form.body.data or "", category.id, settled.lat, settled.lon, settled.ward_id)
    others = [] if category.is_integrity else [one.row for one in complaints.similar(told, at=now)]
    known = {row.id for row in own}
    return [
        *({"row": row, "is_own": True} for row in own),
        *({"row": row, "is_own": False} for row in others if row.id not in known),
    ]


def _file(form: FileForm, category: KnownCategory, settled: Settled) -> ResponseReturnValue:
    at, call = clock.now(), form.as_call()
    told = Told(
        body=form.body.data or "",
        category=category,
        answers=answers_of(form, category),
        lat=settled.lat,
        lon=settled.lon,
        ward_id=settled.ward_id,
        address=form.address.data or "",
        is_private=form.privacy.data == PRIVATE,
        email=normal_email(form.email.data) if form.email.data else "",
        code_id=code_id_of(form),
    )
    try:
        with transaction():
            filed, _contact = services.file_for(call, told, city=g.city, by=current_user, at=at)
            reference = filed.case.reference
            _once(form, reference)
    except (AlreadyDone, RuleViolation) as refused:
        if (known := led_to(form)) is not None:
            return redirect(url_for(".filed", reference=known), HTTPStatus.SEE_OTHER)
        form.form_errors.append(refused.message)
        return _page(form, category), refused.status
    session[FILED] = sealed.write(FILED, [reference, filed.pin, values_of(call)])
    return redirect(url_for(".filed", reference=reference), HTTPStatus.SEE_OTHER)


def _once(form: FileForm, reference: str) -> None:
    """Take back what was just filed where this very form was sent before."""
    if not spend(form, reference, clock.now()):
        raise AlreadyDone(_("This was filed already."))


@bp.get("/filed/<reference:reference>")
@requires(Can.ANSWER_CALLS)
def filed(reference: str) -> ResponseReturnValue:
    """Read back what was recorded, with number and PIN; for an hour, to the agent who filed it."""
    kept = sealed.read(FILED, session.get(FILED, ""), seconds=READ_BACK_SECONDS)
    if not kept or kept[0] != reference:
        flash(_("What was recorded is read back right after filing."), "warning")
        return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)
    case = cases.get_case(reference)
    contact = cases.contact_of(case.id)
    phone = contact.phone if contact else ""
    return render_template(
        "contact/filed.html",
        case=case,
        spoken=in_groups(reference),
        pin=in_groups(kept[1]),
        call=kept[2],
        phone=phone,
        is_texted=bool(phone) and takes_texts(phone),
        promise=promise_of(case, now=clock.now(), zone=g.city.zone),
        **frame("calls"),
    )
