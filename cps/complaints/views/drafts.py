"""The draft of this visitor: its token stands in the signed cookie, the database holds only a hash of it.

A phone that keeps what is typed draws the token itself and sends it along, so that whatever of a filing is
cut off and sent again, in steps or whole, comes to the same draft and becomes one case.
"""

import re
import secrets
from datetime import datetime, timedelta

from flask import current_app, request, session
from flask_login import current_user

from cps.cases.models import Draft
from cps.complaints import queries, services
from cps.core import limits, visit
from cps.core.keys import app_key, hashed_token, keyed_tag
from cps.core.limits import Limit
from cps.core.visit import keep_at_sign_in

TOKENS = "drafts"
DEVICE = "device"
DRAWN = "draft_key"
"""The field in which a form carries the token of its draft."""

MOST_TOKENS = 5
TOKEN = re.compile(r"[A-Za-z0-9_-]{32,80}")
"""A token of 192 bits or more, as `secrets` and phones write it."""

NEW_DRAFTS_OF_ADDRESS = Limit("new-draft-address", 600, timedelta(hours=1))

keep_at_sign_in(TOKENS, DEVICE)


def tokens() -> list[str]:
    """Return the tokens of this visitor's drafts, sent ones too, the newest last."""
    return [token for token in session.get(TOKENS, []) if isinstance(token, str)]


def newest_token() -> str:
    """Return the token of the draft begun last, empty where there is none."""
    return next(reversed(tokens()), "")


def account_id() -> int | None:
    """Return the account of this visitor."""
    return current_user.id if current_user.is_authenticated else None


def newest(at: datetime) -> Draft | None:
    """Return the draft begun last, sent or not, while it may be gone on with."""
    token = newest_token()
    return queries.find_draft(hashed_token(token), account_id=account_id(), at=at) if token else None


def unsent(at: datetime) -> Draft | None:
    """Return the draft that is being written."""
    draft = newest(at)
    return draft if draft is not None and draft.case_id is None else None


def token_of(draft: Draft | None) -> str:
    """Return the token of a draft that is being written, for its form; empty where there is none yet."""
    return newest_token() if draft is not None and draft.case_id is None else ""


def lock_newest(at: datetime) -> Draft | None:
    """Return the draft begun last, sent or not, locked for the running transaction."""
    token = newest_token()
    return queries.lock_draft(hashed_token(token), account_id=account_id(), at=at) if token else None


def lock_or_begin(at: datetime) -> Draft:
    """Return the draft that is being written, locked for the running transaction; begins one where needed.

    It is the one of the cookie, else the one whose token the form carries: its answer, cookie and all, may
    have been lost on the way.
    """
    draft = _open(lock_newest(at))
    if draft is None and (drawn := drawn_token()):
        draft = _open(lock_drawn(drawn, at))
        if draft is not None:
            remember(drawn)
    if draft is None:
        return services.begin_draft(hashed_token(remember_new()), account_id=account_id(), at=at)
    draft.account_id = draft.account_id or account_id()
    return draft


def _open(draft: Draft | None) -> Draft | None:
    return draft if draft is not None and draft.case_id is None else None


def lock_drawn(token: str, at: datetime) -> Draft | None:
    """Return the draft of a token that a phone drew, sent or not, locked; begins it where there is none.

    None where it is another account's, or too old to be gone on with.
    """
    services.begin_draft_once(hashed_token(token), account_id=account_id(), at=at)
    return queries.lock_draft(hashed_token(token), account_id=account_id(), at=at)


def drawn_token() -> str:
    """Return the token that the form carries; empty where it carries none that can be one."""
    drawn = request.form.get(DRAWN, "")
    return drawn if TOKEN.fullmatch(drawn) else ""


def count_new(at: datetime) -> None:
    """Count the draft that a step is about to begin, if it is; raises TooMany.

    Call it before the transaction. A browser that forgets its cookies would else fill the disk with drafts.
    """
    if unsent(at) is None:
        count_begun(at)


def count_begun(at: datetime) -> None:
    """Count a draft that is about to be begun; raises TooMany."""
    config = current_app.extensions["cps_config"]
    limits.count(NEW_DRAFTS_OF_ADDRESS, address(), at=at, enabled=config.rate_limits)


def remember_new() -> str:
    """Put a fresh token into the cookie and return it."""
    return remember(secrets.token_urlsafe(24))


def remember(token: str) -> str:
    """Put a token into the cookie, as that of the draft that is being written, and return it."""
    session[TOKENS] = [*(known for known in tokens() if known != token), token][-MOST_TOKENS:]
    return token


def sent(reference: str, at: datetime) -> tuple[Draft, str] | None:
    """Return this visitor's draft that became the case, with its token."""
    by_hash = {hashed_token(token): token for token in tokens()}
    draft = queries.sent_draft(by_hash, reference, account_id=account_id(), at=at) if by_hash else None
    return (draft, by_hash[draft.token_hash]) if draft else None


def key_of(draft: Draft) -> str:
    """Return the form key with which a draft is sent as it stands now.

    It is the same in every window that shows this state, and another one once anything has changed.
    """
    return keyed_tag(app_key("complaint-key"), draft.token_hash, str(draft.version))


def sender() -> str:
    """Return by what sending is counted first: the account, else this device."""
    if current_user.is_authenticated:
        return f"account:{current_user.id}"
    if DEVICE not in session:
        session[DEVICE] = secrets.token_urlsafe(12)
    return f"device:{session[DEVICE]}"


def address() -> str:
    """Return a tag of the network that this visitor comes from; many people may share one."""
    return keyed_tag(app_key("limits"), visit.network())[:32]
