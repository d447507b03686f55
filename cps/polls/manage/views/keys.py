"""The keys of a draft: made, copied to paper or a file, the copy read back.

A copy is shown and downloaded by POST only, and no browser or proxy keeps it.
"""

from datetime import datetime

from flask import Response, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import audit, clock
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.forms import Form, VersionedForm, add_error
from cps.core.i18n import gettext as _
from cps.core.keys import app_keys_dir
from cps.core.security import Can, requires
from cps.polls import copies, key_files, queries
from cps.polls import keys as poll_keys
from cps.polls.copies import CopyError
from cps.polls.keys import PollKeys
from cps.polls.manage import wording as words
from cps.polls.manage.forms.drafts import CopyForm
from cps.polls.manage.views.base import bp, drafts_only, keys_of, page, plain
from cps.polls.models import Poll
from cps.polls.services import drafting, opening
from cps.polls.views.saving import save

LONGEST_COPY = 4_000


def _address(slug: str) -> str:
    return url_for("manage_polls.keys", slug=slug)


@bp.get("/<code:slug>/keys")
@requires(Can.MANAGE_POLLS)
@drafts_only
def keys(poll: Poll) -> ResponseReturnValue:
    """Show whether there are keys and whether their copy was read back."""
    return _keys_page(poll, CopyForm(formdata=None, version=poll.version))


def _keys_page(poll: Poll, form: Form) -> str:
    return page(
        "keys",
        poll,
        form,
        seen=plain(poll),
        has_keys=keys_of(poll) is not None,
        was_used=key_files.was_used(app_keys_dir(), poll.slug),
    )


@bp.post("/<code:slug>/keys")
@requires(Can.MANAGE_POLLS)
def make_keys(slug: str) -> ResponseReturnValue:
    """Make the keys and write them to this server's folder; keys that are there stay."""
    form = VersionedForm()
    return save(
        slug,
        form,
        lambda poll: _keys_page(poll, form),
        lambda poll: _make(poll, at=clock.now()),
        done=_("The keys are made. Now copy them."),
        to=_address(slug),
    )


def _make(poll: Poll, *, at: datetime) -> None:
    drafting.must_be_draft(poll)
    if keys_of(poll) is None:
        opening.must_be_unused(poll)
        if poll.is_listed:
            raise RuleViolation(
                _("The list of voters is under keys that are lost. Take it away, make keys, bring it anew.")
            )
        key_files.write(app_keys_dir(), poll_keys.make(poll.slug))
        poll.copy_read_at = poll.rehearsed_at = None  # they were of keys that are lost
        audit.record("make-keys", about=("poll", poll.slug), by=current_user.id, at=at)


@bp.post("/<code:slug>/keys/copy")
@requires(Can.MANAGE_POLLS)
def copy_keys(slug: str) -> ResponseReturnValue:
    """Show the second copy to print, or give it as a file; that somebody did leaves a trace."""
    poll = queries.get_poll(slug)
    found = keys_of(poll)
    if found is None or not poll.is_draft:
        form = CopyForm(formdata=None, version=poll.version)
        form.form_errors.append(_("There are no keys to copy."))
        return _keys_page(poll, form), 422
    with transaction():
        audit.record("copy-keys", about=("poll", slug), by=current_user.id, at=clock.now())
    text = copies.copy_text(found)
    if "download" in request.form:
        return _secret(Response(text, mimetype="text/plain"), f"{slug}-keys.txt")
    shown = page("copy", queries.get_poll(slug), lines=text.splitlines())
    return _secret(make_response(shown))


def _secret(response: Response, name: str = "") -> Response:
    response.headers["Cache-Control"] = "no-store"
    if name:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.post("/<code:slug>/keys/read-back")
@requires(Can.MANAGE_POLLS)
def read_back(slug: str) -> ResponseReturnValue:
    """Compare a copy with the keys; what was typed by hand stays on the page until it is right."""
    form = CopyForm()
    upload = request.files.get("file")
    typed = upload.stream.read(LONGEST_COPY).decode(errors="replace") if upload and upload.filename else ""
    typed = typed or form.text.data or ""

    def change(poll: Poll) -> None:
        if not _is_same(typed, keys_of(poll)):
            raise RuleViolation(_("This is a whole copy, but of other keys than those of this poll."))
        drafting.copy_was_read(poll, by=current_user, at=clock.now())

    return save(
        slug,
        form,
        lambda poll: _keys_page(poll, form),
        change,
        done=_("The copy is right. Keep it away from this server, where two people can reach it."),
        check=lambda: _check(slug, form, typed),
    )


def _check(slug: str, form: CopyForm, typed: str) -> None:
    if keys_of(queries.get_poll(slug)) is None:
        form.form_errors.append(_("There are no keys to compare it with."))
        return
    try:
        copies.read_copy(typed)
    except CopyError as error:
        add_error(form.text, str(words.COPY_FAULTS[error.reason]) % {"line": error.line})


def _is_same(typed: str, found: PollKeys | None) -> bool:
    return found is not None and copies.read_copy(typed) == found
