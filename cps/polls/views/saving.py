"""Changing a poll once, as the person saw it; what stands in the way is said on the same page."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from cps.core.db import transaction
from cps.core.errors import ConfigurationError, RuleViolation, StaleVersion
from cps.core.forms import VersionedForm
from cps.core.i18n import gettext as _
from cps.polls import queries, wording
from cps.polls.fields import SpecificationError
from cps.polls.models import Poll
from cps.polls.rules import MoveRefused

log = logging.getLogger(__name__)

Show = Callable[[], str]
Change = Callable[[Poll], object]

REFUSED = (RuleViolation, MoveRefused, SpecificationError, ConfigurationError)


def refusal_words(error: Exception) -> str:
    """Return in words why an act was refused."""
    if isinstance(error, RuleViolation):
        return error.message
    if isinstance(error, MoveRefused):
        return str(wording.REFUSALS[error.reason])
    if isinstance(error, SpecificationError):
        return specification_words(error)
    log.warning("a poll lacks its keys", extra={"error": str(error)})
    return _("The keys of this poll are not on this server, or cannot be written. Its log says why.")


def specification_words(error: SpecificationError) -> str:
    """Return in words which part of a draft is wrong, and why."""
    name = error.field.partition(".")[0].partition("[")[0]
    field = str(wording.FIELDS.get(name, error.field))
    return _(
        "Look at %(field)s: %(why)s.", field=field, why=wording.FIELD_FAULTS.get(error.why, error.why.value)
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
    """Do a change once, on the locked poll as the person saw it, and lead on.

    `check` adds to a valid form what only the page can know. Where something must be mended the same page
    comes with everything typed: 422; or 409 where somebody else changed the poll meanwhile. That page carries
    the new version, so that saving again is a decision.
    """
    if form.validate():
        check()
    if form.errors:
        return show(), HTTPStatus.UNPROCESSABLE_ENTITY
    return attempt(slug, form, show, change) or _done(done, to or url_for("manage_polls.show", slug=slug))


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
    _see_version(form, queries.get_poll(slug))
    form.form_errors.append(
        _(
            "Somebody else changed this poll a moment ago. What you typed still stands here. Look at the poll"
            " in another window, then send this again if it is still right."
        )
    )
    return show(), HTTPStatus.CONFLICT


def _see_version(form: VersionedForm, poll: Poll) -> None:
    """Let a form carry the version of the poll as it is now."""
    form.version.data = poll.version
    form.version.raw_data = None


def _done(done: str, to: str) -> ResponseReturnValue:
    flash(done)
    return redirect(to, HTTPStatus.SEE_OTHER)
