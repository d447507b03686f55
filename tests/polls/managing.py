"""Steps of administrators, for tests of their pages."""

from cps.accounts.models import Account
from cps.core import clock
from cps.core.db import transaction
from cps.core.keys import app_keys_dir
from cps.polls import copies, key_files, queries
from cps.polls.models import Poll
from cps.polls.services import drafting
from tests.support import factories
from tests.support.page import Page
from tests.support.site import Site

ADMIN = "/admin/polls"


def administrator(site: Site) -> tuple[Site, Account]:
    """Sign a visitor in as an administrator."""
    account = factories.make_administrator()
    return site.sign_in(account), account


def here(slug: str, rest: str = "") -> str:
    """Return an address below that of a poll in administration."""
    return f"{ADMIN}/{slug}{rest}"


def empty_draft(slug: str = "park", **question: str) -> Poll:
    """Make a draft with nothing but its question."""
    by, at = factories.make_administrator(), clock.now()
    with transaction():
        drafting.create(slug, question or {"en": "What first?"}, by=by, at=at)
    return queries.get_poll(slug)


def send(site: Site, slug: str, rest: str, **fields: object) -> Page:
    """Fill the form of a page below that of a poll and send it."""
    return site.submit(site.get(here(slug, rest)), form=here(slug, rest), **fields)


def copy_of(slug: str) -> str:
    """Return the second copy of a poll's keys as text."""
    return copies.copy_text(key_files.read_all(app_keys_dir(), slug))
