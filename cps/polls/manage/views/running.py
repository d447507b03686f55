"""What administrators do while a poll is open: extend, tell, declare void, resume."""

from collections.abc import Sequence
from typing import Any, cast

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.city import CityFacts
from cps.core.forms import Form, add_error
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.security import Can, requires
from cps.polls import queries, story
from cps.polls.forms.fields import moment, on_clock
from cps.polls.manage.forms.acts import ExtendForm, ReasonForm
from cps.polls.manage.views.base import bp, home
from cps.polls.models import Poll
from cps.polls.rules import PollState, moves_from
from cps.polls.services import course
from cps.polls.views.saving import save


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


@bp.get("/<code:slug>/extend")
@requires(Can.MANAGE_POLLS)
def extend_page(slug: str) -> ResponseReturnValue:
    """Ask for a later end and the reason."""
    poll = queries.get_poll(slug)
    if poll.state is not PollState.OPEN:
        return redirect(home(slug), 303)
    day, minute = on_clock(poll.closes_at, cast("CityFacts", g.city).zone)
    return _extend_page(slug, _form_of(ExtendForm, slug, closes_on=day, closes_time=minute))


@bp.post("/<code:slug>/extend")
@requires(Can.MANAGE_POLLS)
def extend(slug: str) -> ResponseReturnValue:
    """Let the poll close later; the end never moves earlier."""
    form = ExtendForm()
    read: list[Any] = []

    def check() -> None:
        read.append(moment(form.closes_on, form.closes_time, cast("CityFacts", g.city).zone))
        if read[0] is None and not form.errors:
            add_error(form.closes_on, _("Write the new date."))

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


@bp.get("/<code:slug>/incident")
@requires(Can.MANAGE_POLLS)
def incident_page(slug: str) -> ResponseReturnValue:
    """Ask what went wrong."""
    if queries.get_poll(slug).is_draft:
        return redirect(home(slug), 303)
    return _incident_page(slug, _form_of(ReasonForm, slug))


@bp.post("/<code:slug>/incident")
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


@bp.get("/<code:slug>/void")
@requires(Can.MANAGE_POLLS)
def void_page(slug: str) -> ResponseReturnValue:
    """Ask whether the poll is really to be declared void, and why."""
    if PollState.VOID not in moves_from(queries.get_poll(slug).state):
        return redirect(home(slug), 303)
    return _void_page(slug, _form_of(ReasonForm, slug))


@bp.post("/<code:slug>/void")
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


@bp.get("/<code:slug>/resume")
@requires(Can.MANAGE_POLLS)
def resume_page(slug: str) -> ResponseReturnValue:
    """Say what the restored copy lacks, and ask why voting may go on."""
    if queries.get_poll(slug).state is not PollState.SUSPENDED:
        return redirect(home(slug), 303)
    return _resume_page(slug, _form_of(ReasonForm, slug))


@bp.post("/<code:slug>/resume")
@requires(Can.MANAGE_POLLS)
def resume(slug: str) -> ResponseReturnValue:
    """Let voting go on."""
    form = ReasonForm()

    def change(poll: Poll) -> None:
        course.resume(poll, by=current_user, at=clock.now(), reason=form.reason.data or "")

    return save(slug, form, lambda: _resume_page(slug, form), change, done=_("Votes are taken again."))


def _resume_page(slug: str, form: Form) -> str:
    restored = story.restored(queries.events(queries.get_poll(slug).id))
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
