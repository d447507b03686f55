"""The check at a counter: whose account it is, then what the document says."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.utils import redirect

from cps.accounts import queries as accounts
from cps.accounts.models import Account
from cps.core import audit, clock, sealed, tries
from cps.core.db import db, transaction
from cps.core.errors import TooMany
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.security import Can, requires
from cps.residents import queries, services
from cps.residents.forms import DocumentForm, OtherDocumentForm, WhoForm
from cps.residents.rules import CounterFault
from cps.residents.services import Refused
from cps.residents.views.base import bp, count_check, today
from cps.residents.wording import COUNTER_FAULTS
from cps.wards import queries as wards

PERSON = "counter-person"
PERSON_SECONDS = 900


@bp.get("/contact/identity")
@requires(Can.VERIFY_IDENTITY)
def identity() -> ResponseReturnValue:
    """Ask whose account it is."""
    return _ask_who(WhoForm())


@bp.post("/contact/identity")
@requires(Can.VERIFY_IDENTITY)
def find_person() -> ResponseReturnValue:
    """Show the account and ask for what the document says; the person can see that it was opened."""
    form = WhoForm()
    if not form.validate():
        return _ask_who(form), 422
    try:
        count_check()
    except TooMany as error:
        return tries.refuse(error, form, lambda: _ask_who(form))
    account = _account(form)
    if account is None or not account.is_active:
        form.who.errors = [_("There is no such account, or the digits are older than 15 minutes.")]
        return _ask_who(form), 422
    if account.id == current_user.id:
        form.who.errors = [str(COUNTER_FAULTS[CounterFault.OWN_ACCOUNT])]
        return _ask_who(form), 422
    account_id = account.id
    with transaction():
        audit.record_access("identity-check", by=current_user.id, at=clock.now(), subject_id=account_id)
    return _ask_document(None, account_id)


def _account(form: WhoForm) -> Account | None:
    if form.digits is None:
        return accounts.account_by_email(form.address)
    account_id = queries.account_of_counter_code(form.digits, at=clock.now())
    return db.session.get(Account, account_id) if account_id is not None else None


@bp.post("/contact/identity/verify")
@requires(Can.VERIFY_IDENTITY)
def verify_person() -> ResponseReturnValue:
    """Give the account the identity that the document shows, or say why not."""
    form = _document_form()
    account_id = _opened(form.person.data or "")
    if account_id is None:
        return _begin_again()
    if not form.validate():
        return _ask_document(form, account_id), 422
    try:
        count_check()
        _verify(form, account_id)
    except TooMany as error:
        return tries.refuse(error, form, lambda: _ask_document(form, account_id))
    except Refused as refused:
        form.form_errors.append(refused.message)
        return _ask_document(form, account_id), 422
    flash(_("The account has the identity of the register now."), "success")
    return redirect(url_for("residents.identity"), 303)


@bp.post("/contact/identity/document")
@requires(Can.VERIFY_IDENTITY)
def verify_document() -> ResponseReturnValue:
    """Give the account the identity of a document that is not of the register, or say why not."""
    form = OtherDocumentForm(today=today())
    account_id = _opened(form.holder.data or "")
    if account_id is None:
        return _begin_again()
    if not form.validate():
        return _ask_document(None, account_id, form), 422
    try:
        count_check()
        with transaction():
            account = accounts.lock_account(account_id)
            services.verify_document(account, form.seen, by=current_user, at=clock.now())
    except TooMany as error:
        return tries.refuse(error, form, lambda: _ask_document(None, account_id, form))
    except Refused as refused:
        form.form_errors.append(refused.message)
        return _ask_document(None, account_id, form), 422
    flash(_("The account has the identity of this document now."), "success")
    return redirect(url_for("residents.identity"), 303)


def _begin_again() -> ResponseReturnValue:
    flash(_("That took too long. Please begin again."), "info")
    return redirect(url_for("residents.identity"), 303)


def _verify(form: DocumentForm, account_id: int) -> None:
    ward = wards.areas().wards.get(form.ward_code)
    with transaction():
        services.verify(
            accounts.lock_account(account_id),
            form.number.data or "",
            form.birth_date,
            ward_id=ward.id if ward else None,
            by=current_user,
            at=clock.now(),
        )


def _document_form(**values: object) -> DocumentForm:
    choices = [] if queries.has_register() else wards.areas().wards.values()
    named = [(ward.code, localized(ward.name)) for ward in choices]
    return DocumentForm(today=today(), wards=named, **values)


def _ask_who(form: WhoForm) -> str:
    return render_template("residents/identity.html", form=form)


def _ask_document(form: DocumentForm | None, account_id: int, other: OtherDocumentForm | None = None) -> str:
    """Show the account and both forms, empty where they are not given."""
    person = _sealed(account_id)
    return render_template(
        "residents/document.html",
        form=form or _document_form(person=person, formdata=None),
        other=other or OtherDocumentForm(today=today(), holder=person, formdata=None),
        person=db.session.get_one(Account, account_id),
        proof=queries.proof_of(account_id),
    )


def _sealed(account_id: int) -> str:
    """Return which account this clerk has opened, so that no other can be put in its place."""
    return sealed.write(PERSON, [current_user.id, account_id])


def _opened(field: str) -> int | None:
    """Return the account that this clerk has opened a short time ago."""
    match sealed.read(PERSON, field, seconds=PERSON_SECONDS):
        case [current_user.id, int(account_id)]:
            return account_id
    return None
