"""Joining proposals at the desk, and undoing it."""

from dataclasses import dataclass

import pytest

from cps.cases.models import Case
from cps.cases.reference import display
from cps.cases.rules import Outcome, Status
from cps.core.db import db
from cps.departments.models import Department
from cps.proposals.models import Proposal
from tests.proposals.making import fresh, make_proposal, make_theme, support, supporters
from tests.support.factories import make_complaint, make_department, make_officer
from tests.support.page import Page
from tests.support.site import Site

SAME = "Both ask for shade along the canal."


@dataclass
class Pair:
    """Two proposals that want the same, the first at the desk of the roads department."""

    site: Site
    first: Proposal
    other: Proposal

    def at(self, rest: str = "") -> str:
        return f"/desk/{display(self.first.case.reference)}{rest}"

    def join(self, into: str | None = None, reason: str = SAME) -> Page:
        number = display(self.other.case.reference) if into is None else into
        return self.site.submit(self.at("/into"), form=self.at("/into"), into=number, reason=reason)

    def part(self, reason: str = "They want other trees.") -> Page:
        return self.site.submit(self.at("/part"), form=self.at("/part"), reason=reason)

    def now(self) -> Case:
        db.session.rollback()
        db.session.expire_all()
        return fresh(self.first).case


@pytest.fixture
def pair(desk: Site, roads: Department) -> Pair:
    theme = make_theme(department=roads)
    make_proposal("A swimming pool for children", body="Nobody can learn to swim anywhere near here.")
    return Pair(
        desk,
        make_proposal("Plant lindens along the canal", category=theme),
        make_proposal("Lindens along the old canal", category=theme),
    )


def test_one_in_like_words_is_chosen_and_joined_with_a_public_reason(pair: Pair) -> None:
    support(pair.first, *supporters(2))
    pair.site.get(pair.at())
    page = pair.site.follow("Join")
    assert "A swimming pool" not in page.text
    page = pair.site.follow(f"Choose {display(pair.other.case.reference)}")
    assert "This is: Lindens along the old canal" in page.text

    pair.site.submit(page, form=pair.at("/into"), reason=SAME)

    case = pair.now()
    assert (case.outcome, case.joined_to_id) == (Outcome.JOINED, pair.other.case_id)
    for proposal in (pair.first, pair.other):
        assert SAME in pair.site.another().get(f"/proposals/{proposal.case.reference}").text


def test_a_number_that_leads_nowhere_is_refused_and_the_reason_stays(pair: Pair) -> None:
    complaint = make_complaint()

    for number in ("", "12", "2611-4839-1267", display(complaint.reference)):
        page = pair.join(number)
        assert page.status == 422
        assert SAME in page.html

    assert pair.now().joined_to_id is None


def test_nothing_is_joined_without_a_reason_or_to_itself(pair: Pair) -> None:
    assert pair.join(reason="").status == 422

    page = pair.join(display(pair.first.case.reference))

    assert page.status == 422
    assert "Choose another proposal" in page.text
    assert pair.now().joined_to_id is None


def test_a_circle_is_refused(pair: Pair) -> None:
    pair.join()
    back = Pair(pair.site, pair.other, pair.first)
    assert "Others are joined to this proposal." in pair.site.get(back.at("/into")).text

    forged = {"into": display(pair.first.case.reference), "reason": SAME, "form_key": "k"}
    page = pair.site.post_raw(back.at("/into"), {**forged, "version": str(back.now().version)})

    assert page.status == 422
    assert back.now().joined_to_id is None


def test_a_join_is_undone_with_a_reason_and_can_be_made_anew(pair: Pair) -> None:
    pair.join()
    assert "Undo the join" in pair.site.get(pair.at()).text
    assert pair.part("").status == 422

    pair.part()

    case = pair.now()
    assert (case.status, case.joined_to_id) == (Status.GATHERING, None)
    assert "They want other trees." in pair.site.another().get(f"/proposals/{case.reference}").text
    pair.join()
    assert pair.now().joined_to_id == pair.other.case_id


def test_what_is_not_joined_cannot_be_parted(pair: Pair) -> None:
    page = pair.site.get(pair.at("/part"))
    assert page.path == pair.at()

    page = pair.site.post_raw(
        pair.at("/part"), {"reason": "x", "form_key": "k", "version": pair.first.case.version}
    )

    assert page.status == 422
    assert "is not joined to another" in page.text


def test_an_old_page_joins_nothing(pair: Pair) -> None:
    old = pair.site.get(pair.at("/into"))
    pair.site.submit(pair.at(), form=pair.at("/take"))

    page = pair.site.submit(old, form=pair.at("/into"), into=display(pair.other.case.reference), reason=SAME)

    assert page.status == 409
    assert pair.now().joined_to_id is None


def test_nobody_joins_a_proposal_of_another_desk(pair: Pair) -> None:
    elsewhere = pair.site.another().sign_in(make_officer(make_department("Waste")))
    forged = {"into": display(pair.other.case.reference), "reason": SAME, "form_key": "k", "version": "1"}

    assert elsewhere.post_raw(pair.at("/into"), forged).status == 404
    assert pair.now().joined_to_id is None
