"""Proposing for the caller: written down, read back, then public by the code of the caller's message."""

from http import HTTPStatus
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.accounts.models import Account
from cps.contact import queries, services
from cps.contact.propose_forms import ConfirmForm, ProposeForm
from cps.contact.rules import in_groups
from cps.contact.services import Wish
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
)
from cps.contact.views.proposal_codes import author_of, is_right, mail_for, send_code
from cps.core import clock, tries
from cps.core.db import transaction
from cps.core.errors import AlreadyDone, CpsError, RuleViolation, TooMany
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.security import Can, requires
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory
from cps.departments.rules import CategoryKind
from cps.proposals import queries as proposals
from cps.proposals.queries.similar import similar
from cps.wards import queries as wards


@bp.get("/propose")
@requires(Can.ANSWER_CALLS)
def new_proposal() -> ResponseReturnValue:
    """Ask what the caller proposes, as everybody is asked who proposes."""
    call = asked_call()
    form = _offering(ProposeForm(formdata=None))
    filled(form, of_caller(call, caller_of(call)))
    return _page(form)


@bp.post("/propose")
@requires(Can.ANSWER_CALLS)
def read_proposal_back() -> ResponseReturnValue:
    """Read back what was typed, with what is alike, and send the code; nothing is public yet."""
    form = _offering(ProposeForm())
    if "change" in request.form:
        return _page(form)
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        author = author_of(form)
        services.must_be_free(author, by=current_user, at=clock.now())
        send_code(form, _wish(form), author)
    except TooMany as error:
        return tries.refuse(error, form, lambda: _page(form))
    except CpsError as refused:
        form.form_errors.append(refused.message)
        return _page(form), refused.status
    return _confirm_page(_offering(ConfirmForm(formdata=None, data=form.data)), author)


@bp.post("/propose/confirmed")
@requires(Can.ANSWER_CALLS)
def propose() -> ResponseReturnValue:
    """Propose what the caller has agreed to by reading the code; pressed twice it is one proposal."""
    first, form = _offering(ProposeForm()), _offering(ConfirmForm())
    if not first.validate():
        return _page(first), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        author = author_of(first)
        if not form.validate():
            return _confirm_page(form, author), HTTPStatus.UNPROCESSABLE_ENTITY
        reference = _propose(form, author)
    except TooMany as error:
        return tries.refuse(error, first, lambda: _page(first))
    except CpsError as refused:
        first.form_errors.append(refused.message)
        return _page(first), refused.status
    if reference is None:
        form.confirmation.errors = [
            _("This code is not right, or it is too old. Look at the newest message.")
        ]
        return _confirm_page(form, author), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for(".proposed", reference=reference), HTTPStatus.SEE_OTHER)


@bp.get("/proposed/<reference:reference>")
@requires(Can.ANSWER_CALLS)
def proposed(reference: str) -> ResponseReturnValue:
    """Tell the agent who wrote it down what to read out: the number, and what happens next."""
    proposal = proposals.find(reference)
    if proposal is None or proposal.case.filed_by_id != current_user.id:
        flash(_("What was proposed is read back to the agent who wrote it down."), "warning")
        return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)
    spoken = in_groups(reference)
    return render_template("contact/proposed.html", proposal=proposal, spoken=spoken, **frame("calls"))


def _offering(form: Any) -> Any:
    subjects = departments.catalogue().offered(CategoryKind.PROPOSAL)
    areas = [(ward.code, localized(ward.name)) for ward in wards.areas().wards.values()]
    form.offer([(one.code, localized(one.name)) for one in subjects], sorted(areas, key=lambda pair: pair[1]))
    form.offer_codes(queries.codes())
    return form


def _page(form: ProposeForm) -> str:
    return render_template("contact/propose.html", form=form, **frame("calls"))


def _confirm_page(form: ConfirmForm, author: Account) -> str:
    wish = _wish(form)
    here = proposals.goal_for(wish.ward_id, wish.category)
    kept = [(one.name, "y" if one.data is True else one.data or "") for one in _offering(ProposeForm())]
    return render_template(
        "contact/propose_confirm.html",
        form=form,
        told=kept,
        wish=wish,
        found=similar(wish.title, wish.body),
        goal=here.goal,
        department_id=here.department_id,
        address=form.account_address,
        is_mailed=bool(mail_for(form.account_address, author)),
        **frame("calls"),
    )


def _wish(form: ProposeForm) -> Wish:
    """Return what a valid form describes."""
    ward = wards.areas().wards.get(form.ward.data or "")
    return Wish(
        title=form.title.data or "",
        body=form.body.data or "",
        category=_category(form),
        ward_id=ward.id if ward else None,
        address=form.address.data or "",
        shows_author=bool(form.shows_author.data),
        code_id=code_id_of(form),
    )


def _category(form: ProposeForm) -> KnownCategory:
    chosen = departments.catalogue().offer(form.category.data or "", CategoryKind.PROPOSAL)
    if chosen is None:
        raise RuleViolation(_("Choose what the proposal is about from the list."))
    return chosen


def _propose(form: ConfirmForm, author: Account) -> str | None:
    """Return the number of the proposal, also where the form was sent before; None for a wrong code."""
    wish, at = _wish(form), clock.now()
    with transaction():
        if is_right(form, wish, author, at):
            proposal, _contact = services.propose_for(
                form.as_call(), wish, author, city=g.city, by=current_user, at=at
            )
            reference = proposal.case.reference
            if not spend(form, reference, at):
                raise AlreadyDone(_("This was filed already."))
            return reference
    return led_to(form)  # this form was sent before: its code is used up
