"""What administrators do while a poll is open: extend, tell, declare void, resume."""

from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import city, clock
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.security import Can, requires
from cps.polls import queries, story
from cps.polls.forms.fields import on_clock
from cps.polls.manage.forms.acts import ExtendForm, IncidentForm, ReasonForm
from cps.polls.manage.views.acts import Act
from cps.polls.manage.views.base import bp, only_while
from cps.polls.models import Poll
from cps.polls.rules import PollState, moves_from
from cps.polls.services import course

EXTEND = Act(
    "extend",
    title=_l("Let it close later"),
    text=lambda _poll: _(
        "The end can only move to a later moment. The old end, the new one and the reason are public."
    ),
    button=_l("Move the end"),
    done=_l("The poll closes later. Everybody can read why."),
    fields=("closes_on", "closes_time", "reason"),
)

INCIDENT = Act(
    "incident",
    title=_l("Tell an incident"),
    text=lambda _poll: _(
        "It stands on the poll’s page and in the protocol of the close. It cannot be taken back."
    ),
    button=_l("Publish it"),
    done=_l("It stands in the public story."),
    fields=("reason",),
)

VOID = Act(
    "void",
    title=_l("Declare this poll void?"),
    text=lambda poll: (
        _(
            "No vote counts any more, the published result counts no more, and this cannot be undone."
            " Everybody can read the reason."
        )
        if poll.published_at
        else _(
            "No vote counts any more, nothing is counted or published, and this cannot be undone."
            " Everybody can read the reason."
        )
    ),
    button=_l("Declare it void for good"),
    done=_l("The poll is void. Its page says why."),
    kind="danger",
    fields=("reason",),
)

RESUME = Act(
    "resume",
    title=_l("Let voting go on"),
    text=lambda poll: (
        story.restored(queries.events(poll.id)) or _("Votes are taken again until the announced end.")
    ),
    button=_l("Take votes again"),
    done=_l("Votes are taken again."),
    fields=("reason",),
)


@bp.get("/<code:slug>/extend")
@requires(Can.MANAGE_POLLS)
@only_while(lambda poll: poll.state is PollState.OPEN)
def extend_page(poll: Poll) -> ResponseReturnValue:
    """Ask for a later end and the reason."""
    day, minute = on_clock(poll.closes_at, city.get().zone)
    form = ExtendForm(formdata=None, version=poll.version, closes_on=day, closes_time=minute)
    return EXTEND.page(poll, form)


@bp.post("/<code:slug>/extend")
@requires(Can.MANAGE_POLLS)
def extend(slug: str) -> ResponseReturnValue:
    """Let the poll close later; the end never moves earlier."""
    form = ExtendForm()

    def change(poll: Poll) -> None:
        course.extend(poll, form.closes_at, by=current_user, at=clock.now(), reason=form.reason.data or "")

    return EXTEND.do(slug, form, change)


@bp.get("/<code:slug>/incident")
@requires(Can.MANAGE_POLLS)
@only_while(lambda poll: not poll.is_draft)
def incident_page(poll: Poll) -> ResponseReturnValue:
    """Ask what went wrong."""
    return INCIDENT.page(poll, IncidentForm(formdata=None, version=poll.version))


@bp.post("/<code:slug>/incident")
@requires(Can.MANAGE_POLLS)
def incident(slug: str) -> ResponseReturnValue:
    """Put it on the public record."""
    form = IncidentForm()

    def change(poll: Poll) -> None:
        course.tell_incident(poll, by=current_user, at=clock.now(), text=form.reason.data or "")

    return INCIDENT.do(slug, form, change)


@bp.get("/<code:slug>/void")
@requires(Can.MANAGE_POLLS)
@only_while(lambda poll: PollState.VOID in moves_from(poll.state))
def void_page(poll: Poll) -> ResponseReturnValue:
    """Ask whether the poll is really to be declared void, and why."""
    return VOID.page(poll, ReasonForm(formdata=None, version=poll.version))


@bp.post("/<code:slug>/void")
@requires(Can.MANAGE_POLLS)
def void(slug: str) -> ResponseReturnValue:
    """Declare the poll void for good."""
    form = ReasonForm()

    def change(poll: Poll) -> None:
        course.void(poll, by=current_user, at=clock.now(), reason=form.reason.data or "")

    return VOID.do(slug, form, change)


@bp.get("/<code:slug>/resume")
@requires(Can.MANAGE_POLLS)
@only_while(lambda poll: poll.state is PollState.SUSPENDED)
def resume_page(poll: Poll) -> ResponseReturnValue:
    """Say what the restored copy lacks, and ask why voting may go on."""
    return RESUME.page(poll, ReasonForm(formdata=None, version=poll.version))


@bp.post("/<code:slug>/resume")
@requires(Can.MANAGE_POLLS)
def resume(slug: str) -> ResponseReturnValue:
    """Let voting go on."""
    form = ReasonForm()

    def change(poll: Poll) -> None:
        course.resume(poll, by=current_user, at=clock.now(), reason=form.reason.data or "")

    return RESUME.do(slug, form, change)
