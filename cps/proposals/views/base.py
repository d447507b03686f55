"""What the views of proposals share."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cps.cases.access import closed_to, viewer
from cps.cases.models import Case
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.forms import OnceForm, spend_key
from cps.core.i18n import gettext as _
from cps.core.rendering import address, nav_item
from cps.core.security import Can, allows
from cps.proposals import queries
from cps.proposals.models import Proposal

bp = Blueprint("proposals", __name__, url_prefix="/proposals")


@nav_item(20)
def _nav() -> tuple[str, str, str, bool]:
    current = (request.endpoint or "").startswith("proposals.")
    return address("proposals.index"), _("Proposals"), "lightbulb", current


def visible(reference: str) -> Proposal:
    """Return a proposal that whoever asks may see; raises NotVisible."""
    proposal = queries.get(reference)
    must_be_visible(proposal.case)
    return proposal


def must_be_visible(case: Case) -> None:
    """Raise NotVisible where whoever asks may not see this, Hidden where a moderator hid it."""
    if not allows(viewer(), Can.SEE_CASE, case):
        raise closed_to(case, _("There is no proposal with this number."))


def back_to(reference: str, part: str = "") -> ResponseReturnValue:
    """Lead to the page of a proposal, or to a part of it."""
    return redirect(url_for("proposals.show", reference=reference, _anchor=part or None), 303)


def to_prove(endpoint: str, **values: Any) -> ResponseReturnValue:
    """Lead a visitor through sign-in or a code; they come back to a page with one button."""
    return redirect(url_for("accounts.prove", next=url_for(f"proposals.{endpoint}", **values)), 303)


def is_limited() -> bool:
    """Say whether this installation counts what people do within a time."""
    return bool(current_app.extensions["cps_config"].rate_limits)


def once(
    form: OnceForm, reference: str, act: Callable[[Proposal], object], thanks: str, part: str = ""
) -> ResponseReturnValue:
    """Do the act on the locked proposal unless this very form was sent before, and lead back to the page."""
    if not form.form_key.data:
        raise RuleViolation(_("The page was not complete. Please send it again."))
    with transaction():
        proposal = queries.lock(reference)
        key = f"{reference}:{form.form_key.data}"
        if spend_key(key, purpose="proposal", leads_to=reference, at=clock.now()):
            act(proposal)
    flash(thanks)
    return back_to(reference, part)
