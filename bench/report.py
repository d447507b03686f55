"""The tables, and the same as JSON."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from bench.facts import Facts
from bench.jobs import Job
from bench.rounds import Measured, Step

MOST_GROWTH = 1.3
POST = "send "
"""How the titles of the steps begin that change something; all others only open a page."""
MOST_MEMORY_MIB = 160
USUAL_YARDSTICK_MS = 0.7
"""What the yardstick costs on a machine of its own. The aims mean such a machine; a busy or slower one makes
everything dearer, the yardstick too, so that a job is judged by its cost there."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one run found on one kind of database."""

    database: str
    facts: Sequence[Facts]
    yardstick: Step
    jobs: Sequence[tuple[Job, Sequence[Measured]]]
    memory: Sequence[tuple[float, float]]
    """MiB of the web processes and of the worker, by size."""

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        sizes = " and ".join(facts.size for facts in self.facts)
        yardstick = (
            f"{self.yardstick.cpu:.2f} ms CPU, {statistics.median(self.yardstick.rates):,.0f} requests/s"
        )
        rows = [row for job, found in self.jobs for row in self._rows(job, found)]
        table = [HEADER, *rows, *self._memory_rows()]
        parts = [
            line
            for job, found in self.jobs
            if len(job.steps) > 1
            for line in ["", f"Steps: {job.title}", *aligned([STEPS_HEADER, *_step_rows(found)])]
        ]
        return [f"{self.database}: {sizes}. Yardstick: {yardstick}.", "", *aligned(table), *parts, ""]

    def _rows(self, job: Job, found: Sequence[Measured]) -> list[list[str]]:
        posts = [[step for step in one.steps if step.title.startswith(POST)] for one in found]
        if len(job.steps) == 1 or not all(posts):
            return [self._row(job, found)]
        whole = replace(job, aim=None)
        return [
            self._row(whole, found),
            self._row(replace(whole, title="… of it the posts alone"), [Measured(steps) for steps in posts]),
            self._row(replace(job, title="… the last of them"), [Measured(steps[-1:]) for steps in posts]),
        ]

    def _row(self, job: Job, found: Sequence[Measured]) -> list[str]:
        cpu = [sum(step.cpu for step in one.steps) for one in found]
        usual = [value / self.yardstick.cpu * USUAL_YARDSTICK_MS for value in cpu]
        growth = cpu[-1] / cpu[0] if len(cpu) > 1 else None
        late = (job.aim is not None and max(usual) > job.aim) or (growth or 0) > MOST_GROWTH
        return [
            job.title,
            f"{job.aim:g}" if job.aim else "",
            _each(f"{value:.1f}" for value in cpu),
            _each(f"{value / self.yardstick.cpu:.1f}" for value in cpu),
            _each(f"{value:.1f}" for value in usual),
            _each(f"{_rate(one):,.0f}" for one in found),
            _each(f"{sum(step.latency(0.5) for step in one.steps):.0f}" for one in found),
            _each(f"{sum(step.latency(0.95) for step in one.steps):.0f}" for one in found),
            _each(str(sum(step.statements for step in one.steps)) for one in found),
            _each(f"{statistics.median(one.worker):.1f}" if one.worker else "" for one in found),
            f"{growth:.2f}" if growth else "",
            "over" if late else "ok" if job.aim or growth else "",
        ]

    def _memory_rows(self) -> list[list[str]]:
        web = _each(f"{web:.0f}" for web, _worker in self.memory)
        worker = _each(f"{worker:.0f}" for _web, worker in self.memory)
        verdict = "ok" if max(web for web, _worker in self.memory) <= MOST_MEMORY_MIB else "over"
        blank = [""] * 8
        return [
            ["memory of master and two web processes, MiB", str(MOST_MEMORY_MIB), web, *blank, verdict],
            ["memory of the worker, MiB", "", worker, *blank, ""],
        ]

    def as_json(self) -> dict[str, Any]:
        """Return everything that was found."""
        return {
            "database": self.database,
            "sizes": [facts.cases for facts in self.facts],
            "proposals": [facts.proposals.number for facts in self.facts],
            "yardstick_ms": self.yardstick.cpu,
            "memory_mib": [{"web": web, "worker": worker} for web, worker in self.memory],
            "jobs": {job.name: [_job_json(job, one) for one in found] for job, found in self.jobs},
        }


HEADER = [
    *("job", "aim", "CPU ms", "× yardstick", "at 0.7", "a second", "p50 ms", "p95 ms", "statements"),
    *("worker ms", "growth", ""),
]
STEPS_HEADER = ["step", "CPU ms", "statements", "p50 ms", "p95 ms"]


def _step_rows(found: Sequence[Measured]) -> list[list[str]]:
    return [
        [
            same[0].title,
            _each(f"{step.cpu:.2f}" for step in same),
            _each(str(step.statements) for step in same),
            _each(f"{step.latency(0.5):.0f}" for step in same),
            _each(f"{step.latency(0.95):.0f}" for step in same),
        ]
        for same in zip(*(one.steps for one in found), strict=True)
    ]


def _rate(one: Measured) -> float:
    """Return how often a second the whole job was done: all its steps, one after another."""
    return 1 / sum(1 / statistics.median(step.rates) for step in one.steps)


def _each(values: Any) -> str:
    """Return the values of all sizes in one column."""
    return " / ".join(values).strip(" /")


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the rows as lines, in columns: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _job_json(job: Job, one: Measured) -> dict[str, Any]:
    return {
        "aim_ms": job.aim,
        "cpu_ms": sum(step.cpu for step in one.steps),
        "per_second": _rate(one),
        "worker_ms": statistics.median(one.worker) if one.worker else None,
        "steps": [
            {
                "title": step.title,
                "web_ms": step.web,
                "database_ms": step.database,
                "p50_ms": step.latency(0.5),
                "p95_ms": step.latency(0.95),
                "statements": step.statements,
            }
            for step in one.steps
        ],
    }


class Told(Protocol):
    """What a run found, of cases or of polls."""

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        ...

    def as_json(self) -> dict[str, Any]:
        """Return everything that was found."""
        ...


def save(reports: Sequence[Told], folder: Path) -> Path:
    """Write all of a run as JSON; returns the file."""
    at = datetime.now(UTC)
    path = folder / f"{at:%Y%m%dT%H%M%SZ}.json"
    path.write_text(json.dumps({"at": at.isoformat(), "reports": [r.as_json() for r in reports]}, indent=1))
    return path
