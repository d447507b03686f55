"""After the close: the public draw, publishing, the decision, the final result."""

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.forms import LONGEST_TEXT, Form, VersionedForm
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import localized
from cps.core.security import Can, requires
from cps.polls import presenting, queries
from cps.polls.forms.fields import Text, filled, in_languages, texts_in
from cps.polls.manage.forms.acts import draw_form, drawn
from cps.polls.manage.views.base import bp, home, languages, own_names, plain
from cps.polls.models import Poll
from cps.polls.rules import RESULT_IS_PUBLIC, PollState
from cps.polls.services import counting, publishing
from cps.polls.services.counting import COUNTABLE
from cps.polls.views.saving import save

DECISION = Text(
    "decision", _l("What the city decided, and why"), longest=LONGEST_TEXT, is_long=True, needed=True
)


@bp.get("/<code:slug>/draw")
@requires(Can.MANAGE_POLLS)
def draw_page(slug: str) -> ResponseReturnValue:
    """Ask for the order in which the options were drawn in public."""
    poll = queries.get_poll(slug)
    if poll.state not in COUNTABLE:
        return redirect(home(slug), 303)
    given = {f"drawn_{code}": place for place, code in enumerate(poll.draw, 1)}
    return _draw_page(slug, _draw_form(poll)(formdata=None, version=poll.version, **given))


@bp.post("/<code:slug>/draw")
@requires(Can.MANAGE_POLLS)
def enter_draw(slug: str) -> ResponseReturnValue:
    """Enter it; the worker counts anew."""
    poll = queries.get_poll(slug)
    form, codes = _draw_form(poll)(), [option.code for option in poll.options]

    def change(poll: Poll) -> None:
        counting.enter_draw(poll, drawn(form, codes), by=current_user, at=clock.now())

    return save(
        slug, form, lambda: _draw_page(slug, form), change, done=_("The draw is entered. It is public.")
    )


def _draw_form(poll: Poll) -> Any:
    return draw_form(tuple(option.code for option in poll.options))


def _draw_page(slug: str, form: Any) -> str:
    poll = queries.get_poll(slug)
    return render_template(
        "polls/manage/draw.html",
        poll=poll,
        question=localized(poll.question),
        form=form,
        options=presenting.options_of(poll),
    )


@bp.get("/<code:slug>/publish")
@requires(Can.MANAGE_POLLS)
def publish_page(slug: str) -> ResponseReturnValue:
    """Say what publishing does, and ask."""
    poll = queries.get_poll(slug)
    if poll.state is not PollState.TALLIED:
        return redirect(home(slug), 303)
    return _publish_page(slug, plain(poll))


@bp.post("/<code:slug>/publish")
@requires(Can.MANAGE_POLLS)
def publish(slug: str) -> ResponseReturnValue:
    """Let the worker prepare the bundle and publish the result."""
    form = VersionedForm()
    return save(
        slug,
        form,
        lambda: _publish_page(slug, form),
        lambda poll: publishing.ask_to_publish(poll, by=current_user, at=clock.now()),
        done=_("The result is being prepared. It is public in a moment."),
    )


def _publish_page(slug: str, form: Form) -> str:
    poll = queries.get_poll(slug)
    return _ask(
        slug,
        form,
        action=url_for(".publish", slug=slug),
        title=_("Publish the result?"),
        text=_(
            "You see the counts at the same moment as everybody. Then people may object for %(days)s working"
            " days.",
            days=poll.objection_days,
        ),
        button_text=_("Publish the result"),
        kind="primary",
    )


@bp.get("/<code:slug>/decision")
@requires(Can.MANAGE_POLLS)
def decision(slug: str) -> ResponseReturnValue:
    """Ask what the city decided, and why, in every language."""
    poll = queries.get_poll(slug)
    if poll.state not in RESULT_IS_PUBLIC:
        return redirect(home(slug), 303)
    values = filled("decision", poll.decision)
    return _decision_page(slug, _decision_form()(formdata=None, version=poll.version, **values))


@bp.post("/<code:slug>/decision")
@requires(Can.MANAGE_POLLS)
def decide(slug: str) -> ResponseReturnValue:
    """Publish it."""
    form = _decision_form()()

    def change(poll: Poll) -> None:
        said = texts_in(form, "decision", languages())
        publishing.decide(poll, said, by=current_user, at=clock.now())

    return save(slug, form, lambda: _decision_page(slug, form), change, done=_("The decision is public."))


def _decision_form() -> Any:
    return in_languages(VersionedForm, languages(), DECISION)


def _decision_page(slug: str, form: Form) -> str:
    poll = queries.get_poll(slug)
    return render_template(
        "polls/manage/decision.html",
        poll=poll,
        question=localized(poll.question),
        form=form,
        written_in=own_names(),
    )


@bp.get("/<code:slug>/final")
@requires(Can.MANAGE_POLLS)
def final_page(slug: str) -> ResponseReturnValue:
    """Say what follows when the result is final, and ask."""
    poll = queries.get_poll(slug)
    if poll.state is not PollState.PUBLISHED:
        return redirect(home(slug), 303)
    return _final_page(slug, plain(poll))


@bp.post("/<code:slug>/final")
@requires(Can.MANAGE_POLLS)
def finalise(slug: str) -> ResponseReturnValue:
    """Declare the result final; the servers then destroy their keys."""
    form = VersionedForm()
    return save(
        slug,
        form,
        lambda: _final_page(slug, form),
        lambda poll: publishing.finalise(poll, by=current_user, at=clock.now()),
        done=_(
            "The result is final. The servers destroy the keys of the votes now; destroy your copies too."
        ),
    )


def _final_page(slug: str, form: Form) -> str:
    return _ask(
        slug,
        form,
        action=url_for(".finalise", slug=slug),
        title=_("Declare the result final?"),
        text=_(
            "Nobody can object any more. The keys of the votes are destroyed: from then on no copy of any"
            " database can link a voter to a ballot. Write observers’ bundles before."
        ),
        button_text=_("Declare it final"),
        kind="danger",
    )


def _ask(slug: str, form: Form, **values: Any) -> str:
    poll = queries.get_poll(slug)
    return render_template(
        "polls/manage/act.html",
        poll=poll,
        question=localized(poll.question),
        form=form,
        fields=(),
        **values,
    )
