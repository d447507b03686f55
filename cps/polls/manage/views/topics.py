"""The short screens of a draft: question, rules, who, times, publication. Each changes one topic."""

from collections.abc import Callable
from typing import Any, cast

from flask import g, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.city import CityFacts
from cps.core.forms import LONGEST_TEXT, Form, add_error
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import localized
from cps.core.security import Can, requires
from cps.departments import queries as departments
from cps.polls import queries
from cps.polls.forms.fields import Text, filled, in_languages, moment, on_clock, texts_in
from cps.polls.manage.forms.drafts import PictureForm, PublicationForm, RulesForm, TimesForm, WhoForm
from cps.polls.manage.views.base import bp, drafts_only, languages, own_names
from cps.polls.manage.views.pictures import received
from cps.polls.models import Poll
from cps.polls.rules import CountKey
from cps.polls.services import drafting
from cps.polls.views.saving import save
from cps.wards import queries as wards

QUESTION = Text("question", _l("Question"), needed=True)
EXPLANATION = Text("explanation", _l("Explanation"), longest=LONGEST_TEXT, is_long=True)


def _zone() -> Any:
    return cast("CityFacts", g.city).zone


def _page(name: str, slug: str, form: Form, **values: Any) -> str:
    poll = queries.get_poll(slug)
    return render_template(
        f"polls/manage/{name}.html", poll=poll, question=localized(poll.question), form=form, **values
    )


def _change(values: Callable[[], dict[str, Any]]) -> Callable[[Poll], None]:
    return lambda poll: drafting.change(poll, values(), by=current_user, at=clock.now())


@bp.get("/<code:slug>/question")
@requires(Can.MANAGE_POLLS)
@drafts_only
def question(slug: str) -> ResponseReturnValue:
    """Ask for the question and its explanation in every language, and a picture."""
    poll = queries.get_poll(slug)
    values = filled("question", poll.question) | filled("explanation", poll.explanation)
    return _question_page(slug, _question_form()(formdata=None, version=poll.version, **values))


@bp.post("/<code:slug>/question")
@requires(Can.MANAGE_POLLS)
def save_question(slug: str) -> ResponseReturnValue:
    """Save them."""
    form = _question_form()()
    with received(form, queries.get_poll(slug)) as picture:
        return save(
            slug,
            form,
            lambda: _question_page(slug, form),
            _change(
                lambda: {
                    "question": texts_in(form, "question", languages()),
                    "explanation": texts_in(form, "explanation", languages()),
                    **picture.columns(),
                }
            ),
            done=_("The question is saved."),
            check=lambda: picture.check(form),
        )


def _question_form() -> Any:
    return in_languages(PictureForm, languages(), QUESTION, EXPLANATION)


def _question_page(slug: str, form: Form) -> str:
    return _page("question", slug, form, written_in=own_names())


@bp.get("/<code:slug>/rules")
@requires(Can.MANAGE_POLLS)
@drafts_only
def rules(slug: str) -> ResponseReturnValue:
    """Ask how people vote and how it is counted."""
    return _page("rules", slug, RulesForm(formdata=None, obj=queries.get_poll(slug)))


@bp.post("/<code:slug>/rules")
@requires(Can.MANAGE_POLLS)
def save_rules(slug: str) -> ResponseReturnValue:
    """Save the rules."""
    form = RulesForm()
    return save(
        slug, form, lambda: _page("rules", slug, form), _change(form.values), done=_("The rules are saved.")
    )


@bp.get("/<code:slug>/who")
@requires(Can.MANAGE_POLLS)
@drafts_only
def who(slug: str) -> ResponseReturnValue:
    """Ask who may vote, and what one vote is counted by."""
    poll = queries.get_poll(slug)
    day, minute = on_clock(poll.verified_before, _zone())
    form = WhoForm(formdata=None, obj=poll, verified_on=day, verified_time=minute)
    form.age_bands.data = ", ".join(str(bound) for bound in poll.age_bands)
    return _who_page(slug, form)


@bp.post("/<code:slug>/who")
@requires(Can.MANAGE_POLLS)
def save_who(slug: str) -> ResponseReturnValue:
    """Save it; a list made for another key is taken away, because it names nobody any more."""
    form = WhoForm()

    def change(poll: Poll) -> None:
        if poll.is_listed and poll.key is not CountKey(form.key.data):
            drafting.set_list(poll, [], by=current_user, at=clock.now())
        drafting.change(poll, form.values(), by=current_user, at=clock.now())

    def check() -> None:
        form.before = moment(form.verified_on, form.verified_time, _zone())
        if {*(form.ward_codes.data or [])} - {*wards.areas().wards}:
            add_error(form.ward_codes, _("One of these wards does not exist any more."))

    return save(
        slug,
        form,
        lambda: _who_page(slug, form),
        change,
        done=_("Who may vote is saved."),
        check=check,
    )


def _who_page(slug: str, form: WhoForm) -> str:
    known = sorted((ward.code, localized(ward.name)) for ward in wards.areas().wards.values())
    form.ward_codes.choices = sorted(known, key=lambda pair: pair[1])
    listed = queries.count_listed(queries.get_poll(slug).id)
    return _page("who", slug, form, listed=listed)


@bp.get("/<code:slug>/times")
@requires(Can.MANAGE_POLLS)
@drafts_only
def times(slug: str) -> ResponseReturnValue:
    """Ask when it opens and closes."""
    poll = queries.get_poll(slug)
    opens, closes = on_clock(poll.opens_at, _zone()), on_clock(poll.closes_at, _zone())
    form = TimesForm(
        formdata=None,
        version=poll.version,
        opens_on=opens[0],
        opens_time=opens[1],
        closes_on=closes[0],
        closes_time=closes[1],
    )
    return _times_page(slug, form)


@bp.post("/<code:slug>/times")
@requires(Can.MANAGE_POLLS)
def save_times(slug: str) -> ResponseReturnValue:
    """Save the times."""
    form = TimesForm()
    read: dict[str, Any] = {}

    def check() -> None:
        read["opens_at"] = moment(form.opens_on, form.opens_time, _zone())
        read["closes_at"] = moment(form.closes_on, form.closes_time, _zone())
        if all(read.values()) and read["opens_at"] >= read["closes_at"]:
            add_error(form.closes_on, _("It must close after it opens."))

    return save(
        slug,
        form,
        lambda: _times_page(slug, form),
        _change(lambda: read),
        done=_("The times are saved."),
        check=check,
    )


def _times_page(slug: str, form: TimesForm) -> str:
    return _page("times", slug, form, zone_name=str(_zone()).replace("_", " "))


@bp.get("/<code:slug>/publication")
@requires(Can.MANAGE_POLLS)
@drafts_only
def publication(slug: str) -> ResponseReturnValue:
    """Ask what is published when, who watches, and by when the city answers."""
    poll = queries.get_poll(slug)
    form = PublicationForm(formdata=None, obj=poll)
    form.witnesses.data = "\n".join(poll.witnesses)
    form.objection_category_id.data = str(poll.objection_category_id or "")
    return _publication_page(slug, form)


@bp.post("/<code:slug>/publication")
@requires(Can.MANAGE_POLLS)
def save_publication(slug: str) -> ResponseReturnValue:
    """Save it."""
    form = PublicationForm()
    return save(
        slug,
        form,
        lambda: _publication_page(slug, form),
        _change(lambda: form.values([code for code, _name in _categories()])),
        done=_("Publication is saved."),
    )


def _categories() -> list[tuple[str, str]]:
    return [(str(one.id), localized(one.name)) for one in departments.catalogue().offered()]


def _publication_page(slug: str, form: PublicationForm) -> str:
    form.objection_category_id.choices = [("", _("Choose")), *_categories()]
    return _page("publication", slug, form)
