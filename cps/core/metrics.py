"""What this process has answered, counted in memory, and the text format of Prometheus (0.0.4) to tell it in.

Labels are bounded: names of endpoints, classes of status, the number of the process. Each process counts for
itself, so whoever asks gets one process at a time; its number keeps their series apart.
"""

import os
import threading
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from flask import Flask, Response, g, request

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds."""

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
NOWHERE = "none"
"""The endpoint of addresses that there are not."""


@dataclass(slots=True)
class Answered:
    """What one endpoint answered: by class of status, by duration, and the seconds together."""

    statuses: dict[str, int] = field(default_factory=dict)
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0


class Counter:
    """Counts the answers of a process; threads may count at the same time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answered: dict[str, Answered] = {}

    def count(self, endpoint: str, status: int, seconds: float) -> None:
        """Count one answer."""
        name = f"{status // 100}xx"
        with self._lock:
            one = self._answered.setdefault(endpoint, Answered())
            one.statuses[name] = one.statuses.get(name, 0) + 1
            one.buckets[bisect_left(BOUNDS, seconds)] += 1
            one.seconds += seconds

    def lines(self) -> Iterator[str]:
        """Yield what was counted as Prometheus reads it."""
        with self._lock:
            known = {
                name: Answered(dict(one.statuses), list(one.buckets), one.seconds)
                for name, one in sorted(self._answered.items())
            }
        pid = str(os.getpid())
        yield from _head("cps_requests_total", "counter", "Requests answered by this process.")
        for endpoint, one in known.items():
            for status, times in sorted(one.statuses.items()):
                labels = {"process": pid, "endpoint": endpoint, "status": status}
                yield sample("cps_requests_total", labels, times)
        yield from _head("cps_request_seconds", "histogram", "Seconds until the head of an answer was made.")
        for endpoint, one in known.items():
            yield from _histogram({"process": pid, "endpoint": endpoint}, one)


def _histogram(labels: Mapping[str, str], one: Answered) -> Iterator[str]:
    total = 0
    for bound, times in zip([*map(str, BOUNDS), "+Inf"], one.buckets, strict=True):
        total += times
        yield sample("cps_request_seconds_bucket", {**labels, "le": bound}, total)
    yield sample("cps_request_seconds_sum", labels, round(one.seconds, 6))
    yield sample("cps_request_seconds_count", labels, total)


def gauge(name: str, what: str, values: Iterable[tuple[Mapping[str, str], float]]) -> Iterator[str]:
    """Yield a measure that goes up and down, with its values by labels."""
    yield from _head(name, "gauge", what)
    for labels, value in values:
        yield sample(name, labels, value)


def sample(name: str, labels: Mapping[str, str], value: float) -> str:
    """Return one line."""
    told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
    return f"{name}{{{told}}} {value}" if told else f"{name} {value}"


def _head(name: str, kind: str, what: str) -> Iterator[str]:
    yield f"# HELP {name} {what}"
    yield f"# TYPE {name} {kind}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def init_app(app: Flask) -> None:
    """Count every answer of an application."""
    counter = app.extensions["cps_metrics"] = Counter()

    def count(response: Response) -> Response:
        if "started" in g:
            took = time.monotonic() - g.started
            counter.count(request.endpoint or NOWHERE, response.status_code, took)
        return response

    app.after_request(count)
