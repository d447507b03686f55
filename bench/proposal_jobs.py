"""`proposals`: what residents open of proposals, in cities that have very many of them."""

import re
from urllib.parse import urlencode

from bench.browser import Browser, WrongAnswer
from bench.facts import Facts
from bench.jobs import Act, Job, promises, seen_before
from bench.proposal_facts import STAGE

_LINK = re.compile(r'href="/proposals/\d{4}-')


def _page(browser: Browser, facts: Facts, number: int) -> None:
    references = facts.proposals.references
    page = browser.get(f"/proposals/{references[number % len(references)]}")
    if 'class="road' not in page.text:
        raise WrongAnswer(f"the page shows no road: {page.path}")


_seen_before, _see_before = seen_before(
    lambda facts, number: f"/proposals/{facts.proposals.references[number]}"
)


def _listed(browser: Browser, **asked: str) -> None:
    page = browser.get(f"/proposals?{urlencode(asked)}")
    if not _LINK.search(page.text):
        raise WrongAnswer(f"the list shows no proposal: {page.path}")


LISTS: tuple[tuple[str, str, Act], ...] = (
    ("proposals-first", "list, first page: gathering", lambda b, _facts, _n: _listed(b)),
    ("proposals-answered", "… answered ones", lambda b, _facts, _n: _listed(b, stage=STAGE)),
    (
        "proposals-deep",
        "… of them a page in the middle",
        lambda b, facts, _n: _listed(b, stage=STAGE, after=facts.proposals.key_of_the_middle),
    ),
    ("proposals-all", "… all of them, newest first", lambda b, _facts, _n: _listed(b, stage="all")),
    (
        "proposals-category",
        "… all of a category",
        lambda b, facts, _n: _listed(b, stage="all", category=facts.proposals.category),
    ),
    ("proposals-words", "… with two words", lambda b, facts, _n: _listed(b, q=facts.proposals.words)),
)

PROPOSAL_JOBS = (
    Job("proposals-page", "a proposal’s page", (("", _page),), times=120, aim=5),
    Job("proposals-304", "… seen before (304)", (("", _seen_before),), times=240, aim=5, arrive=_see_before),
    *(Job(name, title, (("", act),), times=80) for name, title, act in LISTS),
    Job("proposals-promises", "promises: late now, months", (("", promises),), times=80),
)
