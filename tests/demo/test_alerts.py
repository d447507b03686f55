from collections.abc import Iterator
from pathlib import Path

import pytest

from cps.accounts.models import Account
from cps.alerts import queries
from cps.alerts.rules import Rhythm
from cps.core import clock
from cps.core.db import db, transaction
from cps.demo.plan import DOMAIN
from cps.notifications.alerts.services import write_letters
from cps.notifications.models import Message
from tests.demo.conftest import demo_database
from tests.support.fixtures import Database

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def database(request: pytest.FixtureRequest, run_folder: Path, tmp_path: Path) -> Iterator[Database]:
    """The demo city in place of the city of the other tests."""
    yield from demo_database(request.param, run_folder, tmp_path / "instance")


def resident() -> Account:
    return db.session.scalars(db.select(Account).where(Account.email == f"resident@{DOMAIN}")).one()


def test_the_first_resident_has_an_alert_of_each_kind_and_one_that_is_paused() -> None:
    own = queries.of_account(resident().id)

    assert [one.lat is not None for one in own] == [False, False, True]
    assert [one.paused_at is not None for one in own] == [True, False, False]
    assert {one.rhythm for one in own} == {Rhythm.DAILY, Rhythm.WEEKLY}


def test_the_worker_finds_a_digest_to_write() -> None:
    with transaction():
        write_letters(0, at=clock.now())

    letters = db.select(Message).where(
        Message.address == resident().email, Message.dedupe_key.like("alert:%")
    )
    (letter,) = db.session.scalars(letters).all()
    assert letter.body_text.count("/complaints/") > 1
    assert "/alerts/stop/" in letter.unsubscribe_url
