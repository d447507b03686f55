"""What waits for a moderator: objections, the gravest and oldest first, and appeals; and what is hidden."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.core.security import Can, requires
from cps.core.text import excerpt
from cps.moderation import queries
from cps.moderation.models import Act
from cps.moderation.queries import Found
from cps.moderation.rules import Thing
from cps.moderation.views.base import bp, words

SHOWN_WORDS = 240


@dataclass(frozen=True, slots=True)
class Line:
    """A thing in the queue: `said` is the beginning of its words."""

    found: Found
    said: str
    row: Any


@bp.get("/moderation")
@requires(Can.MODERATE)
def index() -> ResponseReturnValue:
    """Show what waits for a decision."""
    lines = [_line(queries.find(row.thing, row.thing_id), row) for row in queries.waiting()]
    flags = {
        (line.found.thing, line.found.id): queries.flags_of(line.found.thing, line.found.id)
        for line in lines
        if line is not None
    }
    return render_template(
        "moderation/index.html",
        current="waiting",
        lines=[line for line in lines if line is not None],
        flags=flags,
        appeals=_of_acts(queries.appeals()),
        **words(),
    )


@bp.get("/moderation/hidden")
@requires(Can.MODERATE)
def hidden() -> ResponseReturnValue:
    """List what is hidden or blacked out now, the newest first."""
    page = queries.acts(after=request.args.get("after"))
    return render_template(
        "moderation/hidden.html",
        current="hidden",
        lines=_of_acts(page.rows),
        next_address=url_for(".hidden", after=page.next_key) if page.next_key else None,
        first_address=url_for(".hidden") if request.args.get("after") else None,
        **words(),
    )


def _of_acts(acts: Any) -> list[Line]:
    lines = [_line(queries.find(act.thing, act.thing_id), act) for act in acts]
    return [line for line in lines if line is not None]


def _line(found: Found | None, row: Any) -> Line | None:
    if found is None:
        return None
    said = found.case.body if found.thing is Thing.CASE else found.words
    if found.thing is Thing.UPDATE and not said and isinstance(row, Act):
        kept = queries.original(row.id)
        said = kept.texts.get("message", "") if kept is not None else ""
    return Line(found, excerpt(" ".join(said.split()), SHOWN_WORDS), row)
