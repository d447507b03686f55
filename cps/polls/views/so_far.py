"""What an open poll with live results shows where its result will stand: the counts of whole batches."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from cps.core.i18n import current_language
from cps.core.rendering import cacheable
from cps.polls import presenting, queries, so_far
from cps.polls.models import Poll
from cps.polls.outcome import blank_row
from cps.polls.result_tables import votes_table
from cps.polls.specification import from_bytes


def page(poll: Poll, at: datetime) -> ResponseReturnValue:
    """Show the counts so far; or that there are none yet, or none any more."""
    found = queries.so_far(poll.id)
    tag = presenting.mark([poll], at, found and found.batch)
    if (answer := cacheable(f"poll-so-far-{tag}")) is not None:
        return answer
    card = presenting.card_of(poll, at)
    if found is None or not found.batch:
        return render_template("polls/no_counts.html", poll=poll, card=card, have_ended=found is None)
    return render_template(
        "polls/so_far.html",
        poll=poll,
        card=card,
        filled=found.size - found.blank,
        counted_line=so_far.counted_line(found),
        next_line=so_far.next_line(),
        method_line=so_far.method_line(poll.method),
        **_figures(poll.spec_json, json.dumps(found.counts), found.size, found.blank, current_language()),
    )


@lru_cache(maxsize=128)
def _figures(spec: str, counts: str, size: int, blank: int, _language: str) -> dict[str, Any]:
    """Return bars and table of one batch in one language; remembered, for most who look see the same."""
    specification = from_bytes(spec.encode())
    rows = so_far.rows(specification, json.loads(counts), filled=size - blank)
    return {
        "bars": [{"text": row.label, "value": row.votes, "words": row.words} for row in rows],
        "votes_table": votes_table(rows, blank_row(blank, of=size), specification.currency),
    }
