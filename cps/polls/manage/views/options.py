"""The options of a draft: added, changed, moved, removed, brought in from a Pabulib file."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.db import db
from cps.core.forms import LONGEST_TEXT, Form, VersionedForm, add_error
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import localized
from cps.core.security import Can, requires
from cps.polls import pabulib, presenting, queries
from cps.polls.forms.fields import Text, filled, in_languages, texts_in
from cps.polls.manage import wording as words
from cps.polls.manage.forms.drafts import ImportForm, OptionForm
from cps.polls.manage.views.base import bp, drafts_only, languages, own_names, plain
from cps.polls.manage.views.pictures import Received, received
from cps.polls.models import Poll, PollOption
from cps.polls.pabulib.sections import PabulibError
from cps.polls.rules import MOST_OPTIONS, Method
from cps.polls.services import drafting
from cps.polls.services.drafting import OptionDraft
from cps.polls.views.saving import save

LABEL = Text("label", _l("Option"), needed=True)
TEXT = Text("text", _l("Explanation"), longest=LONGEST_TEXT, is_long=True)
LONGEST_CODE = 12
LARGEST_FILE = 20 * 1024 * 1024


def drafts_of(poll: Poll) -> list[OptionDraft]:
    """Return the options as they are set anew when one of them changes."""
    return [
        OptionDraft(o.code, dict(o.labels), dict(o.texts), o.cost, o.picture, o.picture_sha256)
        for o in poll.options
    ]


def _set(poll: Poll, drafts: list[OptionDraft]) -> None:
    drafting.set_options(poll, drafts, by=current_user, at=clock.now())


def _here(slug: str) -> str:
    return url_for("manage_polls.options", slug=slug)


@bp.get("/<code:slug>/options")
@requires(Can.MANAGE_POLLS)
@drafts_only
def options(slug: str) -> ResponseReturnValue:
    """List the options in their order."""
    return _list_page(slug, plain(queries.get_poll(slug)))


def _list_page(slug: str, form: Form) -> str:
    poll = queries.get_poll(slug)
    return render_template(
        "polls/manage/options.html",
        poll=poll,
        question=localized(poll.question),
        form=form,
        options=presenting.options_of(poll),
        most=MOST_OPTIONS,
        without_cost={o.code for o in poll.options if o.cost is None and poll.method is Method.BUDGET},
    )


@bp.get("/<code:slug>/options/new")
@requires(Can.MANAGE_POLLS)
@drafts_only
def new_option(slug: str) -> ResponseReturnValue:
    """Ask for a further option."""
    form = _form()(formdata=None, version=queries.get_poll(slug).version)
    return _option_page(slug, form, None)


@bp.post("/<code:slug>/options/new")
@requires(Can.MANAGE_POLLS)
def add_option(slug: str) -> ResponseReturnValue:
    """Add it at the end."""
    form = _form()()
    with received(form, None) as picture:

        def change(poll: Poll) -> None:
            drafts = drafts_of(poll)
            label = form[f"label_{languages()[0]}"].data
            code = _new_code(label, {draft.code for draft in drafts})
            _set(poll, [*drafts, _read(form, code, None, picture)])

        return save(
            slug,
            form,
            lambda: _option_page(slug, form, None),
            change,
            done=_("The option is added."),
            to=_here(slug),
            check=lambda: picture.check(form),
        )


@bp.get("/<code:slug>/options/<code:option>")
@requires(Can.MANAGE_POLLS)
@drafts_only
def option(slug: str, option: str) -> ResponseReturnValue:
    """Show one option to change it."""
    poll = queries.get_poll(slug)
    found = _option_of(poll, option)
    values = filled("label", found.labels) | filled("text", found.texts)
    form = _form()(formdata=None, version=poll.version, cost=found.cost, **values)
    return _option_page(slug, form, option)


@bp.post("/<code:slug>/options/<code:option>")
@requires(Can.MANAGE_POLLS)
def save_option(slug: str, option: str) -> ResponseReturnValue:
    """Change it."""
    form = _form()()
    with received(form, _option_of(queries.get_poll(slug), option)) as picture:

        def change(poll: Poll) -> None:
            before = _option_of(poll, option)
            mine = _read(form, option, before, picture)
            _set(poll, [mine if draft.code == option else draft for draft in drafts_of(poll)])

        return save(
            slug,
            form,
            lambda: _option_page(slug, form, option),
            change,
            done=_("The option is saved."),
            to=_here(slug),
            check=lambda: picture.check(form),
        )


def _form() -> Any:
    return in_languages(OptionForm, languages(), LABEL, TEXT)


def _option_of(poll: Poll, code: str) -> PollOption:
    found = next((one for one in poll.options if one.code == code), None)
    return found or abort(404)


def _option_page(slug: str, form: Form, code: str | None) -> str:
    poll = queries.get_poll(slug)
    found = next((one for one in poll.options if one.code == code), None)
    return render_template(
        "polls/manage/option.html",
        poll=poll,
        question=localized(poll.question),
        form=form,
        option=found,
        written_in=own_names(),
        action=url_for(".save_option", slug=slug, option=code) if code else url_for(".add_option", slug=slug),
        currency=presenting.currency(),
    )


def _read(form: Any, code: str, before: PollOption | None, picture: Received) -> OptionDraft:
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
    letters = unicodedata.normalize("NFKD", label or "").encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]", "", letters)[:LONGEST_CODE]
    numbered = (f"o{number}" for number in range(1, MOST_OPTIONS + 2))
    return next(code for code in (made, *numbered) if code and code not in taken)


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

    return _on_list(slug, option, change, _("The order is changed."))


@bp.post("/<code:slug>/options/<code:option>/remove")
@requires(Can.MANAGE_POLLS)
def remove_option(slug: str, option: str) -> ResponseReturnValue:
    """Take an option away."""

    def change(poll: Poll) -> None:
        _set(poll, [draft for draft in drafts_of(poll) if draft.code != option])

    return _on_list(slug, option, change, _("The option is removed."))


def _on_list(slug: str, option: str, change: Callable[[Poll], None], done: str) -> ResponseReturnValue:
    _option_of(queries.get_poll(slug), option)
    db.session.rollback()
    form = VersionedForm()
    return save(slug, form, lambda: _list_page(slug, form), change, done=done, to=_here(slug))


@bp.get("/<code:slug>/import")
@requires(Can.MANAGE_POLLS)
@drafts_only
def import_page(slug: str) -> ResponseReturnValue:
    """Ask for a Pabulib file."""
    return _import_page(slug, ImportForm(formdata=None, version=queries.get_poll(slug).version))


@bp.post("/<code:slug>/import")
@requires(Can.MANAGE_POLLS)
def import_options(slug: str) -> ResponseReturnValue:
    """Replace the options by the projects of the file, and set its budget; its votes are left alone."""
    form = ImportForm()
    read: list[pabulib.Instance] = []

    def change(poll: Poll) -> None:
        own, instance = g.city.default_language, read[0]
        values = {"method": Method.BUDGET, "budget": instance.budget}
        drafting.change(poll, values, by=current_user, at=clock.now())
        _set(poll, [OptionDraft(p.code, {own: p.name[:300]}, cost=p.cost) for p in instance.projects])

    return save(
        slug,
        form,
        lambda: _import_page(slug, form),
        change,
        done=_("The projects are options now."),
        to=_here(slug),
        check=lambda: read.extend(_read_file(form)),
    )


def _read_file(form: ImportForm) -> list[pabulib.Instance]:
    upload = request.files.get("file")
    data = upload.stream.read(LARGEST_FILE + 1) if upload else b""
    if not data or len(data) > LARGEST_FILE:
        add_error(form.file, _("Choose a file of at most 20 MB.") if data else _("Choose a file."))
        return []
    try:
        return [pabulib.read(data)]
    except PabulibError as error:
        said = words.PABULIB_FAULTS.get(error.why)
        shown = {"line": error.line, "detail": error.detail}
        add_error(form.file, str(said) % shown if said else _unusual(error))
        return []


def _unusual(error: PabulibError) -> str:
    return _("Line %(line)s does not fit (%(why)s).", line=error.line, why=error.why.value)


def _import_page(slug: str, form: ImportForm) -> str:
    poll = queries.get_poll(slug)
    return render_template(
        "polls/manage/import.html", poll=poll, question=localized(poll.question), form=form
    )
