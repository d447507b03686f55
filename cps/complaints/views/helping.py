"""Filing for somebody else, as their helper."""

from collections.abc import Callable

from flask import g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.accounts import queries as accounts
from cps.accounts.models import Account
from cps.cases.models import Draft
from cps.complaints import services
from cps.complaints.views import drafts
from cps.complaints.views.public import bp
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import NotVisible, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.keys import hashed_token
from cps.core.security import Can, requires
from cps.helpers import queries as helpers


@bp.post("/new/for/<int:consent_id>")
@requires(Can.USE_OWN_ACCOUNT)
def begin_for(consent_id: int) -> ResponseReturnValue:
    """Begin a report for somebody whom one helps."""
    at = clock.now()
    if helpers.open_consent(consent_id, current_user.id) is None:
        raise NotVisible(_("You do not help this person, or not any more."))
    drafts.count_begun(at)
    with transaction():
        token_hash = hashed_token(drafts.remember_new())
        services.begin_draft_for(token_hash, consent_id, account_id=current_user.id, at=at)
    return redirect(url_for(".photos"), 303)


def resident_of(draft: Draft) -> Account | None:
    """Return for whom a draft is filed, the consent locked; None where it is one's own.

    Raises RuleViolation where the consent was ended.
    """
    consent_id = draft.content.get(services.FOR)
    if consent_id is None:
        return None
    helper_id = current_user.id if current_user.is_authenticated else 0
    consent = helpers.open_consent(consent_id, helper_id)
    if consent is not None:  # accounts are locked before what hangs on them, as everywhere
        locked = {key: accounts.lock_account(key) for key in sorted((helper_id, consent.resident_id))}
        consent = helpers.open_consent(consent_id, helper_id, lock=True)
    if consent is None:
        raise RuleViolation(_("You do not help this person, or not any more."))
    return locked[consent.resident_id]


@bp.app_context_processor
def helped() -> dict[str, Callable[[], str]]:
    """Give the steps of filing for whom the draft is; asked only there."""
    return {"files_for": _files_for}


def _files_for() -> str:
    if "files_for" not in g:
        g.files_for = _name_of_helped()
    name: str = g.files_for
    return name


def _name_of_helped() -> str:
    draft = drafts.unsent(clock.now()) if current_user.is_authenticated else None
    consent_id = draft.content.get(services.FOR) if draft is not None else None
    consent = helpers.open_consent(consent_id, current_user.id) if consent_id is not None else None
    return (helpers.name_of(consent.resident_id) or _("A resident")) if consent else ""
