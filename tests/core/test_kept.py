"""What a page gives back of a form that could not be saved."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from cps.core.kept import Kept, kept, let_in

pytestmark = [pytest.mark.one_database("a request is looked at before any database is")]


def given_back(app: Flask, *, is_let_in: bool = True, **fields: Any) -> Kept | None:
    """Return what is given back of a form with these fields."""
    with app.test_request_context("/probe", method="POST", data=fields):
        if is_let_in:
            let_in()
        return kept()


def test_words_are_shown_and_all_fields_can_be_sent_again(app: Flask) -> None:
    found = given_back(app, form_key="a b c", message="The lamp is out.", category="lamp", empty="")

    assert found == Kept(
        ["The lamp is out."],
        [("form_key", "a b c"), ("message", "The lamp is out."), ("category", "lamp")],
    )


@pytest.mark.parametrize("secret", ["password", "current", "code", "pin"])
def test_a_secret_is_never_written_into_the_page(app: Flask, secret: str) -> None:
    found = given_back(app, display_name="Kim Mina", **{secret: "open sesame"})

    assert found == Kept(["Kim Mina"], [])


def test_a_form_with_a_photo_cannot_be_sent_again_without_it(app: Flask) -> None:
    found = given_back(app, message="The lamp is out.", photos=(BytesIO(b"photo"), "lamp.jpg"))

    assert found == Kept(["The lamp is out."], [])


def test_a_form_of_another_site_is_not_given_back(app: Flask) -> None:
    assert given_back(app, is_let_in=False, message="Back this case.") is None


def test_a_page_that_was_only_read_gives_nothing_back(app: Flask) -> None:
    with app.test_request_context("/probe?q=lamp post"):
        let_in()
        assert kept() is None
