"""Who is looking, as the views of cases know it; the cases opened by secret link live in the cookie."""

from flask import session
from flask_login import current_user

from cps.cases.policy import Viewer
from cps.core.visit import keep_at_sign_in

OPENED = "opened_cases"
MOST_OPENED = 20

keep_at_sign_in(OPENED)


def viewer() -> Viewer:
    """Return who is looking: the account or visitor, with the cases they opened by link or PIN."""
    return Viewer(current_user, frozenset(i for i in session.get(OPENED, []) if isinstance(i, int)))


def open_for_this_visitor(case_id: int) -> None:
    """Remember in the signed cookie that this visitor showed the secret or PIN of a case."""
    kept = [i for i in session.get(OPENED, []) if i != case_id]
    session[OPENED] = [*kept, case_id][-MOST_OPENED:]
