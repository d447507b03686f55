"""The administrator's list of polls; beginning, cloning and discarding drafts."""

import re
import unicodedata
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
from cps.core.i18n import localized
from cps.core.keys import app_keys_dir
from cps.core.security import Can, allows, requires
from cps.core.storage import current_storage
from cps.polls import key_files, pictures, queries
from cps.polls.manage import overview
from cps.polls.manage.forms.drafts import LONGEST_SLUG, CloneForm, NewForm
from cps.polls.manage.views.base import bp, drafts_only, fingerprints_of, home, plain
from cps.polls.models import Poll
from cps.polls.queries.managing import pictures_in_use
from cps.polls.services import drafting
from cps.polls.views.saving import save

LONGEST_MADE = 40


@bp.app_context_processor
def who_works_on_polls() -> dict[str, object]:
    """Give pages what they need to lead administrators and clerks on."""
    return {
        "may_manage_polls": lambda: _may(Can.MANAGE_POLLS),
        "may_take_votes": lambda: _may(Can.TAKE_VOTES),
    }


def _may(can: Can) -> bool:
    return current_user.is_authenticated and allows(current_user, can)


@bp.get("")
@requires(Can.MANAGE_POLLS)
def index() -> ResponseReturnValue:
    """Show every poll, drafts too, with what waits for an administrator."""
    at = clock.now()
    rows = [
        overview.row_of(poll, fingerprints_of(poll) if poll.is_draft else None, at=at)
        for poll in queries.listed(with_drafts=True)
    ]
    return render_template(
        "polls/manage/index.html",
        waiting=[row for row in rows if row.waits],
        others=[row for row in rows if not row.waits],
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


def _new_page(form: NewForm) -> str:
    return render_template("polls/manage/new.html", form=form, language=g.city.default_language)


def _slug_of(question: str) -> str:
    """Return a free address made of a question's Latin letters, numbered where it is taken."""
    ascii_only = unicodedata.normalize("NFKD", question).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:LONGEST_MADE].strip("-")
    made = made or f"poll-{clock.now().year}"
    numbered = (f"{made}-{number}" for number in range(2, 1000))
    return next(slug for slug in (made, *numbered) if _is_free(slug))


def _is_free(slug: str) -> bool:
    """Say whether a poll may have this address: no other has, had keys under it, and no page stands there."""
    if queries.slug_is_taken(slug) or key_files.was_destroyed(app_keys_dir(), slug):
        return False
    adapter = current_app.create_url_adapter(None) or current_app.url_map.bind("localhost")
    try:
        found = {adapter.match(f"{above}/{slug}", method="GET")[0] for above in ("/polls", "/admin/polls")}
    except HTTPException:
        return False
    return found == {"polls.show", "manage_polls.show"}


@bp.get("/<code:slug>/clone")
@requires(Can.MANAGE_POLLS)
def clone_page(slug: str) -> ResponseReturnValue:
    """Ask for the address of a poll that begins with the texts, options and rules of this one."""
    suggested = next(
        made for number in range(2, 1000) if _is_free(made := f"{slug[: LONGEST_SLUG - 4]}-{number}")
    )
    return _clone_page(queries.get_poll(slug), CloneForm(formdata=None, slug=suggested))


@bp.post("/<code:slug>/clone")
@requires(Can.MANAGE_POLLS)
def clone(slug: str) -> ResponseReturnValue:
    """Begin a draft from this poll."""
    form = CloneForm()
    queries.get_poll(slug)

    def begin(wanted: str) -> None:
        drafting.clone(queries.lock_poll(slug), wanted, by=current_user, at=clock.now())

    def show() -> str:
        return _clone_page(queries.get_poll(slug), form)

    return _begin(form, show, lambda: form.slug.data or "", begin)


def _clone_page(poll: Poll, form: CloneForm) -> str:
    return render_template("polls/manage/clone.html", poll=poll, question=localized(poll.question), form=form)


@bp.get("/<code:slug>/discard")
@requires(Can.MANAGE_POLLS)
@drafts_only
def discard_page(slug: str) -> ResponseReturnValue:
    """Ask whether the draft is to be deleted."""
    return _discard_page(slug, plain(queries.get_poll(slug)))


@bp.post("/<code:slug>/discard")
@requires(Can.MANAGE_POLLS)
def discard(slug: str) -> ResponseReturnValue:
    """Delete a draft with its list, keys and pictures."""
    form = VersionedForm()
    poll = queries.get_poll(slug)
    names = [name for name in (poll.picture, *(o.picture for o in poll.options)) if name]
    answer = save(
        slug,
        form,
        lambda: _discard_page(slug, form),
        lambda poll: drafting.discard(poll, by=current_user, at=clock.now()),
        done=_("The draft is deleted."),
        to=url_for("manage_polls.index"),
    )
    if isinstance(answer, Response):
        key_files.discard(app_keys_dir(), slug)
        pictures.forget({*names} - pictures_in_use(names), current_storage())
    return answer


def _discard_page(slug: str, form: VersionedForm) -> str:
    poll = queries.get_poll(slug)
    return render_template(
        "polls/manage/act.html",
        poll=poll,
        question=localized(poll.question),
        form=form,
        fields=(),
        action=url_for(".discard", slug=slug),
        title=_("Delete this draft?"),
        text=_("Its texts, options, list of voters and keys are deleted for good. Nobody has voted in it."),
        button_text=_("Delete the draft"),
        kind="danger",
    )
