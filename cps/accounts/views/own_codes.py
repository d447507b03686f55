"""The step of a code on the way to an act of one's own account: asked for, taken, sent again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from cps.accounts.forms import CodeForm
from cps.accounts.rules import CodePurpose
from cps.accounts.views import own_proofs
from cps.accounts.views.codes import show_code, wrong_code
from cps.accounts.views.own_proofs import OwnProof
from cps.core import tries
from cps.core.db import transaction
from cps.core.errors import TooMany
from cps.core.forms import Form
from cps.core.i18n import gettext as _

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class OwnCode:
    """What a code is for; `page` and `again` are the endpoints of the step, `home` is where one began."""

    purpose: CodePurpose
    page: str
    again: str
    home: Callable[[], str]

    def begin(self, form: Form, address: Callable[[], str], show: Callable[[], str]) -> ResponseReturnValue:
        """Send the code to the address or number of a valid form, or show its page again."""
        if not form.validate():
            return show(), 422
        return self.send(form, address(), show)

    def send(self, form: Form, address: str, show: Callable[[], str]) -> ResponseReturnValue:
        """Send the code, and lead to where it is asked for; the form says so where that is too often."""
        try:
            own_proofs.send_own(address, self.purpose)
        except TooMany as error:
            return tries.refuse(error, form, show)
        return redirect(url_for(self.page), 303)

    def ask(self) -> ResponseReturnValue:
        """Ask for the code that was sent."""
        proof = own_proofs.kept_own(self.purpose)
        return self._show(proof, CodeForm()) if proof else self.begin_again()

    def take(
        self, act: Callable[[OwnProof], Done], then: Callable[[Done], ResponseReturnValue]
    ) -> ResponseReturnValue:
        """Take the code: with a right one `act` in the same transaction, and `then` answer after it."""
        proof, form = own_proofs.kept_own(self.purpose), CodeForm()
        if proof is None:
            return self.begin_again()
        if not form.validate():
            return self._show(proof, form), 422
        try:
            own_proofs.count_try(proof)
        except TooMany as error:
            return tries.refuse(error, form, lambda: self._show(proof, form))
        with transaction():
            done = [act(proof)] if own_proofs.is_right(proof, form.digits) else []
        if not done:
            form.code.errors = [wrong_code()]
            return self._show(proof, form), 422
        return then(done[0])

    def send_again(self) -> ResponseReturnValue:
        """Send another code to the same address or number."""
        proof = own_proofs.kept_own(self.purpose)
        if proof is None:
            return self.begin_again()
        try:
            own_proofs.send_own(proof.address, self.purpose)
        except TooMany as error:
            form = CodeForm(formdata=None)
            return tries.refuse(error, form, lambda: self._show(proof, form))
        flash(_("We sent a new code. The ones before do not work any more."), "success")
        return redirect(url_for(self.page), 303)

    def begin_again(self) -> ResponseReturnValue:
        """Lead to the beginning where nothing is being proven."""
        flash(_("That took too long. Please begin again."), "info")
        return redirect(self.home(), 303)

    def _show(self, proof: OwnProof, form: CodeForm) -> str:
        address, again = url_for(self.page), url_for(self.again)
        goes = own_proofs.goes(proof)
        return show_code(form, proof.address, address, again=again, other=self.home(), goes=goes)
