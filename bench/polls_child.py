"""A process of its own for what is measured alone: `python -m bench.polls_child task slug` prints JSON.

What a task takes in time is measured from the moment the program is loaded; memory is the most that the
process ever had.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.polls import administrator
from cps import create_app
from cps.config import Config
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.server_time import server_time
from cps.polls import queries, working
from cps.polls.models import Poll
from cps.polls.rules import PollState
from cps.polls.services import course, publishing


def close(slug: str) -> dict[str, Any]:
    """Wait for the end of a poll and close it as the worker does, at once and no second later."""
    poll = queries.get_poll(slug)
    poll_id, ends = poll.id, poll.closes_at
    assert ends is not None
    db.session.rollback()
    while (left := (ends - server_time()).total_seconds()) >= 0:
        db.session.rollback()
        time.sleep(min(0.5, max(left, 0.001)))
    began = time.perf_counter()
    with transaction():
        closed_here = course.close_if_over(poll_id)
    took, at = time.perf_counter() - began, clock.now()
    there = queries.balance(poll_id)
    return {
        "waited_seconds": took,
        "after_the_end_seconds": (at - ends).total_seconds(),
        "closed_here": closed_here,
        "roll": there.roll,
        "ballots": there.inbox + there.box,
    }


def batches(slug: str) -> dict[str, Any]:
    """Close a poll that is over and take its batches up to the final head."""
    found = _until(slug, lambda poll: (head := queries.last_head(poll.id)) is not None and head.is_final)
    poll = queries.get_poll(slug)
    return {"batches": len(queries.head_lines(poll.id)) - 1, **found}


def count(slug: str) -> dict[str, Any]:
    """Count the ballots."""
    return _until(slug, lambda poll: poll.state is PollState.TALLIED)


def publish(slug: str) -> dict[str, Any]:
    """Write the bundle, the published ballots and all else that makes the result public."""
    with transaction():
        publishing.ask_to_publish(queries.lock_poll(slug), by=administrator(), at=clock.now())
    return _until(slug, lambda poll: poll.state is PollState.PUBLISHED)


def _until(slug: str, is_done: Callable[[Poll], bool]) -> dict[str, Any]:
    """Do piece after piece; returns how long the longest of them kept all other work waiting."""
    longest = 0.0
    while not is_done(queries.get_poll(slug)):
        began = time.perf_counter()
        if not working.work_on(slug):
            raise SystemExit(f"nothing is due for the poll {slug}")
        longest = max(longest, time.perf_counter() - began)
        db.session.rollback()
    return {"longest_seconds": longest}


TASKS: dict[str, Callable[[str], dict[str, Any]]] = {
    "close": close,
    "batches": batches,
    "count": count,
    "publish": publish,
}


def main() -> None:
    """Do a task and print what it took."""
    task, slug = sys.argv[1:]
    with create_app(Config.from_environment()).app_context():
        at_rest = _peak_mib()
        began, cpu = time.perf_counter(), time.process_time()
        found = TASKS[task](slug)
        took = {"seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - cpu}
        db.session.remove()
    print(json.dumps({**found, **took, "peak_mib": _peak_mib(), "at_rest_mib": at_rest}))


def _peak_mib() -> float:
    """Return the most memory of this process; getrusage would count what its parent had before it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


if __name__ == "__main__":
    main()
