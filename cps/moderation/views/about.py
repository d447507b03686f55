"""What is hidden and why, for everybody: the rules, and the numbers of the last year."""

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from cps.cases.wording import HIDING_REASONS, hiding_reason
from cps.core import clock
from cps.core.i18n import number
from cps.core.security import public
from cps.moderation import queries
from cps.moderation.views.base import bp
from cps.moderation.wording import ACTS, THINGS

COUNTED = timedelta(days=365)


@bp.get("/about/moderation")
@public
def about() -> ResponseReturnValue:
    """Say what the city hides, who decides, how to object and appeal, and how often it happened."""
    rows = queries.hidings_since(clock.now() - COUNTED)
    shown = [
        [
            hiding_reason(row.reason.value),
            THINGS[row.thing],
            ACTS[row.what],
            number(row.number),
            number(row.again),
        ]
        for row in rows
    ]
    return render_template("moderation/about.html", rows=shown, reasons=list(HIDING_REASONS.values()))
