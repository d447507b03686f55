"""Browser tests; those of one file run in one process, which starts one server and one browser."""

import pytest


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what stands in this folder."""
    item.add_marker(pytest.mark.browser)
