"""The demo city has published its last months, and each of them holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cps.cases.rules import CaseKind
from cps.core import clock, doctor
from cps.demo.promises import MONTHS
from cps.insights import files, queries, verifying
from tests.demo.conftest import demo_database
from tests.support.fixtures import Database

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def database(request: pytest.FixtureRequest, run_folder: Path, tmp_path: Path) -> Iterator[Database]:
    """The demo city in place of the city of the other tests."""
    yield from demo_database(request.param, run_folder, tmp_path / "instance")


def test_the_last_months_are_published_and_the_newest_has_figures() -> None:
    published = queries.published_files()

    assert [file.month for file in published] == [f"2026-{number:02}" for number in range(11 - MONTHS, 11)]
    assert verifying.faults(published) == []
    newest = files.read(published[-1].text).line(CaseKind.COMPLAINT)
    assert newest is not None
    assert newest.share_in_time is not None


def test_the_doctor_recounts_them() -> None:
    finding = next(one for one in doctor.examine(at=clock.now()) if one.name == "promises")

    assert finding.is_well, finding.text
