from collections.abc import Iterator
from pathlib import Path

import pytest

from cps.cases import queries as cases
from cps.core import clock
from cps.demo.content import load
from cps.notices import queries
from cps.notices.rules import State
from tests.demo.conftest import demo_database
from tests.support.fixtures import Database

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def database(request: pytest.FixtureRequest, run_folder: Path, tmp_path: Path) -> Iterator[Database]:
    """The demo city in place of the city of the other tests."""
    yield from demo_database(request.param, run_folder, tmp_path / "instance")


def test_one_notice_runs_with_cases_under_it_and_one_is_over() -> None:
    at = clock.now()

    (running,) = queries.running(at)
    (over,) = queries.over(at).rows

    assert (running.id, over.id) == (1, 2)  # where the browser tests look at them
    assert cases.count_under(running.id) >= 1
    assert over.state(at) is State.OVER
    assert all(set(one.title) == set(load().city.languages) for one in (running, over))
    assert len(queries.updates(running.id)) == len(queries.updates(over.id)) == 1
