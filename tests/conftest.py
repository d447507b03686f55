"""Everything the tests share stands in `tests/support`."""

import os

from hypothesis import HealthCheck, settings

pytest_plugins = (
    "tests.support.order",
    "tests.support.run",
    "tests.support.fixtures",
    "tests.support.browser",
)

settings.register_profile(
    "bounded", max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "bounded"))
