"""Tests that share what is dear to make run in one process, and all others where there is room."""

from types import SimpleNamespace

import pytest

from tests.support.order import Groups, group_of
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


class Process:
    """A process of a run, as the scheduler sees it."""

    shutting_down = False

    def __init__(self) -> None:
        self.sent: list[int] = []

    def send_runtest_some(self, numbers: list[int]) -> None:
        self.sent += numbers

    def shutdown(self) -> None:
        self.shutting_down = True


def test_each_test_is_sent_once_and_what_is_done_is_not_looked_at_again() -> None:
    tests = [f"tests/core/test_text.py::test_{number // 3}[{number}]" for number in range(12)]
    options = SimpleNamespace(getvalue=lambda _: ["popen"], option=SimpleNamespace(loadscopereorder=False))
    process, groups = Process(), Groups(options)  # type: ignore[arg-type]
    groups.add_node(process)
    groups.add_node_collection(process, tests)
    groups.schedule()

    for number in range(12):
        assert len(groups.assigned_work[process]) <= 2
        groups.mark_test_complete(process, number)

    assert process.sent == list(range(12))
    assert groups.assigned_work[process] == {}
    assert process.shutting_down


def test_a_run_that_tears_a_group_apart_is_noticed() -> None:
    tally = Tally()

    for number, worker in enumerate(["gw0", "gw1", "gw1"]):
        for test in (f"{ACCESS}[page {number}-en]", f"tests/core/test_text.py::test_{number}"):
            report = pytest.TestReport(test, ("", 0, ""), {}, "passed", None, "call")
            report.worker_id = worker  # type: ignore[attr-defined]
            tally.add(report)

    assert tally.torn == ["tests/browser/test_access.py en"]
