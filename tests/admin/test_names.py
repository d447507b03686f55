"""What people are called where the administration reads who did something."""

from flask import Flask

from cps.accounts.queries import names_of
from tests.support.factories import make_administrator, make_officer, make_resident
from tests.support.site import Site

ADA = "ada@city.test"


def test_staff_without_a_name_are_called_by_their_address_and_residents_by_nothing(app: Flask) -> None:
    ada = make_administrator(email=ADA, display_name="")
    kim = make_officer(email="kim@city.test", display_name="Kim")
    resident = make_resident(email="ann@example.org", display_name="")

    names = names_of([ada.id, kim.id, resident.id, None])

    assert names == {ada.id: ADA, kim.id: "Kim", resident.id: ""}


def test_what_an_administrator_without_a_name_did_was_not_done_on_the_console(site: Site) -> None:
    site.sign_in(make_administrator(email=ADA, display_name=""))
    site.submit("/admin/city", phone="+82 59-555-0199")

    history = site.get("/admin/city").text

    assert ADA in history
    assert "on the console" not in history
