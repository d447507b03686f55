"""What maps of proposals ask for: what lies in a box."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from cps.cases import map_answers, queries
from cps.cases.rules import CaseKind
from cps.core import clock
from cps.core.rendering import cacheable
from cps.core.security import public
from cps.proposals.asking import as_filter, asked_for
from cps.proposals.views.base import bp


@bp.get("/points.geojson")
@public
def points() -> ResponseReturnValue:
    """Give what a map of `zoom` shows of the list in `box` (west,south,east,north): proposals, or clusters.

    Filters are those of the list. 400 for a box that is none or that no screen shows at its zoom.
    """
    if (answer := cacheable(queries.tag_of_hour("proposal-points", clock.now()))) is not None:
        return answer
    wanted, asked = asked_for(request.args)
    values: dict[str, Any] = {**asked, "box": map_answers.ANY_BOX}
    return map_answers.answer(
        request.args, as_filter(wanted), case_address=_page, any_list=url_for(".index", **values)
    )


def _page(_kind: CaseKind, reference: str) -> str:
    return url_for(".show", reference=reference)
