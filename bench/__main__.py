"""`python -m bench [job …]`: measure jobs on demo cities and print what they cost, beside the yardstick."""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from typing import Protocol

from bench import (
    alerts,
    answers,
    callers,
    imports,
    notifications,
    polls_ballots,
    polls_close,
    polls_votes,
    proposals,
)
from bench.databases import KINDS, RESULTS, City, Databases, city, databases, proposal_city
from bench.jobs import JOBS, Job
from bench.proposal_jobs import PROPOSAL_JOBS
from bench.report import Report, Told, save
from bench.rounds import Bench, Measured, Yardstick
from bench.sites import site, yardstick_site
from bench.statements import inside

ROUNDS, QUICK_ROUNDS = 5, 2
IDLE_LOOKS, IDLE_SECONDS = 3, 900.0
IMPORT = "import"
ALERTS = "alerts-match"
SUPPORTS = "supports"
PROPOSALS = "proposals"
ANSWERS = "answers"
CALLERS = "callers"
NOTIFICATIONS = "notifications"
IMPORTED, FOLLOWERS = 100_000, 10_000
"""How many rows are imported, and how many people are told, unless `--rows` says it."""
POLLS = {
    "votes": "whole votes of many clients at once",
    "close": "a poll ends under full load",
    "ballots": "batches, count, bundle, verify.py and results page of polls of several sizes",
}


class Make(Protocol):
    """Provides a city of a size."""

    def __call__(self, on: Databases, size: int, *, anew: bool) -> AbstractContextManager[City]:
        """Provide it until the block ends."""
        ...


def main() -> None:
    """Read what is asked for, measure, print, save."""
    asked = _asked()
    jobs = [job for job in JOBS if not asked.jobs or job.name in asked.jobs]
    rounds = QUICK_ROUNDS if asked.quick else ROUNDS
    reports: list[Told] = []
    for kind in asked.databases:
        found: list[Callable[[], Told]] = []
        if jobs:
            found.append(partial(measure, kind, asked.sizes, jobs, rounds, anew=asked.anew))
        if PROPOSALS in (asked.jobs or (PROPOSALS,)):
            found.append(
                partial(
                    measure, kind, asked.proposals, PROPOSAL_JOBS, rounds, anew=asked.anew, make=proposal_city
                )
            )
        found += [
            partial(_polls, kind, name, asked, rounds) for name in POLLS if name in (asked.jobs or POLLS)
        ]
        alone = _alone()
        found += [partial(find, kind, asked) for name, find in alone.items() if name in (asked.jobs or alone)]
        for find in found:
            report = find()
            print("\n".join(report.lines()), flush=True)
            reports.append(report)
    print(f"All figures: {save(reports, RESULTS)}")


def _polls(kind: str, name: str, asked: argparse.Namespace, rounds: int) -> Told:
    """Measure what people and the worker do for a poll."""
    with databases(kind) as on:
        if name == "ballots":
            return polls_ballots.measure(on, sizes=asked.ballots, rounds=rounds, anew=asked.anew)
        cases, people, clients, anew = min(asked.sizes), asked.votes, asked.clients, asked.anew
        if name == "close":
            return polls_close.measure(on, cases=cases, people=people, clients=clients, anew=anew)
        return polls_votes.measure(on, cases=cases, people=people, clients=clients, rounds=rounds, anew=anew)


def _import(kind: str, asked: argparse.Namespace) -> Told:
    """Measure how the cases of an earlier system come in."""
    with databases(kind) as on:
        return imports.measure(on, rows=asked.rows or IMPORTED, anew=asked.anew)


def _alerts(kind: str, asked: argparse.Namespace) -> Told:
    """Measure how the worker finds who hears of a new case."""
    with databases(kind) as on:
        return alerts.measure(on, cases=min(asked.sizes), anew=asked.anew)


def _supports(kind: str, asked: argparse.Namespace) -> Told:
    """Measure what it costs to support a proposal that many support at once."""
    with databases(kind) as on:
        return proposals.measure(on, cases=min(asked.sizes), clients=asked.clients, anew=asked.anew)


def _answers(kind: str, asked: argparse.Namespace) -> Told:
    """Measure how long a search in the answer base takes."""
    with databases(kind) as on:
        return answers.measure(on, cases=min(asked.sizes), anew=asked.anew)


def _alone() -> dict[str, Callable[[str, argparse.Namespace], Told]]:
    """Return what measures by itself, without the yardstick."""
    return {
        IMPORT: _import,
        ALERTS: _alerts,
        SUPPORTS: _supports,
        ANSWERS: _answers,
        CALLERS: _callers,
        NOTIFICATIONS: _notifications,
    }


def _callers(kind: str, asked: argparse.Namespace) -> Told:
    """Measure how long it takes until an agent sees who calls."""
    with databases(kind) as on:
        return callers.measure(on, cases=min(asked.sizes), anew=asked.anew)


def _notifications(kind: str, asked: argparse.Namespace) -> Told:
    """Measure what it costs to tell very many people, and how fast workers do."""
    followers = asked.rows or FOLLOWERS
    with databases(kind) as on:
        return notifications.measure(on, cases=min(asked.sizes), followers=followers, anew=asked.anew)


def measure(
    kind: str, sizes: Sequence[int], jobs: Sequence[Job], rounds: int, *, anew: bool, make: Make = city
) -> Report:
    """Measure jobs on cities of several sizes at the same time."""
    with ExitStack() as stack:
        on = stack.enter_context(databases(kind))
        cities = [stack.enter_context(make(on, size, anew=anew)) for size in sizes]
        insides = [stack.enter_context(inside(one)) for one in cities]
        counts = {job.name: [one.count(job) for one in insides] for job in jobs}
        sites = [stack.enter_context(site(on, one)) for one in cities]
        for where in sites:  # a worker clears away what grew too old since the city was made
            where.settled(looks=IDLE_LOOKS, seconds=IDLE_SECONDS)
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        yardstick = Yardstick(stack.enter_context(yardstick_site(Path(folder))))
        found: list[tuple[Job, list[Measured]]] = []
        for job in jobs:
            benches = [
                Bench(job, where, known.facts, counted)
                for where, known, counted in zip(sites, insides, counts[job.name], strict=True)
            ]
            for bench in benches:
                bench.warm_up()
            for _round in range(rounds):
                yardstick.round()
                for bench in benches:
                    bench.round()
            found.append((job, [bench.found for bench in benches]))
        memory = [where.memory() for where in sites]
        return Report(KINDS[kind], [one.facts for one in insides], yardstick.step, found, memory)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names = [*(job.name for job in JOBS), PROPOSALS, *POLLS, *_alone()]
    parser.add_argument(
        "jobs", nargs="*", metavar="job", help=f"which jobs; all by default: {', '.join(names)}"
    )
    parser.add_argument(
        "--sizes", type=_numbers, default=[10_000, 100_000], help="cases, such as 10000,100000"
    )
    parser.add_argument(
        "--proposals", type=_numbers, default=[10_000, 100_000], help="proposals, such as 10000,100000"
    )
    parser.add_argument(
        "--votes", type=int, default=2_000, help="voters of a poll: of votes, and of each close"
    )
    parser.add_argument("--clients", type=int, default=16, help="how many vote at once")
    parser.add_argument(
        "--ballots", type=_numbers, default=[10_000, 100_000], help="ballots, such as 10000,1000000"
    )
    parser.add_argument("--rows", type=int, help="rows of the file that is imported; people who are told")
    parser.add_argument("--databases", type=_kinds, default=list(KINDS), help=" or ".join(KINDS))
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--anew", action="store_true", help="make the cities anew")
    asked = parser.parse_args()
    if unknown := set(asked.jobs) - set(names):
        parser.error(f"there is no job {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    return asked


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _kinds(text: str) -> list[str]:
    wanted = text.split(",")
    if unknown := set(wanted) - set(KINDS):
        raise argparse.ArgumentTypeError(f"there is no database {', '.join(sorted(unknown))}")
    return wanted


if __name__ == "__main__":
    main()
