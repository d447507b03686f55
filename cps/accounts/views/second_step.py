"""The second step of coming in: asked after a password or code was right, of accounts that want it."""

from dataclasses import asdict, dataclass

from flask import flash, render_template, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from cps.accounts import queries, services
from cps.accounts.forms import SecondStepForm
from cps.accounts.models import Account
from cps.accounts.rules import AccountState
from cps.accounts.views import limiting
from cps.accounts.views.base import bp, enter, go_on, own_token, this_device
from cps.core import clock, sealed, tries
from cps.core.db import transaction
from cps.core.errors import TooMany
from cps.core.i18n import gettext as _
from cps.core.i18n import ngettext
from cps.core.keys import app_key, keyed_tag
from cps.core.security import public

HALF = "half-way"
SECONDS = 600


@dataclass(frozen=True, slots=True)
class Half:
    """Somebody whose first step was right; `mark` changes with the account's password."""

    account_id: int
    mark: str
    next: str = ""


def begin_unless_asked(account: Account) -> str:
    """Begin a session, in the running transaction, and return its token; "" where a second step is asked."""
    if queries.two_step_of(account.id) is not None:
        return ""
    return services.sign_in(account, device=this_device(), at=clock.now(), instead_of=own_token())


def ask(account: Account, wanted: str | None) -> ResponseReturnValue:
    """Keep in the cookie, encrypted, that the first step was right, and lead to the second."""
    half = Half(account.id, _mark(account), wanted or "")
    session[HALF] = sealed.write(HALF, asdict(half))
    return redirect(url_for("accounts.second_step"), 303)


@bp.get("/second-step")
@public
def second_step() -> ResponseReturnValue:
    """Ask for a code of the app."""
    return _show(SecondStepForm()) if _kept() else _begin_again()


@bp.post("/second-step")
@public
def submit_second_step() -> ResponseReturnValue:
    """Take the code and sign in."""
    half, form = _kept(), SecondStepForm()
    if half is None:
        return _begin_again()
    if not form.validate():
        return _show(form), 422
    try:
        limiting.count(limiting.SECOND_STEP, f"account {half.account_id}")
    except TooMany as error:
        return tries.refuse(error, form, lambda: _show(form))
    return _come_in(half, form.code.data or "") or _wrong(form)


def _come_in(half: Half, typed: str) -> ResponseReturnValue | None:
    """Use up the code and begin the session; None for a code that is wrong or spent."""
    at = clock.now()
    with transaction():
        account = queries.lock_account(half.account_id)
        if account.state is not AccountState.ACTIVE or _mark(account) != half.mark:
            return _begin_again()
        before = queries.count_recovery_codes(account.id)
        if not services.take_second_step(account.id, typed, at=at):
            return None
        left = queries.count_recovery_codes(account.id)
        token = services.sign_in(
            account, device=this_device(), at=at, instead_of=own_token(), took_second_step=True
        )
    enter(account, token)
    if left < before:
        _tell_left(left)
    return go_on(account, half.next)


def _tell_left(left: int) -> None:
    flash(
        ngettext(
            "You used a recovery code. %(num)s is left.", "You used a recovery code. %(num)s are left.", left
        ),
        "info",
    )


def _kept() -> Half | None:
    kept = session.get(HALF)
    values = sealed.read(HALF, kept, seconds=SECONDS) if isinstance(kept, str) else None
    return Half(**values) if values else None


def _mark(account: Account) -> str:
    return keyed_tag(app_key(HALF), str(account.id), account.password_hash)[:16]


def _show(form: SecondStepForm) -> str:
    return render_template("accounts/second_step.html", form=form)


def _wrong(form: SecondStepForm) -> ResponseReturnValue:
    form.code.errors = [
        _("This code is not right, or it was used already. Wait for the next one in your app.")
    ]
    return _show(form), 422


def _begin_again() -> ResponseReturnValue:
    session.pop(HALF, None)
    flash(_("That took too long. Please begin again."), "info")
    return redirect(url_for("accounts.sign_in"), 303)
