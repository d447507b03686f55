"""Two cases side by side, and joining them in either direction by one press."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries as cases
from cps.cases import services
from cps.cases.models import Case
from cps.cases.pictures import main_photos, pictures
from cps.cases.rules import CaseKind, MoveRefused
from cps.cases.wording import REFUSALS, status_look
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import NotVisible, RuleViolation, StaleVersion
from cps.core.forms import spend_key
from cps.core.i18n import gettext as _
from cps.core.i18n import gettext_in, localized
from cps.core.security import Can, allows, requires
from cps.departments import queries as departments
from cps.triage.join_forms import OTHER, THIS, CompareForm
from cps.triage.views.desk import bp
from cps.triage.views.opened import get_case
from cps.triage.views.proposal_steps import language_of
from cps.wards import queries as wards
from cps.wards.geometry import distance_m


@dataclass(frozen=True, slots=True)
class Pair:
    """The open case and the one it is compared with; which of them may be joined to the other."""

    this: Case
    other: Case

    @property
    def may_keep_this(self) -> bool:
        """Whether the other may be joined to this one."""
        return _may_join(self.other, self.this)

    @property
    def may_keep_other(self) -> bool:
        """Whether this one may be joined to the other."""
        return _may_join(self.this, self.other)

    @property
    def distance(self) -> int | None:
        """How many metres are between them; None where a place is unknown."""
        one, two = self.this, self.other
        if one.lat is None or one.lon is None or two.lat is None or two.lon is None:
            return None
        return round(distance_m(one.lat, one.lon, two.lat, two.lon))


def _may_join(case: Case, into: Case) -> bool:
    stays = into.is_listed and into.joined_to_id is None and into.kind is CaseKind.COMPLAINT
    return (
        stays
        and case.is_open
        and case.kind is CaseKind.COMPLAINT
        and allows(current_user, Can.WORK_CASE, case)
    )


@bp.get("/<reference:reference>/compare/<reference:other>")
@requires(Can.WORK_CASES)
def compare(reference: str, other: str) -> ResponseReturnValue:
    """Show both, with what is alike."""
    pair, form = _pair(reference, other), CompareForm(formdata=None)
    form.message.data = gettext_in(
        pair.this.language,
        "Several people told us of the same. We handle it together, so that one answer reaches everybody.",
    )
    return _page(pair, form)


@bp.post("/<reference:reference>/compare/<reference:other>")
@requires(Can.WORK_CASES)
def join_compared(reference: str, other: str) -> ResponseReturnValue:
    """Join one to the other, whichever the pressed button says."""
    pair, form = _pair(reference, other), CompareForm()
    keep = request.form.get("keep", "")
    if not form.validate() or keep not in {THIS, OTHER}:
        if keep not in {THIS, OTHER}:
            form.form_errors.append(_("Choose which of the two stays."))
        return _page(pair, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        _join(reference, other, form, keeps_this=keep == THIS)
    except (RuleViolation, StaleVersion, MoveRefused) as refused:
        db.session.rollback()
        words = str(REFUSALS[refused.reason]) if isinstance(refused, MoveRefused) else refused.message
        form.form_errors.append(words)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(refused, MoveRefused) else refused.status
        return _page(_pair(reference, other), form), status
    flash(_("The cases are joined. One answer reaches everybody."))
    stays = reference if keep == THIS or not _is_at_desk(other) else other
    return redirect(url_for("triage.show", reference=stays), HTTPStatus.SEE_OTHER)


def _join(reference: str, other: str, form: CompareForm, *, keeps_this: bool) -> None:
    with transaction():
        this, compared = cases.lock_pair(reference, other)
        case, into = (compared, this) if keeps_this else (this, compared)
        if not (allows(current_user, Can.WORK_CASE, case) and allows(current_user, Can.SEE_CASE, into)):
            raise NotVisible(_("There is no case with this number at your desk."))
        if not spend_key(f"compare:{form.form_key.data}", purpose="desk", leads_to=reference, at=clock.now()):
            return
        if (str(this.version), str(compared.version)) != (form.this_version.data, form.other_version.data):
            raise StaleVersion(_("Somebody changed one of them meanwhile. Look again, then decide."))
        words = form.message.data or ""
        services.join(case, into, by=current_user, at=clock.now(), message=words, language=language_of(words))


def _is_at_desk(reference: str) -> bool:
    return allows(current_user, Can.WORK_CASE, cases.get_case(reference))


def _pair(reference: str, other: str) -> Pair:
    """Return both; raises NotVisible where the first is not at this desk or the other not to be seen."""
    this, compared = get_case(reference), cases.get_case(other)
    is_about_staff = this.is_integrity or compared.is_integrity  # these are joined to nothing
    hidden = is_about_staff or not allows(current_user, Can.SEE_CASE, compared)
    if hidden or this.id == compared.id:
        raise NotVisible(_("There is no case with this number."))
    return Pair(this, compared)


def _page(pair: Pair, form: CompareForm) -> str:
    form.this_version.data, form.other_version.data = str(pair.this.version), str(pair.other.version)
    works = [case for case in (pair.this, pair.other) if allows(current_user, Can.WORK_CASE, case)]
    cases.show_originals(works)
    return render_template(
        "triage/compare.html",
        pair=pair,
        form=form,
        sides=[_side(pair.this, _("This case")), _side(pair.other, _("The other"))],
        days=abs((pair.this.received_at - pair.other.received_at).days),
    )


def _side(case: Case, title: str) -> dict[str, Any]:
    """Return what one half of the page shows."""
    known = departments.catalogue()
    ward = localized(wards.areas().names.get(case.ward_id or 0))
    photos = main_photos(cases.photos(case.id))[0]
    return {
        "title": title,
        "case": case,
        "look": status_look(case.status, case.outcome),
        "photos": pictures(photos[:2], _("Photo of the problem")),
        "place": ", ".join(part for part in (case.address, ward) if part),
        "category": localized(known.categories[case.category_id].name),
        "department": localized(known.departments[case.department_id].name),
    }
