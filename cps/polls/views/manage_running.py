"""The page of one poll for its administrators, and what they do while it is open."""

from collections.abc import Sequence
from typing import Any, cast

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.city import CityFacts
from cps.core.forms import Form
from cps.core.i18n import gettext as _
from cps.core.i18n import localized, number, stamp
from cps.core.security import Can, requires
from cps.polls import explaining, managing, presenting, queries
from cps.polls import manage_wording as words
from cps.polls.manage_act_forms import ExtendForm, ReasonForm
from cps.polls.manage_forms import moment, on_clock
from cps.polls.models import Poll, TreeHead
from cps.polls.presenting import Stage
from cps.polls.rules import ENDED, RESULT_IS_PUBLIC, PollState, TieRule, moves_from
from cps.polls.services import counting, course, publishing
from cps.polls.services.counting import COUNTABLE
from cps.polls.views.base import manage
from cps.polls.views.manage_shared import fingerprints_of, home, own_names, plain, refuse, save

HEADS_SHOWN = 10


@manage.get("/<code:slug>")
@requires(Can.MANAGE_POLLS)
def show(slug: str) -> ResponseReturnValue:
    """Show where a poll is and what can be done with it now."""
    poll = queries.get_poll(slug)
    return _draft_page(poll) if poll.is_draft else _poll_page(poll)


def _draft_page(poll: Poll) -> str:
    keys = fingerprints_of(poll)
    lines = managing.lines_of(poll, keys, at=clock.now())
    return render_template(
        "polls/manage/draft.html",
        poll=poll,
        question=localized(poll.question),
        lines=lines,
        red=sum(line.colour == "waiting" for line in lines),
        method=str(words.METHOD_NAMES[poll.method]),
        who=presenting.who_of(poll),
        when=managing.when_of(poll, clock.now()),
        results=str(words.RESULTS[poll.results]),
        has_keys=keys is not None,
        written_in=[name for code, name in own_names() if poll.question.get(code)],
    )


def _poll_page(poll: Poll) -> str:
    at, heads, events = clock.now(), queries.heads(poll.id), queries.events(poll.id)
    stage = presenting.stage_of(poll, at)
    may_publish = poll.state is PollState.TALLIED and poll.publish_asked_at is None
    return render_template(
        "polls/manage/poll.html",
        poll=poll,
        question=localized(poll.question),
        form=plain(poll),
        look=managing.look_of(poll),
        waits=managing.waits(poll, None, at=at),
        when=managing.when_of(poll, at),
        who=presenting.who_of(poll),
        is_over=stage is Stage.COUNTING,
        restored=presenting.restored(events) if poll.state is PollState.SUSPENDED else "",
        figures=_figures(poll),
        heads=_head_rows(heads[-HEADS_SHOWN:]),
        story=presenting.story_of(events),
        keys_line=explaining.keys_words(poll),
        may_void=PollState.VOID in moves_from(poll.state),
        may_extend=stage in {Stage.SOON, Stage.OPEN},
        may_count_paper=poll.state in COUNTABLE and queries.has_paper_roll(poll.id),
        paper_settled=counting.paper_is_settled(poll),
        may_draw=may_publish and poll.tie is TieRule.DRAW,
        needs_draw=managing.needs_draw(poll),
        may_publish=may_publish,
        has_result=poll.state in RESULT_IS_PUBLIC,
        objections=queries.objection_cases(poll.id),
        may_finalise=poll.state is PollState.PUBLISHED and not publishing.takes_objections(poll, at),
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
        [number(head.batch_no), number(head.size), number(head.pending), stamp(head.signed_at)]
        for head in reversed(heads)
    ]


def _act(slug: str, form: Form, fields: Sequence[str], **values: Any) -> str:
    poll = queries.get_poll(slug)
    return render_template(
        "polls/manage/act.html",
        poll=poll,
        question=localized(poll.question),
        form=form,
        fields=[form[name] for name in fields],
        **values,
    )


def _form_of(form: Any, slug: str, **values: Any) -> Any:
    return form(formdata=None, version=queries.get_poll(slug).version, **values)


@manage.get("/<code:slug>/extend")
@requires(Can.MANAGE_POLLS)
def extend_page(slug: str) -> ResponseReturnValue:
    """Ask for a later end and the reason."""
    poll = queries.get_poll(slug)
    if poll.state is not PollState.OPEN:
        return redirect(home(slug), 303)
    day, minute = on_clock(poll.closes_at, cast("CityFacts", g.city).zone)
    return _extend_page(slug, _form_of(ExtendForm, slug, closes_on=day, closes_time=minute))


@manage.post("/<code:slug>/extend")
@requires(Can.MANAGE_POLLS)
def extend(slug: str) -> ResponseReturnValue:
    """Let the poll close later; the end never moves earlier."""
    form = ExtendForm()
    read: list[Any] = []

    def check() -> None:
        read.append(moment(form.closes_on, form.closes_time, cast("CityFacts", g.city).zone))
        if read[0] is None and not form.errors:
            refuse(form, "closes_on", _("Write the new date."))

    def change(poll: Poll) -> None:
        course.extend(poll, read[0], by=current_user, at=clock.now(), reason=form.reason.data or "")

    return save(
        slug,
        form,
        lambda: _extend_page(slug, form),
        change,
        done=_("The poll closes later. Everybody can read why."),
        check=check,
    )


def _extend_page(slug: str, form: Form) -> str:
    return _act(
        slug,
        form,
        ("closes_on", "closes_time", "reason"),
        action=url_for(".extend", slug=slug),
        title=_("Let it close later"),
        text=_(
            "The end can only move to a later moment. The old end, the new one and the reason are public."
        ),
        button_text=_("Move the end"),
        kind="primary",
    )


@manage.get("/<code:slug>/incident")
@requires(Can.MANAGE_POLLS)
def incident_page(slug: str) -> ResponseReturnValue:
    """Ask what went wrong."""
    if queries.get_poll(slug).is_draft:
        return redirect(home(slug), 303)
    return _incident_page(slug, _form_of(ReasonForm, slug))


@manage.post("/<code:slug>/incident")
@requires(Can.MANAGE_POLLS)
def incident(slug: str) -> ResponseReturnValue:
    """Put it on the public record."""
    form = ReasonForm()

    def change(poll: Poll) -> None:
        course.tell_incident(poll, by=current_user, at=clock.now(), text=form.reason.data or "")
        poll.updated_at = clock.now()

    return save(
        slug, form, lambda: _incident_page(slug, form), change, done=_("It stands in the public story.")
    )


def _incident_page(slug: str, form: Any) -> str:
    form.reason.label.text = _("What happened, for everybody to read")
    return _act(
        slug,
        form,
        ("reason",),
        action=url_for(".incident", slug=slug),
        title=_("Tell an incident"),
        text=_("It stands on the poll’s page and in the protocol of the close. It cannot be taken back."),
        button_text=_("Publish it"),
        kind="primary",
    )


@manage.get("/<code:slug>/void")
@requires(Can.MANAGE_POLLS)
def void_page(slug: str) -> ResponseReturnValue:
    """Ask whether the poll is really to be declared void, and why."""
    if PollState.VOID not in moves_from(queries.get_poll(slug).state):
        return redirect(home(slug), 303)
    return _void_page(slug, _form_of(ReasonForm, slug))


@manage.post("/<code:slug>/void")
@requires(Can.MANAGE_POLLS)
def void(slug: str) -> ResponseReturnValue:
    """Declare the poll void for good."""
    form = ReasonForm()

    def change(poll: Poll) -> None:
        course.void(poll, by=current_user, at=clock.now(), reason=form.reason.data or "")

    return save(
        slug, form, lambda: _void_page(slug, form), change, done=_("The poll is void. Its page says why.")
    )


def _void_page(slug: str, form: Form) -> str:
    return _act(
        slug,
        form,
        ("reason",),
        action=url_for(".void", slug=slug),
        title=_("Declare this poll void?"),
        text=_(
            "No vote counts any more, nothing is counted or published, and this cannot be undone."
            " Everybody can read the reason."
        ),
        button_text=_("Declare it void for good"),
        kind="danger",
    )


@manage.get("/<code:slug>/resume")
@requires(Can.MANAGE_POLLS)
def resume_page(slug: str) -> ResponseReturnValue:
    """Say what the restored copy lacks, and ask why voting may go on."""
    if queries.get_poll(slug).state is not PollState.SUSPENDED:
        return redirect(home(slug), 303)
    return _resume_page(slug, _form_of(ReasonForm, slug))


@manage.post("/<code:slug>/resume")
@requires(Can.MANAGE_POLLS)
def resume(slug: str) -> ResponseReturnValue:
    """Let voting go on."""
    form = ReasonForm()

    def change(poll: Poll) -> None:
        course.resume(poll, by=current_user, at=clock.now(), reason=form.reason.data or "")

    return save(slug, form, lambda: _resume_page(slug, form), change, done=_("Votes are taken again."))


def _resume_page(slug: str, form: Form) -> str:
    restored = presenting.restored(queries.events(queries.get_poll(slug).id))
    return _act(
        slug,
        form,
        ("reason",),
        action=url_for(".resume", slug=slug),
        title=_("Let voting go on"),
        text=restored or _("Votes are taken again until the announced end."),
        button_text=_("Take votes again"),
        kind="primary",
    )
