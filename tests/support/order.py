"""Which tests of a run go to one process: those that share what is dear to make.

pytest-xdist 3.8 has a mark for this, but writes the group where pytest 9.2 does not read it, and sends such
tests anywhere without a word. So groups are told from the name of a test.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

PARAMETERS = re.compile(r"\[(?P<all>.*)\]$")
BROWSER, ACCESS, WALK = "tests/browser/", "tests/browser/test_access.py", "tests/test_routes.py"


def group_of(test: str) -> str:
    """Return the group of a test; of most it is the test with all its cases.

    Browser tests of a file share a server and a browser; those of access, which are most, a tab in each
    language. Who walks all addresses on a database does it once for the tests that look at what was seen.
    Cases of one test are a group because the scheduler, after each test, looks through all groups so far.
    """
    file = test.partition("::")[0]
    found = PARAMETERS.search(test)
    parameters = found["all"] if found else ""
    if file == ACCESS:
        return f"{file} {'pseudo-rtl' if parameters.endswith('pseudo-rtl') else 'en'}"
    if file.startswith(BROWSER):
        return file
    if file == WALK and parameters:
        return f"{file} {parameters}"
    return PARAMETERS.sub("", test)


class Numbered(list[str]):
    """The tests of a process, which knows the number of each without looking through all."""

    def __init__(self, tests: Iterable[str]) -> None:
        super().__init__(tests)
        self._numbers = {test: number for number, test in enumerate(self)}

    def index(self, test: str, *_: Any) -> int:  # type: ignore[override]
        """Return the number of a test."""
        return self._numbers[test]


class Groups(LoadScopeScheduling):
    """Sends the largest groups first, then one by one to whichever process is free."""

    def add_node_collection(self, node: Any, collection: Sequence[str]) -> None:
        """Note what a process has collected."""
        super().add_node_collection(node, collection)
        if node in self.registered_collections:
            self.registered_collections[node] = Numbered(collection)

    def mark_test_complete(self, node: Any, item_index: int, duration: float = 0) -> None:
        """Note that a test was run, and forget a group that is done: after each test all are looked at."""
        super().mark_test_complete(node, item_index, duration)
        group = self._split_scope(self.registered_collections[node][item_index])
        if all(self.assigned_work[node][group].values()):
            del self.assigned_work[node][group]

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Groups | None:
    """Keep groups together with `-n` alone as well; any other `--dist` is taken at its word."""
    return Groups(config, log) if config.getvalue("dist") in {"load", "loadgroup"} else None  # type: ignore[arg-type]
