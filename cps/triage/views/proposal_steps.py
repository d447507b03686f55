"""What the pages of a proposal at the desk share: finding it, and doing a step once, as it was seen."""

from collections.abc import Callable, Iterable
from http import HTTPStatus

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases.rules import MoveRefused
from cps.cases.wording import REFUSALS
from cps.core import clock, i18n
from cps.core.db import db, transaction
from cps.core.errors import NotVisible, RuleViolation, StaleVersion
from cps.core.forms import spend_key
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.security import Can, allows
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory
from cps.proposals import queries
from cps.proposals.models import Proposal
from cps.triage.proposal_forms import StepForm

Hold = Callable[[], Proposal]
"""Returns the proposal, held by the running transaction with all else that the step changes."""
Seen = Callable[[Proposal], int]
"""Returns the version of what a step is about, as it stands now."""


def at_desk(reference: str) -> Proposal:
    """Return a proposal that the officer works; all others do not exist for them."""
    return _must_work(queries.get(reference))


def _must_work(proposal: Proposal) -> Proposal:
    if not allows(current_user, Can.WORK_CASE, proposal.case):
        raise NotVisible(_("There is no proposal with this number at your desk."))
    return proposal


def to_desk(reference: str) -> ResponseReturnValue:
    """Lead to the proposal at the desk: when it is done, or when it is not the time for a step."""
    return redirect(url_for("triage.show", reference=reference), HTTPStatus.SEE_OTHER)


def version_of_case(proposal: Proposal) -> int:
    """Return the version of the case, which every step but the answer's is about."""
    return proposal.case.version


def language_of(words: str) -> str:
    """Return the language of what an officer wrote: told by its script, else the one they work in."""
    return i18n.language_of(words, g.city.languages)


def units() -> list[tuple[str, str]]:
    """Return the departments that can stand for something: (code, name)."""
    known = departments.catalogue().departments.values()
    return [(one.code, localized(one.name)) for one in known if one.is_active]


def named(known: Iterable[KnownCategory]) -> list[tuple[str, str]]:
    """Return categories to choose from: (code, name)."""
    return [(one.code, localized(one.name)) for one in known]


def unit_code(unit_id: int | None) -> str:
    """Return the code of a department; empty without one."""
    known = departments.catalogue().departments.get(unit_id or 0)
    return known.code if known else ""


def unit_id(code: str | None) -> int | None:
    """Return the number of a department; None without one."""
    known = departments.catalogue().department(code or "")
    return known.id if known else None


def do_step(
    form: StepForm,
    reference: str,
    step: Callable[[Proposal], object],
    *,
    again: Callable[[], str],
    done: str,
    leads_to: str = "",
    seen: Seen = version_of_case,
    hold: Hold | None = None,
) -> ResponseReturnValue:
    """Do a step once, or show its page again with everything typed and what to do.

    Answers 303 when it is done (or was before), 422 for what must be mended, 409 when somebody changed it
    meanwhile: then the form goes on with what stands now. `leads_to` is an address; usual is the desk.
    """
    at_desk(reference)
    if not form.validate():
        return again(), HTTPStatus.UNPROCESSABLE_ENTITY
    if not form.form_key.data:
        form.form_key.data = type(form)(formdata=None).form_key.data
        form.form_errors.append(_("The page was not complete. Please send it again."))
        return again(), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        _once(form, hold or (lambda: queries.lock(reference)), step, seen)
    except StaleVersion as stale:
        form.form_errors.append(stale.message)
        db.session.rollback()
        form.version.data = seen(at_desk(reference))
        return again(), HTTPStatus.CONFLICT
    except (MoveRefused, RuleViolation) as refused:
        is_move = isinstance(refused, MoveRefused)
        form.form_errors.append(str(REFUSALS[refused.reason]) if is_move else refused.message)  # type: ignore[union-attr]
        db.session.rollback()
        return again(), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(done)
    return redirect(leads_to, HTTPStatus.SEE_OTHER) if leads_to else to_desk(reference)


def _once(form: StepForm, hold: Hold, step: Callable[[Proposal], object], seen: Seen) -> None:
    with transaction():
        proposal = _must_work(hold())
        leads_to = proposal.case.reference
        if not spend_key(form.key, purpose="desk-proposal", leads_to=leads_to, at=clock.now()):
            return
        if (form.version.data or 0) != seen(proposal):
            raise StaleVersion(_("Somebody changed this meanwhile. Look at it as it stands now."))
        step(proposal)
