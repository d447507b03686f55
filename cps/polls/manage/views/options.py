"""The options of a draft: added, changed, moved, removed."""

import re
from collections.abc import Callable
from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.db import db
from cps.core.forms import LONGEST_TEXT, Form, VersionedForm, add_error
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.security import Can, requires
from cps.core.text import latin
from cps.polls import presenting, queries
from cps.polls.forms.fields import Text, filled, in_languages, texts_in
from cps.polls.manage.forms.drafts import OptionForm
from cps.polls.manage.views.base import bp, drafts_only, languages, own_names, page, plain
from cps.polls.manage.views.pictures import Received, received
from cps.polls.models import Poll, PollOption
from cps.polls.rules import MOST_OPTIONS, Method
from cps.polls.services import drafting
from cps.polls.services.drafting import OptionDraft, drafts_of
from cps.polls.views.saving import save

LABEL = Text("label", _l("Option"), needed=True)
TEXT = Text("text", _l("Explanation"), longest=LONGEST_TEXT, is_long=True)
LONGEST_CODE = 12


@bp.get("/<code:slug>/options")
@requires(Can.MANAGE_POLLS)
@drafts_only
def options(poll: Poll) -> ResponseReturnValue:
    """List the options in their order."""
    return _list_page(poll, plain(poll))


@bp.get("/<code:slug>/options/new")
@requires(Can.MANAGE_POLLS)
@drafts_only
def new_option(poll: Poll) -> ResponseReturnValue:
    """Ask for a further option."""
    return _option_page(poll, _form()(formdata=None, version=poll.version), None)


@bp.post("/<code:slug>/options/new")
@requires(Can.MANAGE_POLLS)
def add_option(slug: str) -> ResponseReturnValue:
    """Add it at the end."""
    form = _form()()
    with received(form, None) as picture:

        def change(poll: Poll) -> None:
            drafts = drafts_of(poll)
            code = _new_code(form[f"label_{languages()[0]}"].data, {draft.code for draft in drafts})
            _set(poll, [*drafts, _read(form, code, None, picture)])

        return _save_option(slug, form, None, change, picture, done=_("The option is added."))


@bp.get("/<code:slug>/options/<code:option>")
@requires(Can.MANAGE_POLLS)
@drafts_only
def option(poll: Poll, option: str) -> ResponseReturnValue:
    """Show one option to change it."""
    found = _option_of(poll, option)
    values = filled("label", found.labels) | filled("text", found.texts)
    return _option_page(poll, _form()(formdata=None, version=poll.version, cost=found.cost, **values), option)


@bp.post("/<code:slug>/options/<code:option>")
@requires(Can.MANAGE_POLLS)
def save_option(slug: str, option: str) -> ResponseReturnValue:
    """Change it."""
    form = _form()()
    with received(form, _option_of(queries.get_poll(slug), option)) as picture:

        def change(poll: Poll) -> None:
            mine = _read(form, option, _option_of(poll, option), picture)
            _set(poll, [mine if draft.code == option else draft for draft in drafts_of(poll)])

        return _save_option(slug, form, option, change, picture, done=_("The option is saved."))


@bp.post("/<code:slug>/options/<code:option>/move")
@requires(Can.MANAGE_POLLS)
def move_option(slug: str, option: str) -> ResponseReturnValue:
    """Move an option one place up, or down where the button says so."""
    step = 1 if request.form.get("to") == "down" else -1

    def change(poll: Poll) -> None:
        drafts = drafts_of(poll)
        place = next((n for n, draft in enumerate(drafts) if draft.code == option), 0)
        drafts.insert(min(max(place + step, 0), len(drafts) - 1), drafts.pop(place))
        _set(poll, drafts)

    # The browser goes on from the moved option, so that Tab leads to its buttons again.
    return _save_list(
        slug, option, change, done=_("The order is changed."), to=f"{_list(slug)}#option-{option}"
    )


@bp.post("/<code:slug>/options/<code:option>/remove")
@requires(Can.MANAGE_POLLS)
def remove_option(slug: str, option: str) -> ResponseReturnValue:
    """Take an option away."""

    def change(poll: Poll) -> None:
        _set(poll, [draft for draft in drafts_of(poll) if draft.code != option])

    return _save_list(slug, option, change, done=_("The option is removed."), to=_list(slug))


def _save_list(
    slug: str, option: str, change: Callable[[Poll], None], *, done: str, to: str
) -> ResponseReturnValue:
    """Change the list by a button beside one of its options; 404 where there is no such option."""
    _option_of(queries.get_poll(slug), option)
    db.session.rollback()
    form = VersionedForm()
    return save(slug, form, lambda poll: _list_page(poll, form), change, done=done, to=to)


def _save_option(
    slug: str,
    form: VersionedForm,
    option: str | None,
    change: Callable[[Poll], None],
    picture: Received,
    *,
    done: str,
) -> ResponseReturnValue:
    """Save the page of one option, None for a new one."""
    return save(
        slug,
        form,
        lambda poll: _option_page(poll, form, option),
        change,
        done=done,
        to=_list(slug),
        check=lambda: _check(queries.get_poll(slug), form, option, picture),
    )


def _check(poll: Poll, form: Any, option: str | None, picture: Received) -> None:
    """Look at the picture, and refuse a name that another option has: nobody could tell them apart."""
    picture.check(form)
    others = [one.labels for one in poll.options if one.code != option]
    for language, label in texts_in(form, "label", languages()).items():
        if label.casefold() in {labels.get(language, "").casefold() for labels in others}:
            add_error(form[f"label_{language}"], _("Another option is called the same."))


def _list(slug: str) -> str:
    return url_for("manage_polls.options", slug=slug)


def _list_page(poll: Poll, form: Form) -> str:
    return page(
        "options",
        poll,
        form,
        options=presenting.options_of(poll),
        most=MOST_OPTIONS,
        without_cost={o.code for o in poll.options if o.cost is None and poll.method is Method.BUDGET},
    )


def _option_page(poll: Poll, form: Form, code: str | None) -> str:
    add, change = url_for(".add_option", slug=poll.slug), ".save_option"
    return page(
        "option",
        poll,
        form,
        option=next((one for one in poll.options if one.code == code), None),
        written_in=own_names(),
        action=url_for(change, slug=poll.slug, option=code) if code else add,
        currency=presenting.currency(),
    )


def _form() -> Any:
    return in_languages(OptionForm, languages(), LABEL, TEXT)


def _option_of(poll: Poll, code: str) -> PollOption:
    found = next((one for one in poll.options if one.code == code), None)
    return found or abort(404)


def _set(poll: Poll, drafts: list[OptionDraft]) -> None:
    drafting.set_options(poll, drafts, by=current_user, at=clock.now())


def _read(form: Any, code: str, before: PollOption | None, picture: Received) -> OptionDraft:
    """Return the option that a form describes; without a new picture it keeps the one it had `before`."""
    kept = {"picture": before.picture, "picture_sha256": before.picture_sha256} if before else {}
    return OptionDraft(
        code=code,
        labels=texts_in(form, "label", languages()),
        texts=texts_in(form, "text", languages()),
        cost=form.cost.data,
        **(kept | picture.columns()),
    )


def _new_code(label: str, taken: set[str]) -> str:
    """Return a code made of a label's Latin letters, or a number; one that no option has."""
    made = re.sub(r"[^a-z0-9]", "", latin(label or ""))[:LONGEST_CODE]
    numbered = (f"o{number}" for number in range(1, MOST_OPTIONS + 2))
    return next(code for code in (made, *numbered) if code and code not in taken)
