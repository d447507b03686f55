"""Real processes go by the real clock, and so does what these tests write."""

from datetime import UTC, datetime

import pytest

from tests.support.fixtures import Clock


@pytest.fixture(autouse=True)
def _real_time(clock: Clock) -> None:
    clock.set_to(datetime.now(UTC))
