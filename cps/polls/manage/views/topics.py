"""The short screens of a draft: question, rules, who, times, publication. Each changes one topic."""

from collections.abc import Callable
from typing import Any

from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import city, clock
from cps.core.forms import LONGEST_TEXT, Form
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import localized
from cps.core.security import Can, requires
from cps.departments import queries as departments
from cps.polls import presenting, queries
from cps.polls.forms.fields import Text, filled, in_languages, on_clock, texts_in
from cps.polls.manage.forms.drafts import PictureForm
from cps.polls.manage.forms.topics import PublicationForm, RulesForm, TimesForm, WhoForm
from cps.polls.manage.views.base import bp, drafts_only, languages, own_names, page
from cps.polls.manage.views.pictures import received
from cps.polls.models import Poll
from cps.polls.rules import CountKey
from cps.polls.services import drafting
from cps.polls.views.saving import save

QUESTION = Text("question", _l("Question"), needed=True)
EXPLANATION = Text("explanation", _l("Explanation"), longest=LONGEST_TEXT, is_long=True)


def _change(values: Callable[[], dict[str, Any]]) -> Callable[[Poll], None]:
    return lambda poll: drafting.change(poll, values(), by=current_user, at=clock.now())


@bp.get("/<code:slug>/question")
@requires(Can.MANAGE_POLLS)
@drafts_only
def question(poll: Poll) -> ResponseReturnValue:
    """Ask for the question and its explanation in every language, and a picture."""
    values = filled("question", poll.question) | filled("explanation", poll.explanation)
    return _question_page(poll, _question_form()(formdata=None, version=poll.version, **values))


@bp.post("/<code:slug>/question")
@requires(Can.MANAGE_POLLS)
def save_question(slug: str) -> ResponseReturnValue:
    """Save them."""
    form = _question_form()()
    with received(form, queries.get_poll(slug)) as picture:
        return save(
            slug,
            form,
            lambda poll: _question_page(poll, form),
            _change(lambda: _texts(form) | picture.columns()),
            done=_("The question is saved."),
            check=lambda: picture.check(form),
        )


def _question_form() -> Any:
    return in_languages(PictureForm, languages(), QUESTION, EXPLANATION)


def _texts(form: Form) -> dict[str, Any]:
    return {text.name: texts_in(form, text.name, languages()) for text in (QUESTION, EXPLANATION)}


def _question_page(poll: Poll, form: Form) -> str:
    return page("question", poll, form, written_in=own_names())


@bp.get("/<code:slug>/rules")
@requires(Can.MANAGE_POLLS)
@drafts_only
def rules(poll: Poll) -> ResponseReturnValue:
    """Ask how people vote and how it is counted."""
    return page("rules", poll, RulesForm(formdata=None, obj=poll))


@bp.post("/<code:slug>/rules")
@requires(Can.MANAGE_POLLS)
def save_rules(slug: str) -> ResponseReturnValue:
    """Save the rules."""
    form, done = RulesForm(), _("The rules are saved.")
    return save(slug, form, lambda poll: page("rules", poll, form), _change(form.values), done=done)


@bp.get("/<code:slug>/who")
@requires(Can.MANAGE_POLLS)
@drafts_only
def who(poll: Poll) -> ResponseReturnValue:
    """Ask who may vote, and what one vote is counted by."""
    day, minute = on_clock(poll.verified_before, city.get().zone)
    form = _who_form(formdata=None, obj=poll, verified_on=day, verified_time=minute)
    form.age_bands.data = ", ".join(str(bound) for bound in poll.age_bands)
    return _who_page(poll, form)


@bp.post("/<code:slug>/who")
@requires(Can.MANAGE_POLLS)
def save_who(slug: str) -> ResponseReturnValue:
    """Save it; a list made for another key is taken away, because it names nobody any more."""
    form = _who_form()

    def change(poll: Poll) -> None:
        if poll.is_listed and poll.key is not CountKey(form.key.data):
            drafting.set_list(poll, [], by=current_user, at=clock.now())
        drafting.change(poll, form.values(), by=current_user, at=clock.now())

    done = _("Who may vote is saved.")
    return save(slug, form, lambda poll: _who_page(poll, form), change, done=done)


def _who_form(**options: Any) -> WhoForm:
    form = WhoForm(**options)
    form.ward_codes.choices = presenting.ward_choices()
    return form


def _who_page(poll: Poll, form: Form) -> str:
    return page("who", poll, form, listed=queries.count_listed(poll.id))


@bp.get("/<code:slug>/times")
@requires(Can.MANAGE_POLLS)
@drafts_only
def times(poll: Poll) -> ResponseReturnValue:
    """Ask when it opens and closes."""
    opens, closes = (on_clock(at, city.get().zone) for at in (poll.opens_at, poll.closes_at))
    form = TimesForm(
        formdata=None,
        version=poll.version,
        opens_on=opens[0],
        opens_time=opens[1],
        closes_on=closes[0],
        closes_time=closes[1],
    )
    return _times_page(poll, form)


@bp.post("/<code:slug>/times")
@requires(Can.MANAGE_POLLS)
def save_times(slug: str) -> ResponseReturnValue:
    """Save the times."""
    form, done = TimesForm(), _("The times are saved.")
    return save(slug, form, lambda poll: _times_page(poll, form), _change(form.values), done=done)


def _times_page(poll: Poll, form: Form) -> str:
    return page("times", poll, form, zone_name=str(city.get().zone).replace("_", " "))


@bp.get("/<code:slug>/publication")
@requires(Can.MANAGE_POLLS)
@drafts_only
def publication(poll: Poll) -> ResponseReturnValue:
    """Ask what is published when, who watches, and by when the city answers."""
    form = _publication_form(formdata=None, obj=poll)
    form.witnesses.data = "\n".join(poll.witnesses)
    form.objection_category_id.data = str(poll.objection_category_id or "")
    return page("publication", poll, form)


@bp.post("/<code:slug>/publication")
@requires(Can.MANAGE_POLLS)
def save_publication(slug: str) -> ResponseReturnValue:
    """Save it."""
    form, done = _publication_form(), _("Publication is saved.")
    return save(slug, form, lambda poll: page("publication", poll, form), _change(form.values), done=done)


def _publication_form(**options: Any) -> PublicationForm:
    form = PublicationForm(**options)
    offered = [(str(one.id), localized(one.name)) for one in departments.catalogue().offered()]
    form.objection_category_id.choices = [("", _("Choose")), *offered]
    return form
