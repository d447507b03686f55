"""Proposing for the caller: written down, read back, then public by the code of the caller's message."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.accounts import queries as accounts
from cps.accounts import services as identities
from cps.accounts.models import Account
from cps.accounts.rules import CodePurpose
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
    trace_look,
)
from cps.core import clock, sms_budget, tries
from cps.core.db import transaction
from cps.core.errors import AlreadyDone, CpsError, RuleViolation, TooMany
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.limits import Limit
from cps.core.outbox import Fact
from cps.core.phone import is_phone
from cps.core.security import Can, requires
from cps.core.sms_budget import SmsPurpose
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory
from cps.departments.rules import CategoryKind
from cps.proposals import queries as proposals
from cps.proposals.queries.similar import similar
from cps.wards import queries as wards

OF_AGENT = Limit("propose-of", 60, timedelta(hours=1))
TO_ADDRESS = Limit("propose-to", 5, timedelta(hours=1))


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
        tries.count(OF_AGENT, f"account {current_user.id}")
        _send_code(form, _author(form))
    except TooMany as error:
        return tries.refuse(error, form, lambda: _page(form))
    except CpsError as refused:
        form.form_errors.append(refused.message)
        return _page(form), refused.status
    return _confirm_page(_offering(ConfirmForm(formdata=None, data=form.data)))


@bp.post("/propose/confirmed")
@requires(Can.ANSWER_CALLS)
def propose() -> ResponseReturnValue:
    """Propose what the caller has agreed to by reading the code; pressed twice it is one proposal."""
    first, form = _offering(ProposeForm()), _offering(ConfirmForm())
    if not first.validate():
        return _page(first), HTTPStatus.UNPROCESSABLE_ENTITY
    if not form.validate():
        return _confirm_page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        reference = _propose(form, _author(form))
    except CpsError as refused:
        first.form_errors.append(refused.message)
        return _page(first), refused.status
    if reference is None:
        form.confirmation.errors = [
            _("This code is not right, or it is too old. Look at the newest message.")
        ]
        return _confirm_page(form), HTTPStatus.UNPROCESSABLE_ENTITY
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


def _confirm_page(form: ConfirmForm) -> str:
    wish = _wish(form)
    here = proposals.goal_for(wish.ward_id, wish.category)
    kept = [(one.name, one.data or "") for one in _offering(ProposeForm())]
    return render_template(
        "contact/propose_confirm.html",
        form=form,
        told=kept,
        wish=wish,
        found=similar(wish.title, wish.body),
        goal=here.goal,
        department_id=here.department_id,
        address=form.account_address,
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
        shows_author=isinstance(form, ConfirmForm) and bool(form.shows_author.data),
        code_id=code_id_of(form),
    )


def _category(form: ProposeForm) -> KnownCategory:
    chosen = departments.catalogue().offer(form.category.data or "", CategoryKind.PROPOSAL)
    if chosen is None:
        raise RuleViolation(_("Choose what the proposal is about from the list."))
    return chosen


def _author(form: ProposeForm) -> Account:
    """Return whose account the number or address is; raises RuleViolation where it is nobody's.

    That an agent asked leaves a row that the person reads.
    """
    account = accounts.account_by_address(form.account_address)
    if account is None or not account.is_active:
        raise RuleViolation(
            _(
                "Nobody has an account with this number or e-mail. Each person counts once, so a proposal"
                " needs one: by text message, on the site, or at a counter."
            )
        )
    trace_look(account.id, clock.now())
    return account


def _send_code(form: ProposeForm, author: Account) -> None:
    """Send the code by which the caller shows that the account is theirs; raises TooMany."""
    address, at = form.account_address, clock.now()
    tries.count(TO_ADDRESS, address)
    if is_phone(address):
        sms_budget.take(SmsPurpose.CODE, address, city=g.city, at=at)
    with transaction():
        identities.new_code(
            _purpose(address),
            address,
            asked_by=_asked_by(form),
            language=author.language or form.language.data,
            at=at,
            fact=Fact.PROPOSAL_CODE_WANTED,
        )


def _propose(form: ConfirmForm, author: Account) -> str | None:
    """Return the number of the proposal, also where the form was sent before; None for a wrong code."""
    address, at = form.account_address, clock.now()
    with transaction():
        is_theirs = identities.check_code(
            _purpose(address), address, form.digits, asked_by=_asked_by(form), at=at
        )
        if is_theirs:
            proposal, _contact = services.propose_for(
                form.as_call(), _wish(form), author, city=g.city, by=current_user, at=at
            )
            reference = proposal.case.reference
            if not spend(form, reference, at):
                raise AlreadyDone(_("This was filed already."))
            return reference
    return led_to(form)  # this form was sent before: its code is used up


def _purpose(address: str) -> CodePurpose:
    return CodePurpose.VERIFY_PHONE if is_phone(address) else CodePurpose.VERIFY_EMAIL


def _asked_by(form: ProposeForm) -> str:
    """Return the key of this agent's form: for it alone the code is good."""
    return f"propose:{current_user.id}:{form.form_key.data}"
