"""Who else has a case open: said on its page; that one reads it oneself is noted once the page has left."""

import logging
from functools import partial

from flask import Flask, Response, current_app, g
from flask_login import current_user
from sqlalchemy.exc import DBAPIError

from cps.cases.models import Case
from cps.core import clock
from cps.core.db import transaction
from cps.core.i18n import ago
from cps.core.i18n import gettext as _
from cps.triage.work import queries, services
from cps.triage.work.rules import WRITTEN_AGAIN

log = logging.getLogger(__name__)


def others_at(case: Case) -> list[str]:
    """Return who else has the case open, in words: "Kim Haneul, 1 minute ago"."""
    now, there = clock.now(), queries.who_is_there(case.id, at=clock.now())
    own = [one.seen_at for one in there if one.account_id == current_user.id]
    if not own or now - own[0] >= WRITTEN_AGAIN:
        g.case_opened = case.id
    return [
        _("%(name)s, %(when)s", name=one.display_name, when=ago(one.seen_at, now))
        for one in there
        if one.account_id != current_user.id
    ]


def note_reader(response: Response) -> Response:
    """Note who has the case open once the page has left: nobody waits for it, no page is lost over it."""
    case_id: int | None = g.pop("case_opened", None)
    if case_id is not None:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        response.call_on_close(partial(_note, app, case_id, current_user.id))
    return response


def _note(app: Flask, case_id: int, account_id: int) -> None:
    try:
        with app.app_context(), transaction():
            services.come(case_id, account_id, at=clock.now())
    except DBAPIError:
        log.info("who has a case open could not be noted")
