"""`ballots`: from a full inbox to a published and verified result, then the page of the result."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bench.browser import Browser, WrongAnswer
from bench.databases import KINDS, RESULTS, ROOT, City, Databases, copy_of, kept
from bench.facts import Facts
from bench.jobs import Job
from bench.polls import application
from bench.polls_filling import SLUG, make
from bench.report import USUAL_YARDSTICK_MS, aligned
from bench.rounds import Bench, Step, Yardstick
from bench.sites import site, yardstick_site
from bench.statements import inside
from cps.core.storage import current_storage
from cps.polls.services.publishing import bundle_key

PHASES = {"batches": "batches to the final head", "count": "count", "publish": "bundle and receipts"}
VERIFY = "verify.py"
VERIFIER = ROOT / "cps" / "polls" / "verify.py"
PATH = f"/polls/{SLUG}/results"
AIM_MS = 3.0
MOST_GROWTH = 1.2
MOST_BALLOTS, MOST_SECONDS, MOST_MIB = 1_000_000, 60.0, 500.0
"""A million ballots are verified within a minute and half a gigabyte."""

Took = dict[str, Any]
"""What a process took: `seconds`, `cpu_seconds`, `peak_mib` and what it found."""


def _results(browser: Browser, _facts: Facts, _number: int) -> None:
    if "polls/" not in browser.get(PATH).text:
        raise WrongAnswer("the page of the result shows nothing")


RESULTS_PAGE = Job("results", "results page", (("", _results),), times=150, aim=AIM_MS)


@dataclass(frozen=True, slots=True)
class Counted:
    """One poll, from its inbox to its page."""

    ballots: int
    took: dict[str, Took]
    bundle_mib: float
    page: Step


@dataclass(slots=True)
class Ballots:
    """What was found on one database."""

    database: str
    found: list[Counted] = field(default_factory=list)
    read: Step = field(default_factory=lambda: Step("read a row"))

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        sizes = " and ".join(f"{one.ballots:,}" for one in self.found)
        rows = [row for one in self.found for row in _rows(one)]
        return [
            f"{self.database}: polls of {sizes} ballots, up to three of eight options, full lines published.",
            "",
            *aligned([["", "seconds", "CPU s", "µs a ballot", "peak MiB", "longest piece s"], *rows]),
            "",
            *[line for one in self.found if (line := _verified(one))],
            *self._page_lines(),
            "",
        ]

    def _page_lines(self) -> list[str]:
        rows = [
            [
                f"results page after {one.ballots:,} ballots",
                *(f"{value:.2f}" for value in (one.page.cpu, self._usual(one))),
                *(f"{one.page.latency(share):.0f}" for share in (0.5, 0.95)),
                str(one.page.statements),
            ]
            for one in self.found
        ]
        worst = max(self._usual(one) for one in self.found)
        growth = self._growth()
        said = f"Aim {AIM_MS:g} ms: {'ok' if worst <= AIM_MS else 'over'}."
        if growth is not None:
            verdict = "ok" if growth <= MOST_GROWTH else "over"
            said += f" Growth {growth:.2f}, aim at most {MOST_GROWTH:g}: {verdict}."
        head = ["", "CPU ms", f"at {USUAL_YARDSTICK_MS}", "p50 ms", "p95 ms", "statements"]
        return [*aligned([head, *rows]), "", said]

    def _usual(self, one: Counted) -> float:
        return one.page.cpu / self.read.cpu * USUAL_YARDSTICK_MS

    def _growth(self) -> float | None:
        return self.found[-1].page.cpu / self.found[0].page.cpu if len(self.found) > 1 else None

    def as_json(self) -> dict[str, Any]:
        """Return everything that was found."""
        polls = [
            {
                "ballots": one.ballots,
                "took": one.took,
                "bundle_mib": one.bundle_mib,
                "page": {
                    "cpu_ms": one.page.cpu,
                    "p50_ms": one.page.latency(0.5),
                    "p95_ms": one.page.latency(0.95),
                    "statements": one.page.statements,
                },
            }
            for one in self.found
        ]
        return {
            "ballots": self.database,
            "yardstick_ms": self.read.cpu,
            "growth": self._growth(),
            "polls": polls,
        }


def _rows(one: Counted) -> list[list[str]]:
    rows = []
    for name, title in {**PHASES, VERIFY: VERIFY}.items():
        took = one.took[name]
        each = took["seconds"] / one.ballots * 1e6
        figures = [
            f"{took['seconds']:.1f}",
            f"{took['cpu_seconds']:.1f}",
            f"{each:.0f}",
            f"{took['peak_mib']:.0f}",
            f"{took['longest_seconds']:.2f}" if "longest_seconds" in took else "",
        ]
        shown = f"{title} ({took['batches']:,})" if "batches" in took else title
        rows.append([f"{one.ballots:,} ballots: {shown}", *figures])
    return rows


def _verified(one: Counted) -> str:
    """Return how the verifier did against its aim, which is one of a million ballots; else nothing."""
    took = one.took[VERIFY]
    if one.ballots < MOST_BALLOTS:
        return ""
    good = took["seconds"] <= MOST_SECONDS and took["peak_mib"] <= MOST_MIB
    spent = f"{took['seconds']:.0f} s and {took['peak_mib']:.0f} MiB"
    aim = f"aim {MOST_SECONDS:g} s and {MOST_MIB:g} MiB: {'ok' if good else 'over'}"
    return f"Verifying {one.ballots:,} ballots, a bundle of {one.bundle_mib:,.0f} MiB: {spent}; {aim}."


def measure(on: Databases, *, sizes: Sequence[int], rounds: int, anew: bool) -> Ballots:
    """Count, publish and verify polls of several sizes, then ask for the pages of all at the same time."""
    found = Ballots(KINDS[on.kind])
    with ExitStack() as stack:
        polls = []
        for size in sizes:
            folder = kept(on, f"ballots_{size}", size, partial(make, ballots=size), anew=anew)
            copy = stack.enter_context(copy_of(on, folder, size))
            polls.append((copy, *_to_the_result(copy)))
        insides = [stack.enter_context(inside(copy)) for copy, *_ in polls]
        statements = [one.count(RESULTS_PAGE) for one in insides]
        sites = [stack.enter_context(site(on, copy)) for copy, *_ in polls]
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=RESULTS)))
        yardstick = Yardstick(stack.enter_context(yardstick_site(folder)))
        benches = [
            Bench(RESULTS_PAGE, where, known.facts, counted)
            for where, known, counted in zip(sites, insides, statements, strict=True)
        ]
        for bench in benches:
            bench.warm_up()
        for _round in range(rounds):
            yardstick.round()
            for bench in benches:
                bench.round()
        found.read = yardstick.step
        for (copy, took, mib), bench in zip(polls, benches, strict=True):
            found.found.append(Counted(copy.size, took, mib, bench.found.steps[0]))
    return found


def _to_the_result(copy: City) -> tuple[dict[str, Took], float]:
    """Let processes of their own close, count and publish a poll and verify its bundle; what each took."""
    took = {}
    for name, title in PHASES.items():
        print(f"{KINDS[copy.kind]}, {copy.size:,} ballots: {title} …", flush=True)
        took[name] = _run([sys.executable, "-m", "bench.polls_child", name, SLUG], copy)
    with application(copy):
        bundle = current_storage().path(bundle_key(SLUG))
    if bundle is None:
        raise WrongAnswer("the bundle is not on this disk")
    try:
        alone = Path(__file__).with_name("polls_alone.py")
        took[VERIFY] = _run([sys.executable, str(alone), sys.executable, str(VERIFIER), str(bundle)], copy)
        if took[VERIFY]["status"] != 0:
            raise WrongAnswer(f"verify.py does not agree:\n{took[VERIFY]['said']}")
        return took, bundle.stat().st_size / (1 << 20)
    finally:
        bundle.unlink()


def _run(command: list[str], copy: City) -> Took:
    done = subprocess.run(command, cwd=ROOT, env=copy.settings(), stdout=subprocess.PIPE, check=True)
    found: Took = json.loads(done.stdout)
    return found
