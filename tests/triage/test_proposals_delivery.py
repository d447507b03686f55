"""After a yes, at the desk: milestones, percent, photos, late days, done; and the poll made of it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from cps.accounts.models import Account
from cps.cases import queries as cases
from cps.cases.reference import display
from cps.cases.rules import Outcome, Status
from cps.core.db import db, transaction
from cps.departments.models import Department
from cps.polls.models import Poll
from cps.proposals.models import Milestone, Proposal
from cps.proposals.queries import answers
from cps.triage.models import ProposalPoll
from tests.complaints.steps import photo
from tests.proposals.making import begun, drafted, fresh, make_proposal, make_theme, now, published
from tests.support import polls
from tests.support.factories import make_department, make_officer
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site

WORDS = "The first forty are in the ground."


@dataclass
class Promise:
    """A proposal to which the roads department has said yes."""

    site: Site
    officer: Account
    proposal: Proposal

    def at(self, rest: str = "") -> str:
        return f"/desk/{display(self.proposal.case.reference)}{rest}"

    def send(self, act: str, **fields: object) -> Page:
        fields.setdefault("message", WORDS)
        return self.site.submit(self.at("/delivery"), form=self.at(f"/delivery/{act}"), **fields)

    def begin(self, **fields: object) -> "Promise":
        begun(self.proposal, self.officer, **fields)
        return self

    def now(self) -> Proposal:
        db.session.rollback()
        db.session.expire_all()
        return fresh(self.proposal)

    def parts(self) -> list[Milestone]:
        db.session.rollback()
        db.session.expire_all()
        return list(answers.milestones(self.proposal.case_id))

    def public(self) -> Page:
        return self.site.another().get(f"/proposals/{self.proposal.case.reference}")


@pytest.fixture
def promise(desk: Site, officer: Account, roads: Department) -> Promise:
    make_proposal("Close the harbour")
    proposal = make_proposal("Plant lindens", category=make_theme(department=roads))
    drafted(proposal, officer, unit_id=roads.id)
    return Promise(desk, officer, published(proposal, officer))


def in_days(days: int) -> str:
    return (now().date() + timedelta(days=days)).isoformat()


def test_a_delivery_begins_with_its_department_day_budget_and_milestones(promise: Promise) -> None:
    promise.site.get(promise.at())
    page = promise.site.follow("Begin to do it")

    promise.site.submit(
        page,
        form=promise.at("/delivery/begin"),
        due_on=in_days(90),
        budget="120000",
        message="We begin.",
        **{"milestones-0-title": "Dig", "milestones-0-due_on": in_days(30)},
    )

    running = answers.delivery_of(promise.proposal.case_id)
    assert promise.now().case.status is Status.IN_DELIVERY
    assert running is not None
    assert running.budget == 120_000
    assert [part.title for part in promise.parts()] == ["Dig"]
    assert "We begin." in promise.public().text


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"message": ""}, "Write a few words."),
        ({"unit": ""}, "Choose a department from the list."),
        ({"due_on": "2020-01-01"}, "must lie ahead"),
        ({"budget": "-5"}, "Give the budget as a whole number."),
        ({"milestones-1-title": "Dig"}, "A milestone needs a few words and a day."),
        ({"milestones-1-due_on": "2030-01-01"}, "A milestone needs a few words and a day."),
        ({"milestones-0-title": "Dig", "milestones-0-due_on": "2020-01-01"}, "must lie ahead"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_what_is_wrong_at_the_beginning_is_said_and_nothing_is_told(
    promise: Promise, fields: dict[str, str], problem: str
) -> None:
    page = promise.send("begin", **fields)

    assert page.status == 422
    assert problem in page.text
    assert promise.now().case.status is Status.ANSWERED


def test_a_no_is_not_delivered(promise: Promise, roads: Department) -> None:
    refused = make_proposal(category=make_theme(department=roads))
    drafted(refused, promise.officer, unit_id=roads.id, outcome=Outcome.DECLINED)
    no = Promise(promise.site, promise.officer, published(refused, promise.officer))
    assert no.site.get(no.at("/delivery")).path == no.at()

    forged = {"unit": roads.code, "message": "x", "form_key": "k", "version": str(no.now().case.version)}
    page = no.site.post_raw(no.at("/delivery/begin"), forged)

    assert page.status == 422
    assert no.now().case.status is Status.ANSWERED


def test_how_far_it_is_is_told_with_photos(promise: Promise) -> None:
    promise.begin()

    page = promise.send("progress", percent="40", photos=[(photo(), "trees.jpg")])

    assert page.path == promise.at("/delivery")
    running = answers.delivery_of(promise.proposal.case_id)
    assert running is not None
    assert running.percent == 40
    assert WORDS in promise.public().text
    assert len(list(cases.photos(promise.proposal.case_id))) == 1


@pytest.mark.parametrize("percent", ["100", "-1", "", "half"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_percent_are_0_to_99_until_it_is_done(promise: Promise, percent: str) -> None:
    promise.begin()

    page = promise.send("progress", percent=percent)

    assert page.status == 422
    assert WORDS in page.html


def test_a_file_that_is_no_photo_is_refused_and_the_words_stay(promise: Promise) -> None:
    promise.begin()

    page = promise.send("progress", percent="40", photos=[(b"no photo", "trees.jpg")])

    assert page.status == 422
    assert WORDS in page.html


def test_a_milestone_is_added_moved_and_done_and_its_first_day_stays(promise: Promise) -> None:
    promise.begin()
    promise.site.submit(
        promise.at("/delivery"), form=promise.at("/delivery/milestones"), title="Dig", due_on=in_days(10)
    )
    (part,) = promise.parts()
    address = promise.at(f"/delivery/milestones/{part.id}")

    promise.site.submit(address, form=address, what="moved", day=in_days(20), message="The soil is frozen.")
    (part,) = promise.parts()
    assert (part.promised_on.isoformat(), part.due_on.isoformat()) == (in_days(10), in_days(20))
    assert "First promised for" in promise.site.get(promise.at("/delivery")).text
    promise.site.submit(address, form=address, what="done", message=WORDS)

    assert promise.parts()[0].done_on == now().date()
    assert "The soil is frozen." in promise.public().text


def test_a_milestone_is_not_done_tomorrow_nor_moved_to_its_own_day(promise: Promise) -> None:
    promise.begin()
    promise.site.submit(
        promise.at("/delivery"), form=promise.at("/delivery/milestones"), title="Dig", due_on=in_days(10)
    )
    address = promise.at(f"/delivery/milestones/{promise.parts()[0].id}")

    for what, day in (("done", in_days(1)), ("moved", in_days(10))):
        page = promise.site.submit(address, form=address, what=what, day=day, message=WORDS)
        assert page.status == 422

    assert promise.parts()[0].done_on is None


def test_a_milestone_of_another_proposal_is_not_found(promise: Promise, roads: Department) -> None:
    promise.begin()
    promise.site.submit(
        promise.at("/delivery"), form=promise.at("/delivery/milestones"), title="Dig", due_on=in_days(10)
    )
    other = make_proposal(category=make_theme(department=roads))
    drafted(other, promise.officer, unit_id=roads.id)
    second = Promise(promise.site, promise.officer, published(other, promise.officer)).begin()

    assert promise.site.get(second.at(f"/delivery/milestones/{promise.parts()[0].id}")).status == 404


def test_it_is_done_when_every_milestone_is(promise: Promise) -> None:
    promise.begin()
    promise.site.submit(
        promise.at("/delivery"), form=promise.at("/delivery/milestones"), title="Dig", due_on=in_days(10)
    )
    assert "When every milestone is done" in promise.site.get(promise.at("/delivery")).text
    address = promise.at(f"/delivery/milestones/{promise.parts()[0].id}")
    promise.site.submit(address, form=address, what="done", message=WORDS)

    page = promise.send("deliver", message="All forty stand.")

    assert page.path == promise.at()
    assert promise.now().case.status is Status.DELIVERED
    assert promise.site.get(promise.at("/delivery")).path == promise.at()


def test_an_old_page_changes_nothing(promise: Promise, clock: Clock) -> None:
    promise.begin()
    old = promise.site.get(promise.at("/delivery"))
    clock.move(minutes=1)
    promise.send("progress", percent="10")

    page = promise.site.submit(old, form=promise.at("/delivery/progress"), percent="5", message="Less.")

    assert page.status == 409
    assert answers.delivery_of(promise.proposal.case_id).percent == 10  # type: ignore[union-attr]


def test_nobody_of_another_desk_delivers(promise: Promise) -> None:
    elsewhere = promise.site.another().sign_in(make_officer(make_department("Waste")))

    for act in ("begin", "progress", "milestones", "deliver"):
        forged = {"message": WORDS, "form_key": "k", "version": "1"}
        assert elsewhere.post_raw(promise.at(f"/delivery/{act}"), forged).status == 404

    assert promise.now().case.status is Status.ANSWERED


def test_an_accepted_proposal_becomes_a_draft_of_a_poll_with_two_presses(promise: Promise) -> None:
    promise.site.get(promise.at())
    page = promise.site.follow("Make a poll of it")

    for _time in range(2):
        last = promise.site.submit(page, form=promise.at("/poll"))

    (poll,) = db.session.scalars(db.select(Poll)).all()
    assert poll.is_draft
    assert poll.question["en"] == "Plant lindens"
    assert "A poll was made of this proposal." in last.text
    assert promise.site.another().get(f"/polls/{poll.slug}").status == 404
    assert "The poll about it" not in promise.public().text


def test_the_page_of_a_proposal_leads_to_its_poll_once_that_is_public(promise: Promise) -> None:
    poll = polls.make_poll("linden-poll")
    with transaction() as session:
        session.add(ProposalPoll(case_id=promise.proposal.case_id, poll_id=poll.id, at=now()))

    page = promise.public()

    assert "/polls/linden-poll" in page.link("The poll about it")


def test_what_the_city_has_not_said_yes_to_becomes_no_poll(promise: Promise, roads: Department) -> None:
    waiting = make_proposal(category=make_theme(department=roads))
    address = f"/desk/{display(waiting.case.reference)}"
    assert promise.site.get(f"{address}/poll").path == address

    forged = {"form_key": "k", "version": str(waiting.case.version)}
    page = promise.site.post_raw(f"{address}/poll", forged)

    assert page.status == 422
    assert db.session.scalars(db.select(Poll)).all() == []
