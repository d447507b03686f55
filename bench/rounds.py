"""Measuring: short rounds that take turns between sites and yardstick, so that a busy minute hits all."""

import itertools
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from bench.browser import Browser
from bench.facts import Facts
from bench.jobs import Act, Job
from bench.sites import Site

CONNECTIONS = 4
YARDSTICK_TIMES = 400


@dataclass(slots=True)
class Step:
    """What the rounds of one step found: CPU milliseconds each time, in each round; every latency."""

    title: str
    web: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    statements: int = 0

    @property
    def cpu(self) -> float:
        """Return CPU milliseconds of web server and database: the median of the rounds."""
        return statistics.median(a + b for a, b in zip(self.web, self.database, strict=True))

    def latency(self, share: float) -> float:
        """Return the milliseconds within which this share of the requests was answered."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


@dataclass(slots=True)
class Measured:
    """What was found of one job on one site."""

    steps: list[Step]
    worker: list[float] = field(default_factory=list)
    """CPU milliseconds of the worker each time, in each round, until it had nothing to do."""


class Bench:
    """One job on one site: knows its visitors, collects what the rounds find."""

    def __init__(self, job: Job, site: Site, facts: Facts, statements: list[int]) -> None:
        self.job, self.site, self.facts = job, site, facts
        self.wire = site.wire(CONNECTIONS)
        titles = (title for title, _act in job.steps)
        self.found = Measured([Step(t, statements=s) for t, s in zip(titles, statements, strict=True)])
        self._numbers = itertools.count()
        self._regulars: list[Browser] = []

    def warm_up(self) -> None:
        """Let every process of the site do the job a few times."""
        self._round([Step(step.title) for step in self.found.steps], max(self.job.warm, self.job.times // 4))

    def round(self) -> None:
        """Do the job as often as it says and note what it took."""
        before = self.site.use().worker
        self._round(self.found.steps, self.job.times)
        if len(self.job.steps) > 1:
            spent = self.site.settled() - before
            self.found.worker.append(spent / self.job.times * 1000)

    def _round(self, steps: list[Step], times: int) -> None:
        if len(self.job.steps) == 1:
            self._come_back(steps[0], times)
            return
        visitors = [self.site.visitor(self.wire) for _ in range(times)]
        for step, (_title, act) in zip(steps, self.job.steps, strict=True):
            self._measure(step, [partial(self._act, act, visitor) for visitor in visitors])

    def _act(self, act: Act, visitor: Browser) -> None:
        act(visitor, self.facts, next(self._numbers))

    def _come_back(self, step: Step, times: int) -> None:
        act = self.job.steps[0][1]
        while len(self._regulars) < CONNECTIONS:
            visitor = self.site.visitor(self.wire)
            if self.job.arrive:
                self.job.arrive(visitor, self.facts, len(self._regulars))
            self._regulars.append(visitor)
        free = list(self._regulars)

        def visit() -> None:
            visitor = free.pop()
            act(visitor, self.facts, next(self._numbers))
            free.append(visitor)

        self._measure(step, [visit] * times)

    def _measure(self, step: Step, works: list[Callable[[], None]]) -> None:
        self.wire.seconds.clear()
        before = self.site.use()
        took = self.wire.do(works)
        used = self.site.use() - before
        step.web.append(used.web / len(works) * 1000)
        step.database.append(used.database / len(works) * 1000)
        step.seconds.extend(self.wire.seconds)
        step.rates.append(len(works) / took)


class Yardstick:
    """The yardstick's own rounds."""

    def __init__(self, site: Site) -> None:
        self.site, self.wire = site, site.wire(CONNECTIONS)
        self.step = Step("yardstick")
        self._numbers = itertools.count()

    def round(self) -> None:
        """Ask for one row after another."""
        before = self.site.use()
        took = self.wire.do([self._ask] * YARDSTICK_TIMES)
        used = self.site.use() - before
        self.step.web.append(used.web / YARDSTICK_TIMES * 1000)
        self.step.database.append(0.0)
        self.step.rates.append(YARDSTICK_TIMES / took)

    def _ask(self) -> None:
        self.site.visitor(self.wire).get(f"/things/{next(self._numbers) * 37 % 9_000 + 1}")
