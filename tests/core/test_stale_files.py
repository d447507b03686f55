"""Files go with their rows: after the commit, and only then."""

import pytest
from flask import Flask

from cps.core.db import db, transaction
from cps.core.stale_files import delete_once_committed
from cps.core.storage import current_storage

KEY = "things/abcd.txt"


@pytest.fixture(autouse=True)
def stored(app: Flask) -> None:
    """Something in the store."""
    current_storage().put(KEY, b"A thing.", "text/plain")


def test_a_file_goes_once_the_transaction_is_committed_and_not_before() -> None:
    with transaction():
        with db.session.begin_nested():
            delete_once_committed([KEY])
        assert current_storage().exists(KEY)

    assert not current_storage().exists(KEY)


def test_a_file_stays_where_the_transaction_is_undone() -> None:
    def fail() -> None:
        with transaction():
            delete_once_committed([KEY])
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with transaction():
        pass
    assert current_storage().exists(KEY)
