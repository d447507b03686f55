"""Asks once more whether it is really them, before a grave act; for a quarter of an hour not again."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.accounts import queries
from cps.accounts.rules import is_fresh
from cps.core import clock, sealed
from cps.core.keys import hashed_token
from cps.core.security import View

CONFIRMED = "confirmed"
SECONDS = 900


def confirmed(
    *, back: str, fresh_is_enough: bool = False, when: Callable[..., bool] | None = None
) -> Callable[[View], View]:
    """Guard a view, below `requires`: who has not confirmed lately is asked first.

    Then they are led to the page of the endpoint `back`, which takes of what the view's address names. With
    `fresh_is_enough` a sign-in that was just now counts as well. `when` says, of what the address names,
    whether the act is grave; without it, it always is.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kw: Any) -> ResponseReturnValue:
            is_grave = when is None or when(**kw)
            if not is_grave or is_confirmed() or (fresh_is_enough and _is_fresh()):
                return view(*args, **kw)
            return redirect(url_for("accounts.confirm", next=_way_back(back, kw)), 303)

        return guarded  # type: ignore[return-value]

    return guard


def is_confirmed() -> bool:
    """Say whether this session has shown within a quarter of an hour that it is really them."""
    kept = session.get(CONFIRMED)
    mark = sealed.read(CONFIRMED, kept, seconds=SECONDS) if isinstance(kept, str) else None
    return mark is not None and mark == hashed_token(current_user.session_token)


def _way_back(back: str, named: dict[str, Any]) -> str:
    """Return the address of an endpoint, which takes of what is named what it knows."""
    knows = {name for rule in current_app.url_map.iter_rules(back) for name in rule.arguments}
    return url_for(back, **{name: value for name, value in named.items() if name in knows})


def _is_fresh() -> bool:
    row = queries.session_of_token(current_user.session_token)
    return row is not None and is_fresh(row.created_at, clock.now())


def keep_confirmed() -> None:
    """Note in this session's cookie, encrypted, that it was them just now."""
    session[CONFIRMED] = sealed.write(CONFIRMED, hashed_token(current_user.session_token))
