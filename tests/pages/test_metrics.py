"""`/metrics`: who may read it, and what it says."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from cps.cases.rules import Status
from cps.config import Config
from cps.core import metrics, outbox
from cps.core.db import transaction
from cps.core.errors import ConfigurationError
from cps.core.metrics import Counter
from tests.support import factories as make
from tests.support.fixtures import Clock
from tests.support.site import Site

LINE = re.compile(r'[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [0-9.e+-]+')
TOKEN = "a token of twenty-one"


def samples(site: Site) -> dict[str, float]:
    """Return the values of all lines, without the number of the process."""
    page = site.get("/metrics")
    assert page.status == 200
    assert page.header("Content-Type") == metrics.CONTENT_TYPE
    lines = [line for line in page.data.decode().splitlines() if not line.startswith("#")]
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    parted = (re.sub(r'process="\d+",', "", line).rsplit(" ", 1) for line in lines)
    return {name: float(value) for name, value in parted}


def test_it_tells_what_was_answered_what_waits_and_what_is_late(site: Site, app: Flask, clock: Clock) -> None:
    site.get("/healthz")
    before = samples(site)
    make.make_complaint(at=clock.now - timedelta(days=30), is_private=True)
    make.make_complaint(Status.CLOSED, at=clock.now - timedelta(days=30))
    make.make_complaint(at=clock.now - timedelta(days=30), is_private=True, is_integrity=True)
    with transaction():
        outbox.enqueue("nothing-known", at=clock.now)
    clock.move(seconds=90)
    for _ in range(3):
        site.get("/healthz")
    site.get("/no-such-page")

    after = samples(site)

    def grown(name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert grown('cps_requests_total{endpoint="pages.healthz",status="2xx"}') == 3
    assert grown('cps_requests_total{endpoint="none",status="4xx"}') == 1
    assert grown('cps_request_seconds_bucket{endpoint="pages.healthz",le="+Inf"}') == 3
    assert grown('cps_request_seconds_count{endpoint="pages.healthz"}') == 3
    assert grown('cps_work_waiting{table="job"}') == 1
    assert after['cps_work_oldest_seconds{table="job"}'] == 90
    assert grown("cps_cases_late") == 1
    assert after["cps_schema_level"] > 0


@pytest.mark.one_database("who may read is decided before the database is asked")
@pytest.mark.settings(metrics_from=("10.1.0.0/16", "2001:db8::/32"), metrics_token=TOKEN)
def test_only_addresses_and_tokens_of_the_settings_open_it(site: Site) -> None:
    def status(address: str, token: str = "") -> int:
        headers = {"Authorization": token} if token else {}
        return site.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address}).status

    assert [status(one) for one in ("10.1.2.3", "::ffff:10.1.2.3", "2001:db8::1")] == [200] * 3
    assert [status(one) for one in ("127.0.0.1", "10.2.0.1", "", "unix")] == [404] * 4
    assert status("127.0.0.1", f"Bearer {TOKEN}") == 200
    for wrong in (TOKEN, "Bearer", "Bearer ", f"Bearer {TOKEN}x", "Bearer ü"):
        assert status("127.0.0.1", wrong) == 404


def test_it_is_closed_in_production_unless_it_is_opened() -> None:
    real = {"CPS_ENV": "production", "CPS_SECRET_KEY": "x" * 32, "CPS_BASE_URL": "https://your.city"}

    config = Config.from_environment(real)

    assert (config.metrics_from, config.metrics_token) == ((), None)
    assert Config.from_environment({**real, "CPS_METRICS_FROM": "10.0.0.7"}).metrics_from == ("10.0.0.7",)
    for wrong in ({"CPS_METRICS_FROM": "monitor"}, {"CPS_METRICS_TOKEN": "short"}):
        with pytest.raises(ConfigurationError, match="CPS_METRICS"):
            Config.from_environment({**real, **wrong})


def test_a_histogram_counts_up_to_each_bound() -> None:
    counter = Counter()
    for seconds in (0.004, 0.005, 0.3, 99):
        counter.count('a"b', 200, seconds)

    told = [line for line in counter.lines() if "_bucket" in line]

    assert [line.rsplit(" ", 1)[1] for line in told] == [
        "2",
        "2",
        "2",
        "2",
        "2",
        "2",
        "3",
        "3",
        "3",
        "3",
        "3",
        "4",
    ]
    assert 'endpoint="a\\"b",le="+Inf"' in told[-1]
