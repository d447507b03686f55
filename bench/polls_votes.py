"""`votes`: whole votes through the real server, many at once; then what was told is compared with what is."""

import statistics
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bench.browser import Browser, Wire
from bench.databases import KINDS, RESULTS, Databases, city
from bench.polls import application, fill_register, open_poll, sign_in
from bench.polls_voters import STEPS, Count, Voter, count, vote, voters
from bench.report import USUAL_YARDSTICK_MS, aligned
from bench.rounds import CONNECTIONS, Step, Yardstick
from bench.sites import Site, Use, site, yardstick_site
from cps.core import clock

SLUG = "bench-votes"
DOUBLE_TAPS = 64
MARKS = 200
AIM_MS = 15.0
MOST_SHARE = 0.25
AN_HOUR_OF_VOTES, CORES = 100_000, 2


@dataclass(slots=True)
class Votes:
    """What was found on one database."""

    database: str
    cases: int
    clients: int
    whole: Step
    """Whole votes, one after another on each connection."""
    steps: list[Step] = field(default_factory=lambda: [Step(title) for title, _act in STEPS])
    """Latencies of whole votes; CPU of many equal steps together."""
    bare: Step = field(default_factory=lambda: Step("yardstick: insert and commit a row"))
    read: Step = field(default_factory=lambda: Step("yardstick: read a row"))
    counted: Count | None = None
    voters: int = 0

    @property
    def posts_ms(self) -> float:
        """Return CPU milliseconds of the posts of a vote together."""
        return sum(step.cpu for step in self.steps[1:])

    @property
    def share(self) -> float:
        """Return which share of two cores 100,000 whole votes in an hour use, without the worker.

        They are 28 a second, so that few are under way at once, as in the rounds of single steps.
        """
        return AN_HOUR_OF_VOTES * sum(step.cpu for step in self.steps) / 1000 / (3600 * CORES)

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        where = f"{self.voters:,} voters in a city of {self.cases:,} cases"
        rows = [
            [step.title, f"{step.cpu:.1f}", f"{step.latency(0.5):.0f}", f"{step.latency(0.95):.0f}"]
            for step in [*self.steps, self.whole, self.bare]
        ]
        return [
            f"{self.database}: {where}, {self.clients} clients; CPU of single steps with {CONNECTIONS}.",
            "",
            *aligned([["", "CPU ms", "p50 ms", "p95 ms"], *rows]),
            "",
            *self._verdicts(),
            self._counts(),
            "",
        ]

    def _verdicts(self) -> list[str]:
        rate, bare, cpu = _rate(self.whole), _rate(self.bare), self.whole.cpu / self.bare.cpu
        usual, share = self.posts_ms / self.read.cpu * USUAL_YARDSTICK_MS, self._usual_share()
        at_usual = f"where a yardstick costs {USUAL_YARDSTICK_MS} ms"
        return [
            (
                f"Whole votes: {rate:,.0f} a second; the bare page {bare:,.0f} a second,"
                f" {bare / rate:.1f} times as many. A vote costs {cpu:.1f} times its CPU."
            ),
            (
                f"Posts of a vote together: {self.posts_ms:.1f} ms CPU, {usual:.1f} {at_usual};"
                f" aim {AIM_MS:g}: {'ok' if usual <= AIM_MS else 'over'}."
            ),
            (
                f"{AN_HOUR_OF_VOTES:,} votes an hour: {self.share:.0%} of {CORES} cores,"
                f" {share:.0%} {at_usual};"
                f" aim under {MOST_SHARE:.0%}: {'ok' if share < MOST_SHARE else 'over'}."
            ),
        ]

    def _counts(self) -> str:
        """Return what was told to voters beside what is there."""
        found = self.counted
        assert found is not None
        right = not (found.lost or found.doubles) and found.roll == found.ballots
        return (
            f"Receipts {found.acknowledged:,}, roll {found.roll:,}, ballots {found.ballots:,};"
            f" {DOUBLE_TAPS} votes were sent twice at once. Double votes {found.doubles}, lost votes"
            f" {found.lost}: {'ok' if right else 'WRONG'}."
        )

    def _usual_share(self) -> float:
        return self.share / self.read.cpu * USUAL_YARDSTICK_MS

    def as_json(self) -> dict[str, Any]:
        """Return everything that was found."""
        found = self.counted
        assert found is not None
        timed = [*self.steps, self.whole, self.bare]
        return {
            "votes": self.database,
            "cases": self.cases,
            "voters": self.voters,
            "clients": self.clients,
            "votes_per_second": _rate(self.whole),
            "bare_per_second": _rate(self.bare),
            "yardstick_ms": self.read.cpu,
            "posts_ms": self.posts_ms,
            "share_of_two_cores": self.share,
            "steps": {
                step.title: {"cpu_ms": step.cpu, "p50_ms": step.latency(0.5), "p95_ms": step.latency(0.95)}
                for step in timed
            },
            "acknowledged": found.acknowledged,
            "roll": found.roll,
            "ballots": found.ballots,
            "doubles": found.doubles,
            "lost": found.lost,
        }


def _rate(step: Step) -> float:
    return statistics.median(step.rates)


def measure(on: Databases, *, cases: int, people: int, clients: int, rounds: int, anew: bool) -> Votes:
    """Let people vote in rounds; half of them whole votes, half of them step by step."""
    with ExitStack() as stack:
        copy = stack.enter_context(city(on, cases, anew=anew))
        app = stack.enter_context(application(copy))
        cookies = sign_in(app, fill_register(people + DOUBLE_TAPS))
        at = clock.now()
        open_poll(SLUG, opens_at=at, closes_at=at + timedelta(days=1))
        where = stack.enter_context(site(on, copy))
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir=RESULTS))
        yardstick = stack.enter_context(yardstick_site(Path(folder), on))
        found = Votes(KINDS[on.kind], cases, clients, Step("whole vote"), voters=len(cookies))
        wire = where.wire(clients)
        calm = where.wire(CONNECTIONS)
        everybody = voters(where, wire, SLUG, cookies)
        twice, once = everybody[:DOUBLE_TAPS], everybody[DOUBLE_TAPS:]
        _tap_twice(twice, wire)  # also warms up every process
        bare = _Bare(yardstick, clients, found.bare)
        reading = Yardstick(yardstick)
        for number in range(rounds):
            some = once[number::rounds]
            half = len(some) // 2
            reading.round()
            bare.round()
            _whole(found, where, wire, some[:half])
            _step_by_step(found, where, calm, some[half:])
        found.read = reading.step
        found.counted = count(SLUG, [voter.code for voter in everybody])
        return found


def _tap_twice(some: Sequence[Voter], wire: Wire) -> None:
    """Let each send the same vote twice at once; both are shown the same receipt."""
    wire.do([voter.open for voter in some])
    wire.do([voter.check for voter in some])
    pairs = [(voter, voter.twin(wire)) for voter in some]
    wire.do([one.cast for pair in pairs for one in pair])


def _whole(found: Votes, where: Site, wire: Wire, some: Sequence[Voter]) -> None:
    before = where.use()
    began = len(found.steps[0].seconds)
    took = wire.do([partial(vote, voter, found.steps) for voter in some])
    _note(found.whole, where.use() - before, len(some))
    found.whole.rates.append(len(some) / took)
    parts = [step.seconds[began:] for step in found.steps]
    found.whole.seconds.extend(sum(times) for times in zip(*parts, strict=True))


def _step_by_step(found: Votes, where: Site, wire: Wire, some: Sequence[Voter]) -> None:
    """Let all do one step, then all the next, over as few connections as in other jobs."""
    for voter in some:
        voter.browser.send = wire
    for step, (_title, act) in zip(found.steps, STEPS, strict=True):
        before = where.use()
        wire.do([partial(act, voter) for voter in some])
        _note(step, where.use() - before, len(some))


def _note(step: Step, used: Use, times: int) -> None:
    step.web.append(used.web / times * 1000)
    step.database.append(used.database / times * 1000)


class _Bare:
    """The page that inserts a row and commits, asked by as many clients."""

    def __init__(self, where: Site, clients: int, step: Step) -> None:
        self.where, self.wire, self.step = where, where.wire(clients), step

    def round(self) -> None:
        """Insert rows, one after another on each connection."""
        self.wire.seconds.clear()
        before = self.where.use()
        took = self.wire.do([self._ask] * MARKS)
        _note(self.step, self.where.use() - before, MARKS)
        self.step.rates.append(MARKS / took)
        self.step.seconds.extend(self.wire.seconds)

    def _ask(self) -> None:
        Browser(self.wire, self.where.origin).post("/marks", {"words": "a vote" * 40}, wanted={200})
