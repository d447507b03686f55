"""The page of one poll for its administrators: where it is and what can be done now."""

from collections.abc import Sequence

from flask.typing import ResponseReturnValue

from cps.core import clock
from cps.core.i18n import date_time, number
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.polls import explaining, presenting, queries, story
from cps.polls.manage import overview
from cps.polls.manage import wording as words
from cps.polls.manage.views.base import bp, fingerprints_of, own_names, page, plain
from cps.polls.models import Poll, TreeHead
from cps.polls.presenting import Stage
from cps.polls.rules import ENDED, RESULT_IS_PUBLIC, PollState, moves_from
from cps.polls.services import counting, publishing
from cps.polls.services.counting import COUNTABLE

HEADS_SHOWN = 10


@bp.get("/<code:slug>")
@requires(Can.MANAGE_POLLS)
def show(slug: str) -> ResponseReturnValue:
    """Show where a poll is and what can be done with it now."""
    poll = queries.get_poll(slug)
    return _draft_page(poll) if poll.is_draft else _poll_page(poll)


def _draft_page(poll: Poll) -> str:
    keys = fingerprints_of(poll)
    lines = overview.lines_of(poll, keys, at=clock.now())
    return page(
        "draft",
        poll,
        lines=lines,
        red=sum(line.colour == "waiting" for line in lines),
        method=str(words.METHOD_NAMES[poll.method]),
        who=presenting.who_of(poll),
        when=overview.when_of(poll, clock.now()),
        results=str(words.RESULTS[poll.results]),
        has_keys=keys is not None,
        written_in=[name for code, name in own_names() if poll.question.get(code)],
    )


def _poll_page(poll: Poll) -> str:
    at, heads, events = clock.now(), queries.heads(poll.id), queries.events(poll.id)
    stage = presenting.stage_of(poll, at)
    is_asked = poll.publish_asked_at is not None
    may_publish = poll.state is PollState.TALLIED and not is_asked
    needs_draw = overview.needs_draw(poll)
    return page(
        "poll",
        poll,
        plain(poll),
        look=overview.look_of(poll, at),
        waits=overview.waits(poll, None, at=at),
        when=overview.when_of(poll, at),
        who=presenting.who_of(poll),
        is_over=stage is Stage.COUNTING,
        restored=story.restored(events) if poll.state is PollState.SUSPENDED else "",
        figures=_figures(poll),
        heads=_head_rows(heads[-HEADS_SHOWN:]),
        story=story.entries(events),
        keys_line=explaining.keys_words(poll),
        may_void=PollState.VOID in moves_from(poll.state),
        may_extend=stage in {Stage.SOON, Stage.OPEN},
        may_count_paper=poll.state in COUNTABLE and not is_asked and queries.has_paper_roll(poll.id),
        paper_settled=counting.paper_is_settled(poll),
        may_draw=may_publish and (needs_draw or bool(poll.draw)),
        needs_draw=needs_draw,
        may_publish=may_publish,
        has_result=poll.state in RESULT_IS_PUBLIC,
        objections=queries.objection_cases(poll.id),
        may_finalise=publishing.may_be_final(poll, at),
        has_ended=poll.state in ENDED,
        has_closed=poll.closed_at is not None,
        by_register=presenting.counts_by_register(poll),
    )


def _figures(poll: Poll) -> list[tuple[str, str]]:
    """Return whole numbers only: nothing here tells what anybody chose."""
    balance, paper = queries.balance(poll.id), queries.on_roll(poll.id, on_paper=True)
    eligible = number(poll.eligible) if poll.eligible is not None else _("nobody knows")
    return [
        (_("May vote"), eligible),
        (_("Have voted"), number(balance.roll + paper)),
        (_("Of these with a ballot on paper"), number(paper)),
        (_("In the public ledger"), number(balance.box)),
        (_("Waiting for the next batch"), number(balance.inbox)),
    ]


def _head_rows(heads: Sequence[TreeHead]) -> list[list[str]]:
    return [
        [number(head.batch_no), number(head.size), number(head.pending), date_time(head.signed_at)]
        for head in reversed(heads)
    ]
