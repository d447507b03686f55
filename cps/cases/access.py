"""Who is looking, as the views of cases know it, and what they are told of what they may not see.

The cases opened by secret link live in the cookie.
"""

from flask import session
from flask_login import current_user

from cps.cases import queries
from cps.cases.models import Case
from cps.cases.policy import Viewer
from cps.cases.wording import hidden_words
from cps.core.errors import CpsError, Hidden, NotVisible
from cps.core.visit import keep_at_sign_in

OPENED = "opened_cases"
MOST_OPENED = 20

keep_at_sign_in(OPENED)


def viewer() -> Viewer:
    """Return who is looking: the account or visitor, with the cases they opened by link or PIN."""
    return Viewer(current_user, frozenset(i for i in session.get(OPENED, []) if isinstance(i, int)))


def closed_to(case: Case, missing: str, door: str = "") -> CpsError:
    """Return the error for somebody who may not see a case: of a hidden one why, and where its door is."""
    if case.is_hidden and not case.is_private:
        return Hidden(hidden_words(queries.hidden_because(case.id)), door)
    return NotVisible(missing)


def open_for_this_visitor(case_id: int) -> None:
    """Remember in the signed cookie that this visitor showed the secret or PIN of a case."""
    kept = [i for i in session.get(OPENED, []) if i != case_id]
    session[OPENED] = [*kept, case_id][-MOST_OPENED:]
