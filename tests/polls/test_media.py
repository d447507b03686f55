"""What of a poll lies beside the database goes into every backup."""

import pytest

from cps.core.backup import hooks
from cps.polls.services.publishing import bundle_key

PICTURE = "0123456789abcdef0123456789abcdef"


@pytest.mark.usefixtures("app")
@pytest.mark.one_database("names of files")
def test_a_backup_holds_pictures_and_the_published_bundle() -> None:
    row = {"slug": "benches", "picture": PICTURE, "bundle_sha256": "0" * 64}

    keys = list(hooks.media_function("poll")(row))

    assert len([key for key in keys if PICTURE in key]) == 3
    assert bundle_key("benches") in keys


@pytest.mark.usefixtures("app")
@pytest.mark.one_database("names of files")
def test_a_poll_without_picture_and_result_has_no_files() -> None:
    row = {"slug": "benches", "picture": "", "bundle_sha256": ""}

    assert list(hooks.media_function("poll")(row)) == []
    assert list(hooks.media_function("poll_option")(row)) == []
