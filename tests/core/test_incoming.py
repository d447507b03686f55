"""What is too much to be read is refused before anybody looks at it."""

from io import BytesIO

import pytest
from flask import Flask, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.test import encode_multipart

from cps.core.incoming import LARGEST_FIELDS, MOST_ESCAPES, MOST_FIELDS, WITH_FILES, WITHOUT_FILES
from tests.support.site import Site

pytestmark = pytest.mark.one_database("shapes of input")


def received(app: Flask, **sent: object) -> list[tuple[str, str]]:
    """Return the fields that a request brings."""
    with app.test_request_context(method="POST", **sent):  # type: ignore[arg-type]
        return list(request.form.items(multi=True))


def plain(app: Flask, body: bytes) -> list[tuple[str, str]]:
    return received(app, data=body, content_type=WITHOUT_FILES)


def with_photo(app: Flask, photo: bytes, **fields: str) -> list[tuple[str, str]]:
    boundary, body = encode_multipart({**fields, "photo": FileStorage(BytesIO(photo), "photo.jpg")})
    return received(app, data=body, content_type=f"{WITH_FILES}; boundary={boundary}")


def test_as_many_fields_as_pages_have_are_read(app: Flask) -> None:
    fields = [(f"field{n}", "값") for n in range(MOST_FIELDS)]

    assert received(app, data=dict(fields)) == fields


def test_more_fields_than_pages_have_are_refused_before_they_are_parted(app: Flask) -> None:
    with pytest.raises(RequestEntityTooLarge):
        plain(app, b"a&" * MOST_FIELDS)


def test_a_long_text_of_any_script_is_read(app: Flask) -> None:
    text = "길" * (MOST_ESCAPES // 3)

    assert received(app, data={"words": text}) == [("words", text)]
    with pytest.raises(RequestEntityTooLarge):
        received(app, data={"words": text + "길"})


def test_a_form_without_files_may_be_as_large_as_said(app: Flask) -> None:
    body = b"words=" + b"x" * (LARGEST_FIELDS - 6)

    assert len(plain(app, body)[0][1]) == LARGEST_FIELDS - 6
    with pytest.raises(RequestEntityTooLarge):
        plain(app, body + b"x")


def test_fields_that_came_with_a_photo_may_not_be_larger_together(app: Flask) -> None:
    quarters = {f"field{n}": "x" * (LARGEST_FIELDS // 4) for n in range(4)}

    with pytest.raises(RequestEntityTooLarge):
        with_photo(app, b"x", **quarters)


def test_a_photo_may_be_larger_than_all_fields(app: Flask) -> None:
    photo = b"x" * (LARGEST_FIELDS + 1)

    assert with_photo(app, photo, words="Here.") == [("words", "Here.")]


def test_what_is_no_form_may_not_be_larger_than_one_without_files(app: Flask) -> None:
    body = b"x" * (LARGEST_FIELDS + 1)

    with (
        app.test_request_context(method="POST", data=body, content_type="application/json"),
        pytest.raises(RequestEntityTooLarge),
    ):
        request.get_data()


def test_who_sends_too_much_is_told_so(site: Site) -> None:
    page = site.post_raw("/accounts/sign-in", {f"field{n}": "x" for n in range(MOST_FIELDS)})

    assert page.status == 413
