"""How a rule of the city is saved: once, as it was seen, with everything typed kept where it is refused."""

from collections.abc import Callable, Iterable
from http import HTTPStatus

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from cps.admin.forms.base import RuleForm
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import AlreadyDone, RuleViolation, StaleVersion
from cps.core.forms import spend_key
from cps.core.i18n import lazy_gettext as _l
from cps.departments.models import DeclineReason, Department, ReplyTemplate
from cps.departments.specs import code_from

CHANGED = _l("Somebody changed this meanwhile. Compare, then save again.")
Coded = DeclineReason | Department | ReplyTemplate
"""Rows with a code that stays, whatever they are called."""


def save(
    form: RuleForm,
    write: Callable[[], object],
    *,
    again: Callable[[], str],
    leads_to: str,
    done: str,
) -> ResponseReturnValue:
    """Write what a form asks for in one transaction, or show its page again.

    Answers 303 when it is done (or was before), 422 for what must be mended, 409 when somebody changed it
    meanwhile: then the form goes on with what stands now.
    """
    if not form.validate():
        return again(), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction():
            if spend_key(str(form.form_key.data), purpose="city-rule", leads_to="", at=clock.now()):
                write()
    except (StaleVersion, StaleDataError) as stale:
        db.session.rollback()
        form.form_errors.append(stale.message if isinstance(stale, StaleVersion) else str(CHANGED))
        return again(), HTTPStatus.CONFLICT
    except RuleViolation as refused:
        db.session.rollback()
        form.form_errors.append(refused.message)
        return again(), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(done, "success")
    return redirect(leads_to, HTTPStatus.SEE_OTHER)


def do(act: Callable[[], object], *, leads_to: str, done: str) -> ResponseReturnValue:
    """Do what a button asks for in one transaction; where it is refused, the page it leads to says why."""
    said, kind = done, "success"
    try:
        with transaction():
            act()
    except (RuleViolation, AlreadyDone) as refused:
        said, kind = refused.message, "warning"
    flash(said, kind)
    return redirect(leads_to, HTTPStatus.SEE_OTHER)


def as_seen(form: RuleForm, version: int) -> None:
    """Refuse to change what is not as the form saw it; raises StaleVersion, once."""
    seen, form.version.data = form.version.data, version
    if seen != version:
        raise StaleVersion(str(CHANGED))


def code_for(
    form: RuleForm, row: Coded | None, *, words: str, others: Callable[[], Iterable[Coded]], kind: str
) -> str:
    """Return the code under which a form is saved: that of its row, or one made of its first words.

    Raises StaleVersion where the row is not as the form saw it.
    """
    if row is not None:
        as_seen(form, row.version)
        return row.code
    return code_from(words, {one.code for one in others()}, kind)
