"""`notifications`: one answer that very many follow is queued by a request, then sent by two workers.

The same request, sent before anybody followed the case, stands beside it. The mail server is a real one on
loopback.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import delete, func, insert, select

from bench.browser import Browser
from bench.databases import KINDS, City, Databases, city
from bench.facts import OFFICER, PASSWORD, Facts
from bench.jobs import Job
from bench.mail_sink import MailSink, receiving
from bench.report import aligned
from bench.sites import Site, web_site, workers
from bench.statements import inside
from cps.accounts.models import Account
from cps.cases import reference
from cps.cases.models import Case, Follow
from cps.cases.rules import CaseKind
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.many import insert_rows, reserve_ids
from cps.core.models import City as CityRow
from cps.core.models import OutboxFact
from cps.core.quiet_hours import SETTING, Hours
from cps.notifications.models import Message, MessageWish
from cps.notifications.rules import Pace, Topic

TIMES = 40
"""The kernel counts CPU in steps of 10 ms; over so many requests they even out."""

WARM = 4
WORKERS = 2
PATIENCE_SECONDS = 900.0
QUIET_SECONDS = 5.0
"""So long after the last message anything sent twice would have come."""

FOLLOWER = "follower{}@bench.test"
PAGE, ALONE, FOLLOWED = "the case's page", "answer, nobody follows", "answer, all follow"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, by the median of some: CPU with the database and elapsed, in milliseconds; statements."""

    cpu_ms: float
    elapsed_ms: float
    statements: int


@dataclass(frozen=True, slots=True)
class Sent:
    """What arrived: at how many addresses, how many twice, and the seconds from the first to the last."""

    arrived: int
    twice: int
    seconds: float
    left: int
    """Messages that still wait, or were laid aside."""


@dataclass(frozen=True, slots=True)
class Queued:
    """What was found on one database."""

    database: str
    followers: int
    asked: dict[str, Asked]
    sent: Sent

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        table = [
            [name, f"{one.cpu_ms:.1f}", f"{one.elapsed_ms:.1f}", f"{one.statements}"]
            for name, one in self.asked.items()
        ]
        sent, lost = self.sent, self.followers - self.sent.arrived
        right = not (sent.twice or lost or sent.left)
        return [
            f"{self.database}: an officer's answer that {self.followers:,} people are told, {TIMES} times.",
            "",
            *aligned([["request", "CPU ms", "elapsed ms", "statements"], *table]),
            "",
            (
                f"{WORKERS} workers sent {sent.arrived:,} messages in {sent.seconds:.1f} s:"
                f" {sent.arrived / max(sent.seconds, 1.0):,.0f} a second."
            ),
            f"Twice {sent.twice}, lost {lost}, left {sent.left}: {'ok' if right else 'WRONG'}.",
            "",
        ]  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return everything that was found."""
        asked = {
            name: {"cpu_ms": one.cpu_ms, "elapsed_ms": one.elapsed_ms, "statements": one.statements}
            for name, one in self.asked.items()
        }
        sent = {"arrived": self.sent.arrived, "twice": self.sent.twice, "seconds": self.sent.seconds}
        return {"notifications": self.database, "followers": self.followers, "asked": asked, **sent}


def measure(on: Databases, *, cases: int, followers: int, anew: bool) -> Queued:
    """Ask, count what the requests cost, then let the workers send what the last answer leads to."""
    with city(on, cases, anew=anew) as made, inside(made) as known, web_site(on, made) as where:
        with known.app.app_context():
            case = _open_case(known.facts)
        page, answer = _open(case), _answer(case)

        def measured(request: Request) -> Asked:
            return _measure(where, request, known.count(_job(request))[-1])

        asked = {PAGE: measured(page), ALONE: measured(answer)}
        with known.app.app_context():
            _fill(case, followers)
            on.settle(made.url)
        asked[FOLLOWED] = measured(answer)
        with known.app.app_context():
            _keep_last_answer()
            sent = _send(made, followers)
    return Queued(KINDS[on.kind], followers, asked, sent)


def _open_case(facts: Facts) -> str:
    """Return the reference of an open complaint of the officer's department that anybody may read."""
    keys = [reference.parse(one) for one in facts.own_references]
    public = (Case.is_listed.is_(True), Case.kind == CaseKind.COMPLAINT)
    listed = select(Case.reference).where(Case.reference.in_(keys), *public)
    return reference.display(db.session.scalars(listed.order_by(Case.id).limit(1)).one())


def _fill(followed: str, number: int) -> None:
    """Add people who follow a case and hear of it at once; at no hour the city is quiet."""
    at = clock.now()
    with transaction() as session:
        case_id = session.scalars(select(Case.id).where(Case.reference == reference.parse(followed))).one()
        keys = reserve_ids(Account, number)
        same = {"email_verified_at": at, "created_at": at, "language": "en", "version": 1}
        insert_rows(Account, [{"id": key, "email": FOLLOWER.format(key), **same} for key in keys])
        insert_rows(Follow, [{"case_id": case_id, "account_id": key, "at": at} for key in keys])
        wish = {"topic": Topic.FOLLOWED, "pace": Pace.AT_ONCE}
        session.execute(insert(MessageWish), [{"account_id": key, **wish} for key in keys])
        row = session.get_one(CityRow, 1)
        row.settings = {**row.settings, SETTING: Hours(quiet_from=0, quiet_until=0).as_setting}


@dataclass(frozen=True, slots=True)
class Request:
    """What is measured, and the path that is opened before."""

    before: str
    ask: Callable[[Browser], object]


def _open(case: str) -> Request:
    path = f"/complaints/{case}"
    return Request(path, lambda browser: browser.get(path))


def _answer(case: str) -> Request:
    """Return how to tell something to all who follow a case."""
    page, path = f"/desk/{case}?box=department", f"/desk/{case}/reply?box=department"

    def ask(browser: Browser) -> None:
        browser.post(path, {**browser.opened().form(path), "to": "", "message": "The crew comes on Monday."})

    return Request(page, ask)


def _sign_in(browser: Browser) -> None:
    form = browser.get("/accounts/sign-in").form("/accounts/sign-in")
    browser.post("/accounts/sign-in", {**form, "email": OFFICER, "password": PASSWORD})


def _job(request: Request) -> Job:
    """Return the request as a job, to count its statements."""

    def before(browser: Browser, _facts: Facts, _number: int) -> None:
        browser.get(request.before)

    def ask(browser: Browser, _facts: Facts, _number: int) -> None:
        request.ask(browser)

    steps = ("before", before), ("", ask)
    return Job("", "", steps, TIMES, arrive=lambda browser, _facts, _number: _sign_in(browser))


def _measure(where: Site, request: Request, statements: int) -> Asked:
    """Ask some times, each from the page that is opened before; one visitor."""
    wire = where.wire(1)
    visitor = where.visitor(wire)
    _sign_in(visitor)
    used, elapsed = 0.0, []
    for time_ in range(-WARM, TIMES):
        visitor.get(request.before)
        before = where.use()
        request.ask(visitor)
        use = where.use() - before
        if time_ >= 0:
            used += use.web + use.database
            elapsed.append(wire.seconds[-1])
    return Asked(1000 * used / TIMES, 1000 * median(elapsed), statements)


def _keep_last_answer() -> None:
    """Let the workers find nothing but the last answer that was sent."""
    with transaction() as session:
        last = session.scalar(select(func.max(OutboxFact.id)))
        session.execute(delete(OutboxFact).where(OutboxFact.id != last))
        session.execute(delete(Message))


def _send(made: City, followers: int) -> Sent:
    """Run the workers until everything has arrived and nothing more comes."""
    with receiving() as sink, workers(WORKERS, made, CPS_SMTP_URL=sink.url):
        ends = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < ends and len(_of_followers(sink)) < followers:
            time.sleep(1.0)
        time.sleep(QUIET_SECONDS)
    mails = _of_followers(sink)
    times = [at for _address, at in mails]
    different = len({address for address, _at in mails})
    db.session.rollback()
    left = db.session.scalar(select(func.count()).select_from(Message).where(Message.done_at.is_(None)))
    seconds = max(times) - min(times) if times else 0.0
    return Sent(different, len(mails) - different, seconds, left or 0)


def _of_followers(sink: MailSink) -> list[tuple[str, float]]:
    return [mail for mail in sink.arrived if mail[0].startswith(FOLLOWER.partition("{")[0])]
