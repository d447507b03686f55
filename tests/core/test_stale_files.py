"""Files go with their rows: old ones after the commit, new ones where it never comes."""

import pytest
from flask import Flask

from cps.core.db import db, transaction
from cps.core.stale_files import delete_once_committed, delete_unless_committed
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


def test_a_new_file_goes_where_the_transaction_is_undone_and_stays_where_it_is_committed() -> None:
    def fail() -> None:
        with transaction():
            delete_unless_committed([KEY])
            with db.session.begin_nested() as inside:
                inside.rollback()
            assert current_storage().exists(KEY)
            raise LookupError

    with transaction():
        delete_unless_committed([KEY])
    assert current_storage().exists(KEY)
    with pytest.raises(LookupError):
        fail()
    assert not current_storage().exists(KEY)
