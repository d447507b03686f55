"""Voters as the server sees them: three requests each, from the ballot to the receipt."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from sqlalchemy import func, select

from bench.browser import Browser, Page, Wire, WrongAnswer
from bench.polls import COOKIE, OPTIONS
from bench.rounds import Step
from bench.sites import Site
from cps.core.db import db
from cps.polls import keys as poll_keys
from cps.polls import queries, receipt
from cps.polls.key_ring import web_keys
from cps.polls.models import BallotInbox, BallotSpent

OPEN, CHECK, CAST = "open the ballot", "send the choice", "send the vote"
_SHOWN_CODE = re.compile(r'class="receipt-code"[^>]*>(.*?)</p>')
REFUSED = 409
_rng = Random(1)


@dataclass(slots=True)
class Voter:
    """Somebody signed in, on the way through the three pages."""

    browser: Browser
    path: str
    code: str = ""
    """The receipt code that the last page showed."""

    def open(self) -> None:
        """Open the ballot."""
        self.browser.get(self.path)

    def check(self) -> None:
        """Send a choice; the answer shows it once more, with the receipt code."""
        form = {**self._form(), "choice": _rng.choice(OPTIONS)}
        self.code = _code(self.browser.post(self.path, form, wanted={200}))

    def cast(self) -> None:
        """Send the vote to a poll that is open."""
        if not self.try_to_cast():
            raise WrongAnswer("an open poll did not take a vote")

    def try_to_cast(self) -> bool:
        """Send the vote; False where the poll takes none any more. Raises WrongAnswer for another receipt."""
        page = self.browser.post(self.path, {**self._form(), "act": "cast"}, wanted={200, REFUSED})
        if page.status == REFUSED:
            return False
        if _code(page) != self.code:
            raise WrongAnswer("the receipt has another code than the vote that was checked")
        return True

    def twin(self, wire: Wire) -> "Voter":
        """Return the same voter in the same place, on another connection: a finger that taps twice."""
        browser = Browser(wire, self.browser.origin, {**self.browser.cookies}, self.browser.page)
        return Voter(browser, self.path, self.code)

    def _form(self) -> dict[str, str]:
        if self.browser.page is None:
            raise WrongAnswer("nothing was opened yet")
        form = self.browser.page.form(self.path)
        return {name: value for name, value in form.items() if name != "choice"}


STEPS: tuple[tuple[str, Callable[[Voter], None]], ...] = (
    (OPEN, Voter.open),
    (CHECK, Voter.check),
    (CAST, Voter.cast),
)


def voters(site: Site, wire: Wire, slug: str, cookies: Sequence[str]) -> list[Voter]:
    """Return voters with these sessions, who have opened nothing yet."""
    path = f"/polls/{slug}/vote"
    return [Voter(Browser(wire, site.origin, {COOKIE: cookie}), path) for cookie in cookies]


def vote(voter: Voter, steps: Sequence[Step]) -> None:
    """Do all three steps and note how long each took."""
    for step, (_title, act) in zip(steps, STEPS, strict=True):
        began = time.perf_counter()
        act(voter)
        step.seconds.append(time.perf_counter() - began)


def _code(page: Page) -> str:
    """Return the receipt code of a page, as it is stored."""
    shown = _SHOWN_CODE.search(page.text)
    code = receipt.parse(re.sub(r"<[^>]+>", "", shown[1])) if shown else None
    if code is None:
        raise WrongAnswer(f"{page.path} shows no receipt code")
    return code


@dataclass(frozen=True, slots=True)
class Count:
    """What the database holds of a poll, beside what its voters were told."""

    acknowledged: int
    """Voters who were shown a receipt."""
    roll: int
    ballots: int
    lost: int
    """Receipts whose ballot is not there."""

    @property
    def doubles(self) -> int:
        """Return how many ballots there are beyond one for each voter on the roll and each receipt."""
        return max(0, self.ballots - self.roll, self.ballots - self.acknowledged)


def count(slug: str, codes: Sequence[str]) -> Count:
    """Count roll and ballots and look for every ballot that was acknowledged; needs the application."""
    db.session.rollback()
    poll = queries.get_poll(slug)
    key = web_keys(poll).handle
    found = queries.balance(poll.id)
    handles = [poll_keys.handle(key, code) for code in codes]
    there = sum(_recorded(handles[start : start + 500]) for start in range(0, len(handles), 500))
    return Count(len(codes), found.roll, found.inbox + found.box, len(codes) - there)


def _recorded(handles: list[str]) -> int:
    inbox = select(func.count()).select_from(BallotInbox).where(BallotInbox.handle.in_(handles))
    spent = select(func.count()).select_from(BallotSpent).where(BallotSpent.handle.in_(handles))
    return (db.session.scalar(inbox) or 0) + (db.session.scalar(spent) or 0)
