"""Drafts begun anew or from another poll, under an address that is free; and drafts deleted."""

import re
from collections.abc import Callable

from flask import current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from cps.core import clock
from cps.core.db import transaction
from cps.core.forms import VersionedForm, add_error, spend_key, used_key
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.keys import app_keys_dir
from cps.core.security import Can, requires
from cps.core.storage import current_storage
from cps.core.text import latin
from cps.polls import key_files, pictures, queries
from cps.polls.manage.forms.drafts import LONGEST_SLUG, CloneForm, NewForm
from cps.polls.manage.views.acts import Act
from cps.polls.manage.views.base import bp, drafts_only, home, page, plain
from cps.polls.models import Poll
from cps.polls.queries.managing import pictures_in_use
from cps.polls.services import drafting

LONGEST_MADE = 40
"""Letters of an address that is made of a question."""

DISCARD = Act(
    "discard",
    title=_l("Delete this draft?"),
    text=lambda poll: _what_is_deleted(poll),
    button=_l("Delete the draft"),
    done=_l("The draft is deleted."),
    kind="danger",
)


@bp.get("/new")
@requires(Can.MANAGE_POLLS)
def new() -> ResponseReturnValue:
    """Ask for question and address of a new poll."""
    return _new_page(NewForm(formdata=None))


@bp.post("/new")
@requires(Can.MANAGE_POLLS)
def create() -> ResponseReturnValue:
    """Begin a draft; the same form sent twice begins one."""
    form = NewForm()

    def slug() -> str:
        return form.slug.data or _slug_of(form.question.data or "")

    def begin(slug: str) -> None:
        question = {g.city.default_language: form.question.data or ""}
        drafting.create(slug, question, by=current_user, at=clock.now())

    return _begin(form, lambda: _new_page(form), slug, begin)


def _new_page(form: NewForm) -> str:
    return render_template("polls/manage/new.html", form=form, language=g.city.default_language)


@bp.get("/<code:slug>/clone")
@requires(Can.MANAGE_POLLS)
def clone_page(slug: str) -> ResponseReturnValue:
    """Ask for the address of a poll that begins with the texts, options and rules of this one."""
    poll, begun = queries.get_poll(slug), slug[: LONGEST_SLUG - 4]
    free = next(made for number in range(2, 1000) if _is_free(made := f"{begun}-{number}"))
    return page("clone", poll, CloneForm(formdata=None, slug=free))


@bp.post("/<code:slug>/clone")
@requires(Can.MANAGE_POLLS)
def clone(slug: str) -> ResponseReturnValue:
    """Begin a draft from this poll."""
    form = CloneForm()
    queries.get_poll(slug)

    def begin(wanted: str) -> None:
        drafting.clone(queries.lock_poll(slug), wanted, by=current_user, at=clock.now())

    def show() -> str:
        return page("clone", queries.get_poll(slug), form)

    return _begin(form, show, lambda: form.slug.data or "", begin)


def _begin(
    form: NewForm | CloneForm,
    show: Callable[[], str],
    slug_of: Callable[[], str],
    begin: Callable[[str], None],
) -> ResponseReturnValue:
    """Begin a draft once, under a free address; or show the form again with what is wrong."""
    key = form.form_key.data or ""
    if key and (made := used_key(key)) is not None:
        return redirect(made, 303)
    if not form.validate():
        return show(), 422
    if not key:
        form.form_key.data, form.form_key.raw_data = type(form)(formdata=None).form_key.data, None
        form.form_errors.append(_("The page was not complete. Please send it again."))
        return show(), 422
    slug = slug_of()
    if not _is_free(slug) or not _begun(key, slug, begin):
        add_error(form.slug, _("This address is taken. Choose another."))
        return show(), 422
    return redirect(home(slug), 303)


def _begun(key: str, slug: str, begin: Callable[[str], None]) -> bool:
    """Begin the draft; False where another took the address at this very moment."""
    try:
        with transaction():
            if spend_key(key, purpose="new-poll", leads_to=home(slug), at=clock.now()):
                begin(slug)
    except IntegrityError:
        return False
    return True


def _slug_of(question: str) -> str:
    """Return a free address made of a question's Latin letters, numbered where it is taken."""
    made = _whole_words(re.sub(r"[^a-z0-9]+", "-", latin(question)).strip("-"))
    made = made or f"poll-{clock.now().year}"
    numbered = (f"{made}-{number}" for number in range(2, 1000))
    return next(slug for slug in (made, *numbered) if _is_free(slug))


def _whole_words(made: str) -> str:
    """Return as many whole words as an address has room for; one long word is cut."""
    if len(made) <= LONGEST_MADE:
        return made
    cut = made[: LONGEST_MADE + 1]
    return cut.rpartition("-")[0] or cut[:LONGEST_MADE]


def _is_free(slug: str) -> bool:
    """Say whether a poll may have this address: no other has, had keys under it, and no page stands there."""
    if queries.slug_is_taken(slug) or key_files.was_used(app_keys_dir(), slug):
        return False
    adapter = current_app.create_url_adapter(None) or current_app.url_map.bind("localhost")
    try:
        found = {adapter.match(f"{above}/{slug}", method="GET")[0] for above in ("/polls", "/admin/polls")}
    except HTTPException:
        return False
    return found == {"polls.show", "manage_polls.show"}


@bp.get("/<code:slug>/discard")
@requires(Can.MANAGE_POLLS)
@drafts_only
def discard_page(poll: Poll) -> ResponseReturnValue:
    """Ask whether the draft is to be deleted."""
    return DISCARD.page(poll, plain(poll))


def _what_is_deleted(poll: Poll) -> str:
    if key_files.was_used(app_keys_dir(), poll.slug):
        return _(
            "Its texts, options and list of voters are deleted for good. A poll was opened under this address"
            " since the copy was made from which this database was restored: its keys stay on this server,"
            " because its ballots may need them."
        )
    return _("Its texts, options, list of voters and keys are deleted for good. Nobody has voted in it.")


@bp.post("/<code:slug>/discard")
@requires(Can.MANAGE_POLLS)
def discard(slug: str) -> ResponseReturnValue:
    """Delete a draft with its list, pictures and keys; keys that opened a poll stay."""
    poll = queries.get_poll(slug)
    names = [name for name in (poll.picture, *(o.picture for o in poll.options)) if name]

    def change(poll: Poll) -> None:
        drafting.discard(poll, by=current_user, at=clock.now())

    answer = DISCARD.do(slug, VersionedForm(), change, to=url_for("manage_polls.index"))
    if isinstance(answer, Response):
        if not key_files.was_used(app_keys_dir(), slug):
            key_files.discard(app_keys_dir(), slug)
        pictures.forget({*names} - pictures_in_use(names), current_storage())
    return answer
