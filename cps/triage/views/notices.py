"""Notices at the desk: all of them, a new one in two taps from a case, a changed one."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries as cases
from cps.cases import reference as references
from cps.cases import services
from cps.cases.models import Case
from cps.cases.policy import reach_of
from cps.cases.reference import NotAReference
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation, StaleVersion
from cps.core.forms import used_key
from cps.core.i18n import gettext as _
from cps.core.i18n import gettext_in, localized
from cps.core.security import Can, allows, requires
from cps.departments import queries as departments
from cps.departments.choices import by_group
from cps.notices import presenting, queries
from cps.notices import services as notices
from cps.notices.rules import KnownNotice, NoticeSpec, end_of_day
from cps.triage.notice_forms import NoticeForm, notice_form
from cps.triage.views.desk import bp
from cps.triage.views.notice_page import notice_page, spend_once, to_notice
from cps.wards import queries as wards

UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


@bp.get("/notices")
@requires(Can.MAKE_NOTICES)
def notices_list() -> ResponseReturnValue:
    """Show what runs, what is announced and what is over, with the way to a new one."""
    at, after = clock.now(), request.args.get("after")
    over = queries.over(at, after=after)
    return render_template(
        "triage/notices.html",
        running=presenting.cards(queries.running(at), at),
        coming=presenting.cards(queries.coming(at), at),
        over=presenting.cards(over.rows, at),
        next_address=url_for(".notices_list", after=over.next_key) if over.next_key else None,
        first_address=url_for(".notices_list") if after else None,
    )


def form_of_city(**options: Any) -> NoticeForm:
    """Return the form of a notice with the wards and categories of the city."""
    form = notice_form(g.city.languages, g.city.default_language)(**options)
    groups = by_group(one for one in departments.catalogue().offered() if not one.is_integrity)
    form.offer([(w.code, localized(w.name)) for w in wards.areas().wards.values()], groups)
    return form


def spec_of(form: NoticeForm, *, department_id: int | None) -> NoticeSpec:
    """Return what a valid form asks for."""
    category = departments.catalogue().category(form.category.data or "")
    return form.spec(
        zone=g.city.zone,
        at=clock.now(),
        category_id=category.id if category else None,
        department_id=department_id,
    )


@bp.get("/notices/new")
@requires(Can.MAKE_NOTICES)
def new_notice() -> ResponseReturnValue:
    """Ask what the city knows; with the number of a case, most is filled in and one press publishes it."""
    form, case = form_of_city(formdata=None), _case(request.args.get("case", ""))
    form.ends.data = end_of_day(clock.now(), g.city.zone).replace(tzinfo=None)
    if case is not None:
        _fill_from(form, case)
    return _new_page(form, case)


def _case(typed: str) -> Case | None:
    """Return the case of this number if the officer works it."""
    try:
        case = cases.find_case(references.parse(typed[:40]))
    except NotAReference:
        return None
    return case if case is not None and allows(current_user, Can.WORK_CASE, case) else None


def _fill_from(form: NoticeForm, case: Case) -> None:
    """Say in every language of the city: this kind of thing, in this ward, we know."""
    category = departments.catalogue().categories[case.category_id]
    areas = wards.areas()
    code = areas.codes.get(case.ward_id or 0, "")
    for language in form.languages:
        name = localized(category.name, language)
        ward = localized(areas.names.get(case.ward_id or 0), language)
        form[f"title_{language}"].data = f"{name}: {ward}" if ward else name
        form[f"text_{language}"].data = gettext_in(language, "We know about it and are working on it.")
    form.category.data = category.code if category.is_active and not category.is_integrity else ""
    form.wards.data = [code] if code in areas.wards else []


def _new_page(form: NoticeForm, case: Case | None) -> str:
    return render_template("triage/notice_new.html", form=form, case=case)


@bp.post("/notices/new")
@requires(Can.MAKE_NOTICES)
def make_notice() -> ResponseReturnValue:
    """Publish a notice, once, and hang the case under it from which it was made."""
    form, at = form_of_city(), clock.now()
    key, case = form.form_key.data or "", _case(request.args.get("case", ""))
    if key and (made := used_key(key)) is not None:
        return to_notice(int(made))
    if not form.validate():
        return _new_page(form, case), UNPROCESSABLE
    try:
        notice_id = _publish(form, case, at)
    except RuleViolation as refused:
        db.session.rollback()
        form.form_errors.append(refused.message)
        return _new_page(form, _case(request.args.get("case", ""))), UNPROCESSABLE
    flash(_("The notice is published."))
    return to_notice(notice_id)


def _publish(form: NoticeForm, case: Case | None, at: datetime) -> int:
    """Make the notice and return its id; raises AlreadyDone where the form was sent a moment ago."""
    reference, department_id = (case.reference if case else None), _department_of(case)
    with transaction():
        notice = notices.make(spec_of(form, department_id=department_id), by=current_user, at=at)
        if reference is not None:
            services.hang([cases.lock_case(reference)], notice, by=current_user, at=at)
        spend_once(form.form_key.data or "", notice.id, at)
        return notice.id


def _department_of(case: Case | None) -> int | None:
    """Return who looks after it: the department of the case, else the only one the officer works in."""
    if case is not None:
        return case.department_id
    own = reach_of(current_user).departments
    return min(own) if len(own) == 1 else None


@bp.get("/notices/<int:notice_id>")
@requires(Can.MAKE_NOTICES)
def notice(notice_id: int) -> ResponseReturnValue:
    """Show a notice with what may be done to it and the cases under it."""
    return notice_page(queries.get(notice_id))


@bp.get("/notices/<int:notice_id>/change")
@requires(Can.MAKE_NOTICES)
def change_notice_page(notice_id: int) -> ResponseReturnValue:
    """Ask what a notice is to say instead."""
    known, form = queries.get(notice_id), form_of_city(formdata=None)
    category = departments.catalogue().categories.get(known.category_id or 0)
    form.fill(known, category.code if category else "", g.city.zone)
    return _change_page(form, known)


def _change_page(form: NoticeForm, known: KnownNotice) -> str:
    return render_template("triage/notice_change.html", form=form, notice=presenting.card(known, clock.now()))


@bp.post("/notices/<int:notice_id>/change")
@requires(Can.MAKE_NOTICES)
def change_notice(notice_id: int) -> ResponseReturnValue:
    """Let a notice say something else."""
    form = form_of_city()
    if not form.validate():
        return _change_page(form, queries.get(notice_id)), UNPROCESSABLE
    try:
        with transaction():
            row = queries.lock(notice_id, version=form.version.data)
            spec = spec_of(form, department_id=row.department_id)
            notices.change(row, spec, by=current_user, at=clock.now())
    except (RuleViolation, StaleVersion) as refused:
        db.session.rollback()
        form.form_errors.append(refused.message)
        known = queries.get(notice_id)
        form.version.data = known.version
        return _change_page(form, known), refused.status
    flash(_("The notice is changed."))
    return to_notice(notice_id)
