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

Show = Callable[[Poll], str]
Change = Callable[[Poll], object]

REFUSED = (RuleViolation, MoveRefused, SpecificationError, ConfigurationError)


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
    """Do a change once, on the locked poll as the person saw it; say `done` and lead on.

    Leads to the address `to`, else to the page of the poll in administration. `check` adds to a valid form
    what only the page can know. Where something must be mended, `show` draws the same page with everything
    typed: 422; or 409 where somebody else changed the poll meanwhile. That page carries the new version, so
    that saving again is a decision.
    """
    if form.validate():
        check()
    if form.errors:
        return show(queries.get_poll(slug)), HTTPStatus.UNPROCESSABLE_ENTITY
    refused = attempt(slug, form, show, change)
    if refused is not None:
        return refused
    flash(done)
    return redirect(to or url_for("manage_polls.show", slug=slug), HTTPStatus.SEE_OTHER)


def attempt(slug: str, form: VersionedForm, show: Show, change: Change) -> ResponseReturnValue | None:
    """Do a change with a form that is right; returns the page of a refusal, None when it is done."""
    try:
        with transaction():
            poll = queries.lock_poll(slug)
            _must_be_as_seen(poll, form)
            change(poll)
    except StaleVersion:
        return _stale(queries.get_poll(slug), form, show)
    except REFUSED as error:
        form.form_errors.append(refusal_words(error))
        return show(queries.get_poll(slug)), HTTPStatus.UNPROCESSABLE_ENTITY
    return None


def _must_be_as_seen(poll: Poll, form: VersionedForm) -> None:
    if poll.version != form.version.data:
        raise StaleVersion(_("Somebody else changed this poll a moment ago."))


def _stale(poll: Poll, form: VersionedForm, show: Show) -> ResponseReturnValue:
    form.version.data, form.version.raw_data = poll.version, None
    form.form_errors.append(
        _(
            "Somebody else changed this poll a moment ago. What you typed still stands here. Look at the poll"
            " in another window, then send this again if it is still right."
        )
    )
    return show(poll), HTTPStatus.CONFLICT


def refusal_words(error: Exception) -> str:
    """Return in words why an act was refused; `error` is one of `REFUSED`."""
    if isinstance(error, RuleViolation):
        return error.message
    if isinstance(error, MoveRefused):
        return str(wording.REFUSALS[error.reason])
    if isinstance(error, SpecificationError):
        return _specification_words(error)
    log.warning("a poll lacks its keys", extra={"error": str(error)})
    return _("The keys of this poll are not on this server, or cannot be written. Its log says why.")


def _specification_words(error: SpecificationError) -> str:
    """Return in words which part of a draft is wrong, and why."""
    name = error.field.partition(".")[0].partition("[")[0]
    field = str(wording.FIELDS.get(name, error.field))
    return _(
        "Look at %(field)s: %(why)s.", field=field, why=wording.FIELD_FAULTS.get(error.why, error.why.value)
    )
