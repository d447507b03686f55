"""What the administrator's pages share: the poll and its keys, saving with versions, refusals in words."""

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from cps.core.db import transaction
from cps.core.errors import ConfigurationError, RuleViolation, StaleVersion
from cps.core.forms import Form, VersionedForm
from cps.core.i18n import OWN_NAMES
from cps.core.i18n import gettext as _
from cps.core.keys import app_keys_dir
from cps.polls import key_files, queries
from cps.polls.fields import SpecificationError
from cps.polls.keys import PollKeys
from cps.polls.manage import wording as words
from cps.polls.models import Poll
from cps.polls.rules import MoveRefused
from cps.polls.specification import Fingerprints

log = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
Show = Callable[[], str]
Change = Callable[[Poll], object]

REFUSED = (RuleViolation, MoveRefused, SpecificationError, ConfigurationError)


def keys_of(poll: Poll) -> PollKeys | None:
    """Return the keys of a poll; None where this server lacks a file of them."""
    try:
        return key_files.read_all(app_keys_dir(), poll.slug)
    except ConfigurationError:
        return None


def fingerprints_of(poll: Poll) -> Fingerprints | None:
    """Return the fingerprints of a poll's keys, None where there are none here."""
    keys = keys_of(poll)
    return keys.fingerprints() if keys else None


def languages() -> tuple[str, ...]:
    """Return the languages of the city, its own first."""
    own = g.city.default_language
    others = [code for code in g.city.languages if code != own and code in OWN_NAMES]
    return (own, *others)


def own_names() -> list[tuple[str, str]]:
    """Return (code, own name) of the languages of the city."""
    return [(code, OWN_NAMES.get(code, code)) for code in languages()]


def home(slug: str, anchor: str | None = None) -> str:
    """Return the address of the page of one poll."""
    return url_for("manage_polls.show", slug=slug, _anchor=anchor)


def drafts_only(view: View) -> View:
    """Lead away from a page that only a draft has."""

    @wraps(view)
    def guarded(slug: str, **more: Any) -> ResponseReturnValue:
        if not queries.get_poll(slug).is_draft:
            return redirect(home(slug), HTTPStatus.SEE_OTHER)
        return view(slug, **more)

    return guarded  # type: ignore[return-value]


def refusal_words(error: Exception) -> str:
    """Return in words why an act was refused."""
    if isinstance(error, RuleViolation):
        return error.message
    if isinstance(error, MoveRefused):
        return str(words.REFUSALS[error.reason])
    if isinstance(error, SpecificationError):
        return specification_words(error)
    log.warning("a poll lacks its keys", extra={"error": str(error)})
    return _("The keys of this poll are not on this server, or cannot be written. Its log says why.")


def specification_words(error: SpecificationError) -> str:
    """Return in words which part of a draft is wrong, and why."""
    name = error.field.partition(".")[0].partition("[")[0]
    field = str(words.FIELDS.get(name, error.field))
    return _(
        "Look at %(field)s: %(why)s.", field=field, why=words.FIELD_FAULTS.get(error.why, error.why.value)
    )


def save(
    slug: str,
    form: VersionedForm,
    show: Show,
    change: Change,
    *,
    done: str,
    to: str = "",
    check: Callable[[], object] = lambda: None,
) -> ResponseReturnValue:
    """Do a change once, on the locked poll as the administrator saw it, and lead on.

    `check` adds to a valid form what only the page can know. Where something must be mended the same page
    comes with everything typed: 422; or 409 where somebody else changed the poll meanwhile. That page carries
    the new version, so that saving again is a decision.
    """
    if form.validate():
        check()
    if form.errors:
        return show(), HTTPStatus.UNPROCESSABLE_ENTITY
    return attempt(slug, form, show, change) or _done(done, to or home(slug))


def attempt(slug: str, form: VersionedForm, show: Show, change: Change) -> ResponseReturnValue | None:
    """Do a change with a form that is right; returns the page of a refusal, None when it is done."""
    try:
        with transaction():
            poll = queries.lock_poll(slug)
            _must_be_as_seen(poll, form)
            change(poll)
    except StaleVersion:
        return _stale(slug, form, show)
    except REFUSED as error:
        form.form_errors.append(refusal_words(error))
        return show(), HTTPStatus.UNPROCESSABLE_ENTITY
    return None


def _must_be_as_seen(poll: Poll, form: VersionedForm) -> None:
    if poll.version != form.version.data:
        raise StaleVersion(_("Somebody else changed this poll a moment ago."))


def _stale(slug: str, form: VersionedForm, show: Show) -> ResponseReturnValue:
    see_version(form, queries.get_poll(slug))
    form.form_errors.append(
        _(
            "Somebody else changed this poll a moment ago. What you typed still stands here. Look at the poll"
            " in another window, then send this again if it is still right."
        )
    )
    return show(), HTTPStatus.CONFLICT


def see_version(form: VersionedForm, poll: Poll) -> None:
    """Let a form carry the version of the poll as it is now."""
    form.version.data = poll.version
    form.version.raw_data = None


def plain(poll: Poll) -> VersionedForm:
    """Return a form that holds nothing but the version seen: for a button."""
    return VersionedForm(formdata=None, version=poll.version)


def refuse(form: Form, name: str, message: str) -> None:
    """Put a message beside a field."""
    form[name].errors = [*form[name].errors, message]


def _done(done: str, to: str) -> ResponseReturnValue:
    flash(done)
    return redirect(to, HTTPStatus.SEE_OTHER)
