"""The blueprint of moderation, and what its pages share."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases.rules import CaseKind
from cps.cases.wording import hiding_reason
from cps.core.db import db, transaction
from cps.core.errors import CpsError
from cps.core.forms import Form
from cps.core.security import Can, allows
from cps.moderation.queries import Found, hidings_of
from cps.moderation.rules import Thing
from cps.moderation.wording import ACTS, FLAG_REASONS, thing_words

bp = Blueprint("moderation", __name__)

PAGES = {CaseKind.COMPLAINT: "complaints.show", CaseKind.PROPOSAL: "proposals.show"}
THING = "<any(case, update, photo, comment):what>/<int:thing_id>"
"""A thing as the last parts of an address."""


@bp.app_context_processor
def _moderating() -> dict[str, Any]:
    return {
        "may_moderate": lambda: allows(current_user, Can.MODERATE),
        "appeals_about": lambda case_id: [act.id for act in hidings_of(case_id)],
    }


def attempt(
    form: Form, act: Callable[[], object], *, done: str, leads_to: str, again: Callable[[], str]
) -> ResponseReturnValue:
    """Do what a form asks for in one transaction; refused, show its page again with all that was typed."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.validate():
        try:
            with transaction():
                act()
            flash(done)
            return redirect(leads_to, HTTPStatus.SEE_OTHER)
        except CpsError as refusal:
            db.session.rollback()
            form.form_errors.append(refusal.message)
            status = refusal.status
    return again(), status


def words() -> dict[str, Any]:
    """Return what the templates of moderation need to name things and reasons."""
    return {
        "called": lambda found: thing_words(found.thing, found.case.kind),
        "flag_reasons": FLAG_REASONS,
        "act_words": ACTS,
        "hiding_reason": hiding_reason,
        "thing_address": thing_address,
    }


def address_in_public(found: Found) -> str:
    """Return where a thing stands on the page of its case."""
    page = url_for(PAGES[found.case.kind], reference=found.case.reference)
    return f"{page}#comment-{found.id}" if found.thing is Thing.COMMENT else page


def thing_address(thing: str, thing_id: int) -> str:
    """Return where moderators look at a thing; it is named as `Thing` does."""
    return url_for("moderation.thing", what=str(thing), thing_id=thing_id)
