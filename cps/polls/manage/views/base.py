"""What the pages of administrators share: their blueprint, the poll they are about, the city's languages."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cps.core.errors import ConfigurationError
from cps.core.forms import Form, VersionedForm
from cps.core.i18n import OWN_NAMES, localized
from cps.core.keys import app_keys_dir
from cps.polls import key_files, queries
from cps.polls.keys import PollKeys
from cps.polls.models import Poll
from cps.polls.specification import Fingerprints

bp = Blueprint("manage_polls", __name__, url_prefix="/admin/polls")

View = Callable[..., ResponseReturnValue]


def only_while(is_so: Callable[[Poll], bool]) -> Callable[[View], View]:
    """Give a view the poll that its address names; where the poll is past this page, lead to its own page."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(slug: str, **more: Any) -> ResponseReturnValue:
            poll = queries.get_poll(slug)
            return view(poll, **more) if is_so(poll) else redirect(home(slug), HTTPStatus.SEE_OTHER)

        return guarded

    return guard


drafts_only = only_while(lambda poll: poll.is_draft)
"""Gives a view the draft that its address names."""


def home(slug: str) -> str:
    """Return the address of the page of one poll."""
    return url_for("manage_polls.show", slug=slug)


def page(name: str, poll: Poll, form: Form | None = None, **values: object) -> str:
    """Render a page about one poll; `name` is that of its template in `polls/manage`."""
    question = localized(poll.question)
    return render_template(f"polls/manage/{name}.html", poll=poll, question=question, form=form, **values)


def plain(poll: Poll) -> VersionedForm:
    """Return a form that holds nothing but the version seen: for a button."""
    return VersionedForm(formdata=None, version=poll.version)


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
