"""Updates of service requests: what the city says, and what whoever filed a request adds to it."""

from datetime import timedelta

from flask import g, request
from flask.typing import ResponseReturnValue

from cps.cases import queries as cases
from cps.core import clock
from cps.core.db import transaction
from cps.core.http import machine
from cps.core.i18n import OWN_NAMES, current_language, html_language
from cps.core.security import public
from cps.core.text import detect_language
from cps.open311 import queries, rules, services
from cps.open311.models import ApiKey
from cps.open311.presenting import update
from cps.open311.reading import description
from cps.open311.rules import Refused, Span, bad
from cps.open311.views.base import answer, bp
from cps.open311.views.reading import known, not_found
from cps.open311.views.sending import count_use, sent_photos, shown_key

DAY = timedelta(days=1)


@bp.get("/servicerequestupdates.<code:suffix>")
@public
def updates(suffix: str) -> ResponseReturnValue:  # noqa: ARG001
    """Give what the city said between two times, oldest first; without any in the last day."""
    now = clock.now()
    asked = rules.span(request.args, "start_date", "end_date", g.city.zone)
    wanted = asked.bounded(now) if asked.is_asked else Span(now - DAY, now)
    end = min(now, wanted.end or now)  # what is held back is not said yet
    return answer(
        "service_request_updates", [update(row) for row in queries.updates(Span(wanted.start, end))]
    )


@bp.post("/servicerequestupdates.<code:suffix>")
@public
@machine
def add(suffix: str) -> ResponseReturnValue:  # noqa: ARG001
    """Let whoever filed a request by this key add to it; only they and the city read it."""
    key, at = shown_key(), clock.now()
    count_use(key, at)
    reference = known(request.form.get("service_request_id", "").strip())
    words = description(request.form)
    if not words:
        raise Refused(bad("description is missing"))
    _refuse_others(reference, key)
    page = html_language(current_language())
    with sent_photos(at) as photos, transaction():
        case = cases.lock_case(reference)
        event = services.add_words(
            case, words, language=detect_language(words, OWN_NAMES) or page, photos=photos, at=at
        )
        event_id = event.id
    return answer("service_request_updates", [{"update_id": str(event_id), "account_id": None}], 201)


def _refuse_others(reference: str, key: ApiKey) -> None:
    """Raise Refused, 404, where a request did not come by this key."""
    case = cases.find_case(reference)
    if case is None or not queries.is_filed_by(case.id, key.id):
        raise Refused(not_found(reference))
