"""After the close: the public draw, publishing, the decision, the final result."""

from typing import Any

from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.forms import LONGEST_TEXT, VersionedForm
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import ngettext
from cps.core.security import Can, requires
from cps.polls import explaining, presenting, queries
from cps.polls.forms.fields import Text, filled, in_languages, texts_in
from cps.polls.manage.forms.acts import draw_form, drawn
from cps.polls.manage.views.acts import Act
from cps.polls.manage.views.base import bp, languages, only_while, own_names, page, plain
from cps.polls.models import Poll
from cps.polls.rules import RESULT_IS_PUBLIC, PollState
from cps.polls.services import counting, publishing
from cps.polls.services.counting import COUNTABLE
from cps.polls.views.saving import save

DECISION = Text(
    "decision", _l("What the city decided, and why"), longest=LONGEST_TEXT, is_long=True, needed=True
)

PUBLISH = Act(
    "publish",
    title=_l("Publish the result?"),
    text=lambda poll: ngettext(
        "You see the counts at the same moment as everybody. Then people may object for %(num)s working day.",
        "You see the counts at the same moment as everybody. Then people may object for %(num)s working"
        " days.",
        poll.objection_days,
    ),
    button=_l("Publish the result"),
    done=_l("The result is being prepared. It is public in a moment."),
    warning=lambda poll: explaining.few_on_paper(queries.on_roll(poll.id, on_paper=True)),
)

FINALISE = Act(
    "finalise",
    title=_l("Declare the result final?"),
    text=lambda _poll: _(
        "Nobody can object any more. The keys of the votes are destroyed: from then on no copy of any"
        " database can link a voter to a ballot, and no witness can be given the ballots any more."
        " Give them their file before."
    ),
    button=_l("Declare it final"),
    done=_l("The result is final. The servers destroy the keys of the votes now; destroy your copies too."),
    kind="danger",
    bar=lambda poll: publishing.why_not_final(poll, clock.now()),
    barred=_l("It cannot be final yet"),
)


@bp.get("/<code:slug>/draw")
@requires(Can.MANAGE_POLLS)
@only_while(lambda poll: poll.state in COUNTABLE)
def draw_page(poll: Poll) -> ResponseReturnValue:
    """Ask for the order in which the options were drawn in public."""
    given = {f"drawn_{code}": place for place, code in enumerate(poll.draw, 1)}
    return _draw_page(poll, draw_form(_codes(poll))(formdata=None, version=poll.version, **given))


@bp.post("/<code:slug>/draw")
@requires(Can.MANAGE_POLLS)
def enter_draw(slug: str) -> ResponseReturnValue:
    """Enter it; the worker counts anew."""
    codes = _codes(queries.get_poll(slug))
    form = draw_form(codes)()

    def change(poll: Poll) -> None:
        counting.enter_draw(poll, drawn(form, codes), by=current_user, at=clock.now())

    done = _("The draw is entered. It is public.")
    return save(slug, form, lambda poll: _draw_page(poll, form), change, done=done)


def _codes(poll: Poll) -> tuple[str, ...]:
    return tuple(option.code for option in poll.options)


def _draw_page(poll: Poll, form: Any) -> str:
    options = presenting.options_of(poll)
    for option in options:
        form[f"drawn_{option.code}"].label.text = option.label
    return page("draw", poll, form, options=options)


@bp.get("/<code:slug>/publish")
@requires(Can.MANAGE_POLLS)
@only_while(lambda poll: poll.state is PollState.TALLIED)
def publish_page(poll: Poll) -> ResponseReturnValue:
    """Say what publishing does, and ask."""
    return PUBLISH.page(poll, plain(poll))


@bp.post("/<code:slug>/publish")
@requires(Can.MANAGE_POLLS)
def publish(slug: str) -> ResponseReturnValue:
    """Let the worker prepare the bundle and publish the result."""

    def change(poll: Poll) -> None:
        publishing.ask_to_publish(poll, by=current_user, at=clock.now())

    return PUBLISH.do(slug, VersionedForm(), change)


@bp.get("/<code:slug>/decision")
@requires(Can.MANAGE_POLLS)
@only_while(lambda poll: poll.state in RESULT_IS_PUBLIC)
def decision(poll: Poll) -> ResponseReturnValue:
    """Ask what the city decided, and why, in every language."""
    values = filled("decision", poll.decision)
    return _decision_page(poll, _decision_form()(formdata=None, version=poll.version, **values))


@bp.post("/<code:slug>/decision")
@requires(Can.MANAGE_POLLS)
def decide(slug: str) -> ResponseReturnValue:
    """Publish it."""
    form = _decision_form()()

    def change(poll: Poll) -> None:
        said = texts_in(form, "decision", languages())
        publishing.decide(poll, said, by=current_user, at=clock.now())

    done = _("The decision is public.")
    return save(slug, form, lambda poll: _decision_page(poll, form), change, done=done)


def _decision_form() -> Any:
    return in_languages(VersionedForm, languages(), DECISION)


def _decision_page(poll: Poll, form: Any) -> str:
    return page("decision", poll, form, written_in=own_names())


@bp.get("/<code:slug>/final")
@requires(Can.MANAGE_POLLS)
@only_while(lambda poll: poll.state is PollState.PUBLISHED)
def final_page(poll: Poll) -> ResponseReturnValue:
    """Say what follows when the result is final, and ask; or why it cannot be final yet."""
    return FINALISE.page(poll, plain(poll))


@bp.post("/<code:slug>/final")
@requires(Can.MANAGE_POLLS)
def finalise(slug: str) -> ResponseReturnValue:
    """Declare the result final; the servers then destroy their keys."""

    def change(poll: Poll) -> None:
        publishing.finalise(poll, by=current_user, at=clock.now())

    return FINALISE.do(slug, VersionedForm(), change)
