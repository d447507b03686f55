"""Who opened how a reporter is reached: told to the reporter alone, by account or secret link."""

from cps.cases.models import Case
from cps.cases.reference import display
from cps.core import audit
from cps.core.db import transaction
from tests.support import factories as make
from tests.support.fixtures import WEDNESDAY
from tests.support.site import Site

TOLD = "opened how to reach you"


def looked_at(case: Case) -> Case:
    """Let an officer of the roads department look at the contact of a case."""
    officer = make.make_officer(make.make_department("Roads"), display_name="Officer Kim")
    with transaction():
        audit.record_access("contact", by=officer.id, at=WEDNESDAY, case_id=case.id)
    return case


def link_of(case: Case) -> str:
    return f"/complaints/{display(case.reference)}/key/{make.secret_of(case)}"


def test_the_secret_link_tells_when_and_of_which_department_but_no_name(site: Site) -> None:
    case = looked_at(make.make_complaint(contact={"email": "ann@example.org"}))

    page = site.get(link_of(case))

    assert f"Roads {TOLD}" in page.text
    assert "18 November 2026" in page.text or "Nov" in page.text
    assert "Officer Kim" not in page.text


def test_others_are_not_told(site: Site) -> None:
    case = looked_at(make.make_complaint())

    assert TOLD not in site.get(f"/complaints/{display(case.reference)}").text


def test_looks_at_other_cases_stand_with_those(site: Site) -> None:
    looked_at(make.make_complaint())
    mine = make.make_complaint()

    assert TOLD not in site.get(link_of(mine)).text


def test_an_account_reads_it_among_its_data(site: Site) -> None:
    ann = make.make_resident()
    looked_at(make.make_complaint(reporter=ann))
    site.sign_in(ann)

    page = site.get("/accounts/me/data")

    assert TOLD in page.text
    assert "Roads" in page.text
    assert "Officer Kim" not in page.text
    assert site.get("/accounts/me/data.json").json["looked_at_by_staff"][0]["department"]["en"] == "Roads"
