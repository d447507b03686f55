"""Tests that share what is dear to make run in one process, and all others where there is room."""

import pytest

from tests.support.order import group_of
from tests.support.run import Tally

ACCESS = "tests/browser/test_access.py::test_axe_finds_nothing"
WALK = "tests/test_routes.py::test_looking_changes_nothing"


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (f"{ACCESS}[home-en]", f"{ACCESS}[track, mistyped-en]", True),
        (f"{ACCESS}[home-en]", f"{ACCESS}[home-pseudo-rtl]", False),
        (f"{ACCESS}[home-en]", "tests/browser/test_desk.py::test_letters", False),
        ("tests/browser/test_desk.py::test_a[1]", "tests/browser/test_desk.py::test_b", True),
        (f"{WALK}[sqlite-agent]", "tests/test_routes.py::test_no_address_fails[sqlite-agent]", True),
        (f"{WALK}[sqlite-agent]", f"{WALK}[postgresql-agent]", False),
        (f"{WALK}[sqlite-agent]", f"{WALK}[sqlite-officer]", False),
        ("tests/cases/test_rules.py::test_a[1]", "tests/cases/test_rules.py::test_a[2]", True),
        ("tests/cases/test_rules.py::test_a[1]", "tests/cases/test_rules.py::test_b[1]", False),
    ],
)
def test_a_group_is_told_from_the_name_of_a_test(one: str, other: str, together: bool) -> None:
    assert (group_of(one) == group_of(other)) is together


def test_a_run_that_tears_a_group_apart_is_noticed() -> None:
    tally = Tally()

    for number, worker in enumerate(["gw0", "gw1", "gw1"]):
        for test in (f"{ACCESS}[page {number}-en]", f"tests/core/test_text.py::test_{number}"):
            report = pytest.TestReport(test, ("", 0, ""), {}, "passed", None, "call")
            report.worker_id = worker  # type: ignore[attr-defined]
            tally.add(report)

    assert tally.torn == ["tests/browser/test_access.py en"]
