"""What the pages of administrators share: their blueprint, one poll with its keys, the city's languages."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Blueprint, g, redirect, url_for
from flask.typing import ResponseReturnValue

from cps.core.errors import ConfigurationError
from cps.core.forms import VersionedForm
from cps.core.i18n import OWN_NAMES
from cps.core.keys import app_keys_dir
from cps.polls import key_files, queries
from cps.polls.keys import PollKeys
from cps.polls.models import Poll
from cps.polls.specification import Fingerprints

bp = Blueprint("manage_polls", __name__, url_prefix="/admin/polls")

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


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


def plain(poll: Poll) -> VersionedForm:
    """Return a form that holds nothing but the version seen: for a button."""
    return VersionedForm(formdata=None, version=poll.version)
