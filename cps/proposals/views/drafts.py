"""The draft of this visitor: its token stands in the signed cookie, the database holds only a hash of it."""

import secrets
from datetime import datetime, timedelta

from flask import session
from flask_login import current_user

from cps.cases.models import Draft
from cps.core import limits, visit
from cps.core.keys import app_key, hashed_token, keyed_tag
from cps.core.limits import Limit
from cps.core.visit import keep_at_sign_in
from cps.proposals import services
from cps.proposals.queries import drafts as queries
from cps.proposals.views.base import is_limited

KEPT = "proposal_draft"
NEW_DRAFTS_OF_ADDRESS = Limit("new-proposal-draft-address", 300, timedelta(hours=1))

keep_at_sign_in(KEPT)


def account_id() -> int | None:
    """Return the account of this visitor."""
    return current_user.id if current_user.is_authenticated else None


def newest(at: datetime) -> Draft | None:
    """Return the draft begun last on this device, sent or not, while it may be gone on with."""
    token = session.get(KEPT)
    if not isinstance(token, str):
        return None
    return queries.find_draft(hashed_token(token), account_id=account_id(), at=at)


def unsent(at: datetime) -> Draft | None:
    """Return the draft that is being written on this device."""
    draft = newest(at)
    return draft if draft is not None and draft.case_id is None else None


def elsewhere(at: datetime) -> Draft | None:
    """Return what the same account began on another device and has not sent."""
    mine = account_id()
    return queries.draft_of_account(mine, at=at) if mine is not None else None


def lock_newest(at: datetime) -> Draft | None:
    """Return the draft begun last, sent or not, locked for the running transaction."""
    token = session.get(KEPT)
    if not isinstance(token, str):
        return None
    return queries.lock_draft(hashed_token(token), account_id=account_id(), at=at)


def lock_or_begin(at: datetime) -> Draft:
    """Return the draft that is being written, locked for the running transaction; begins one where needed."""
    draft = lock_newest(at)
    if draft is None or draft.case_id is not None:
        return services.begin_draft(hashed_token(_remember_new()), account_id=account_id(), at=at)
    draft.account_id = draft.account_id or account_id()
    return draft


def take_over(draft: Draft, at: datetime) -> None:
    """Go on with a draft on this device; the token of the other one no longer opens it."""
    draft.token_hash = hashed_token(_remember_new())
    draft.updated_at = at


def count_new(at: datetime) -> None:
    """Count, before the transaction, the draft that a step is about to begin, if it is; raises TooMany."""
    if unsent(at) is None:
        limits.count(NEW_DRAFTS_OF_ADDRESS, address(), at=at, enabled=is_limited())


def key_of(draft: Draft) -> str:
    """Return the form key with which a draft is sent as it stands now: another one once anything changed."""
    return keyed_tag(app_key("proposal-key"), draft.token_hash, str(draft.version))


def address() -> str:
    """Return a tag of the network that this visitor comes from; many people may share one."""
    return keyed_tag(app_key("limits"), visit.network())[:32]


def _remember_new() -> str:
    token = secrets.token_urlsafe(24)
    session[KEPT] = token
    return token
