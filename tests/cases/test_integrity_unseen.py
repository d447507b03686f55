"""A complaint about staff changes nothing that anybody but an integrity officer can see."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from cps.accounts.models import Account
from cps.accounts.rules import Role
from cps.cases.models import Case
from cps.cases.rules import Status
from cps.cases.services import integrity as services
from cps.cases.services.integrity import About
from cps.core import clock
from cps.core.db import db, transaction
from cps.departments.models import Category, Department
from cps.wards.models import Ward
from tests.support import factories as make
from tests.support.site import Site
from tests.support.who_may import GETS

WORD = "zwergpinscher"
ASKED = (
    *(
        f"/desk?box={box}"
        for box in ("new", "handed", "mine", "department", "today", "late", "replies", "reopened")
    ),
    *("/desk?box=closed&within=ever", f"/desk?box=department&q={WORD}", "/desk?box=late&sort=newest"),
    *(f"/complaints?q={WORD}", "/complaints.csv", "/complaints.geojson"),
)
"""Lists of the desk and searches, besides every address that takes no number."""
ONCE = re.compile(r'name="(?:csrf_token|draft_key|[\w-]*form_key)"[^>]* value="[^"]*"')
"""What is drawn anew for each page."""


NEVER_THE_SAME = {"/accounts/me/two-step", "/metrics"}
"""A new secret each time, and a count of the very visits."""


@pytest.fixture
def roads(app: Flask) -> Department:
    return make.make_department("Roads")


@pytest.fixture
def staff(roads: Department) -> Category:
    """The category belongs to the very department that is complained about."""
    return make.make_category("Staff", is_integrity=True, department=roads)


@pytest.fixture
def ward(app: Flask) -> Ward:
    return make.make_ward()


def people(roads: Department) -> Iterator[tuple[str, Account]]:
    yield "officer", make.make_officer(roads)
    yield "supervisor", make.make_supervisor(roads)
    yield "triage officer", make.make_officer(make.triage_department())
    yield "agent", make.make_agent()
    yield "moderator", make.make_moderator()
    yield "administrator", make.make_administrator()
    yield (
        "integrity officer who works there",
        make.make_account(Role.INTEGRITY_OFFICER, Role.OFFICER, departments=[roads]),
    )


def make_ordinary_ones(roads: Department, ward: Ward, category: Category) -> None:
    old = clock.now() - timedelta(days=40)
    for status in (Status.RECEIVED, Status.IN_PROGRESS, Status.CLOSED):
        make.make_complaint(status, category=category, ward=ward, at=old, title="A hole in the road")


def make_hidden_ones(roads: Department, ward: Ward, staff: Category) -> list[Case]:
    """File complaints about the department: late, just come, with a reply, closed."""
    old = clock.now() - timedelta(days=40)
    made = [
        make.make_complaint(
            status, category=staff, ward=ward, at=at, is_private=True, is_integrity=True,
            has_unread_reply=unread, title=f"About the {WORD} {number}",
        )
        for number, (status, at, unread) in enumerate(
            [
                (Status.RECEIVED, old, False),
                (Status.RECEIVED, clock.now(), False),
                (Status.IN_PROGRESS, old, True),
                (Status.CLOSED, old, False),
            ]
        )
    ]  # fmt: skip
    with transaction():
        for case in made:
            services.keep_about(db.session.get_one(Case, case.id), About(roads.id), at=clock.now())
    return made


def look(site: Site) -> dict[str, tuple[int, str]]:
    """Return what somebody gets at every address, without what is drawn anew each time, such as a secret."""
    addresses = [rule for rule in GETS if "<" not in rule and rule not in NEVER_THE_SAME]
    pages = {address: site.get(address, follow=False) for address in (*addresses, *ASKED)}
    return {
        address: (
            page.status,
            ONCE.sub("", page.data.decode("utf-8", "replace")) if page.status == 200 else "",
        )
        for address, page in pages.items()
    }


def test_it_changes_nothing_for_anybody_but_the_integrity_officer(
    site: Site, roads: Department, ward: Ward, staff: Category
) -> None:
    make_ordinary_ones(roads, ward, make.make_category("Hole", department=roads))
    visitors = {who: site.another().sign_in(account) for who, account in people(roads)}
    integrity = site.another().sign_in(make.make_integrity_officer())
    for one in visitors.values():
        look(one)  # what is noted at a first look is noted
    before = {who: look(one) for who, one in visitors.items()}

    hidden = make_hidden_ones(roads, ward, staff)

    for who, one in visitors.items():
        after = look(one)
        assert [at for at in after if after[at] != before[who][at]] == [], who
        for case in hidden:
            for at in ("", "/integrity", "/place.geojson"):
                assert one.get(f"/desk/{case.reference}{at}").status == 404, who
            assert not one.get(f"/complaints/{case.reference}").has(WORD), who
    assert integrity.get("/desk?box=department").has(WORD)
    assert integrity.get(f"/desk?box=department&q={WORD}").has(hidden[0].title)
    assert integrity.get(f"/desk/{hidden[0].reference}").status == 200
