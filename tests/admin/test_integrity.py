"""The page that names the two people who may read who reported complaints about staff."""

import pytest

from cps.cases.queries import integrity
from tests.support.factories import make_administrator, make_integrity_officer
from tests.support.site import Site

READERS = "/admin/integrity"


@pytest.fixture
def administrator(site: Site) -> Site:
    return site.sign_in(make_administrator())


def test_two_different_people_are_named(administrator: Site) -> None:
    first, second = make_integrity_officer(), make_integrity_officer()

    administrator.submit(READERS, first=str(first.id), second=str(second.id))

    assert {row.account_id for row in integrity.readers()} == {first.id, second.id}


def test_one_person_twice_is_refused_and_nobody_is_named(administrator: Site) -> None:
    person = make_integrity_officer()
    make_integrity_officer()

    page = administrator.submit(READERS, first=str(person.id), second=str(person.id))

    assert page.has("Choose two different people")
    assert not integrity.readers()
