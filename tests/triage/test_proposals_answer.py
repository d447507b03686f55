"""The answer of the city to a proposal, written at the desk, and lifting one below the line."""

from dataclasses import dataclass

import pytest

from cps.accounts.models import Account
from cps.cases.reference import display
from cps.cases.rules import Outcome, Status
from cps.core import clock
from cps.core.db import db, transaction
from cps.departments.models import Department
from cps.proposals import services
from cps.proposals.models import Proposal
from cps.proposals.queries import answers
from cps.proposals.rules import Settings
from tests.proposals.making import fresh, make_proposal, make_theme, support, supporters
from tests.support.factories import make_department, make_officer, make_reason
from tests.support.page import Page
from tests.support.site import Site

YES = "We will plant forty lindens in spring."


@dataclass
class AtDesk:
    """A proposal of the roads department, open at the desk of its officer."""

    site: Site
    officer: Account
    department: Department
    proposal: Proposal

    def at(self, rest: str = "") -> str:
        return f"/desk/{display(self.proposal.case.reference)}{rest}"

    def draft(self, **fields: object) -> Page:
        typed = {"outcome": "accepted", "text": YES, **fields}
        return self.site.submit(self.at("/answer"), form=self.at("/answer"), **typed)

    def publish(self) -> Page:
        return self.site.submit(self.at("/answer"), form=self.at("/answer/publish"))

    def now(self) -> Proposal:
        db.session.rollback()
        db.session.expire_all()
        return fresh(self.proposal)

    def colleague(self) -> "AtDesk":
        officer = make_officer(self.department)
        site = self.site.another().sign_in(officer)
        return AtDesk(site, officer, self.department, self.proposal)


@pytest.fixture
def here(desk: Site, officer: Account, roads: Department) -> AtDesk:
    make_proposal("Close the harbour")
    return AtDesk(desk, officer, roads, make_proposal(category=make_theme(department=roads)))


def want_second_reader() -> None:
    with transaction():
        services.save_settings(Settings(second_reader=True), by=None, at=clock.now())


def test_residents_read_the_citys_reason_for_a_no_before_its_words_in_their_language(here: AtDesk) -> None:
    make_reason("too-dear", "declined")

    draft = here.draft(outcome="declined", text="Forty lindens cost too much.", reason="too-dear")
    assert draft.text_of("section[aria-labelledby=draft-heading] strong") == "Reason too-dear."
    here.publish()

    path = f"/proposals/{here.proposal.case.reference}"
    assert here.site.another().get(path).text_of(".official strong") == "Reason too-dear."
    assert "이유 too-dear." in here.site.another().get(path, headers={"Accept-Language": "ko"}).text


def test_a_reason_for_another_answer_is_refused_and_what_was_typed_is_kept(here: AtDesk) -> None:
    make_reason("too-dear", "declined")
    make_reason("no-road", "not-ours")

    page = here.draft(outcome="declined", text="Forty lindens cost too much.", reason="no-road")

    assert page.status == 422
    assert "This reason is not for this answer" in page.text
    assert "Forty lindens cost too much." in page.text
    assert answers.answer_of(here.proposal.case_id) is None


def test_where_the_city_has_no_reason_for_a_no_none_is_asked_for(here: AtDesk) -> None:
    make_reason("broken-lamp")

    assert not here.site.get(here.at("/answer")).tree.css("select[name=reason]")


def test_a_draft_is_written_looked_at_and_published(here: AtDesk) -> None:
    support(here.proposal, *supporters(2))

    page = here.draft()
    assert YES in page.text
    assert "2 supporters and the author are told" in page.text
    assert YES not in here.site.another().get(f"/proposals/{here.proposal.case.reference}").text
    page = here.publish()

    case = here.now().case
    assert page.path == here.at()
    assert (case.status, case.outcome) == (Status.ANSWERED, Outcome.ACCEPTED)
    assert YES in here.site.another().get(f"/proposals/{case.reference}").text


def test_the_department_of_the_proposal_stands_for_it_unless_another_is_chosen(here: AtDesk) -> None:
    other = make_department("Parks")

    here.draft()
    assert answers.answer_of(here.proposal.case_id).unit_id == here.department.id  # type: ignore[union-attr]
    here.draft(unit=other.code)

    db.session.expire_all()
    assert answers.answer_of(here.proposal.case_id).unit_id == other.id  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"unit": ""}, "Say which department stands for this answer."),
        ({"text": ""}, "Write the answer, with its reasons."),
        ({"outcome": "already-done"}, "Say where people can see what is done already."),
        ({"outcome": "not-ours"}, "Say who decides this instead of the city."),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_draft_waits_unfinished_and_is_not_published_so(
    here: AtDesk, fields: dict[str, str], sentence: str
) -> None:
    assert here.draft(**fields).status == 200

    page = here.publish()

    assert page.status == 422
    assert sentence in page.text
    assert here.now().case.status is Status.GATHERING


def test_a_long_answer_comes_in_points_and_empty_ones_are_none(here: AtDesk) -> None:
    here.draft(**{"points-0-heading": "When", "points-0-text": "In spring."})

    page = here.draft(**{"points-2-heading": "Where", "points-2-text": "Along the canal."})

    draft = answers.answer_of(here.proposal.case_id)
    db.session.refresh(draft)
    assert draft is not None
    assert draft.points == [
        {"heading": "When", "text": "In spring."},
        {"heading": "Where", "text": "Along the canal."},
    ]
    assert "Point 5" in page.text


def test_half_a_point_is_refused_and_everything_typed_stays(here: AtDesk) -> None:
    page = here.draft(**{"points-1-heading": "When"})

    assert page.status == 422
    assert "Each point needs a heading and a text." in page.text
    assert YES in page.html
    assert answers.answer_of(here.proposal.case_id) is None


def test_a_link_that_is_none_is_refused(here: AtDesk) -> None:
    page = here.draft(outcome="already-done", link="javascript:alert(1)")

    assert page.status == 422
    assert "beginning with https://" in page.text


def test_where_the_city_wants_a_second_reader_the_author_of_a_draft_cannot_publish(here: AtDesk) -> None:
    want_second_reader()
    here.draft()
    page = here.site.get(here.at("/answer"))
    assert "Ask a colleague to do it." in page.text
    assert "Publish the answer" not in page.text

    for act in ("approve", "publish"):
        version = answers.answer_of(here.proposal.case_id).version  # type: ignore[union-attr]
        page = here.site.post_raw(here.at(f"/answer/{act}"), {"form_key": act, "version": version})
        assert page.status == 422

    assert here.now().case.status is Status.GATHERING


def test_a_colleague_reads_it_and_then_it_is_published(here: AtDesk) -> None:
    want_second_reader()
    here.draft()
    colleague = here.colleague()

    page = colleague.site.submit(colleague.at("/answer"), form=colleague.at("/answer/approve"))
    assert "read by" in page.text
    here.publish()

    assert here.now().case.status is Status.ANSWERED


def test_what_was_read_and_changed_must_be_read_anew(here: AtDesk) -> None:
    want_second_reader()
    here.draft()
    colleague = here.colleague()
    colleague.site.submit(colleague.at("/answer"), form=colleague.at("/answer/approve"))

    page = here.draft(text="We will plant four.")

    assert "Publish the answer" not in page.text


def test_nobody_approves_or_publishes_other_words_than_they_have_read(here: AtDesk) -> None:
    here.draft()
    colleague = here.colleague()
    read = colleague.site.get(colleague.at("/answer"))
    here.draft(text="We will plant four.")

    for act in ("approve", "publish"):
        page = colleague.site.submit(read, form=colleague.at(f"/answer/{act}"))
        assert page.status == 409
        assert "We will plant four." in page.text

    assert here.now().case.status is Status.GATHERING


def test_two_who_write_at_once_do_not_undo_each_other(here: AtDesk) -> None:
    colleague = here.colleague()
    empty = colleague.site.get(colleague.at("/answer"))
    here.draft()

    page = colleague.site.submit(empty, form=colleague.at("/answer"), outcome="declined", text="No.")

    assert page.status == 409
    draft = answers.answer_of(here.proposal.case_id)
    db.session.refresh(draft)
    assert draft is not None
    assert draft.text == YES


def test_who_still_writes_when_it_is_answered_loses_no_word(here: AtDesk) -> None:
    here.draft()
    old = here.site.get(here.at("/answer"))
    here.publish()

    page = here.site.submit(old, form=here.at("/answer"), text="We will plant four.")

    assert page.status in {409, 422}
    assert "We will plant four." in page.html
    assert here.site.get(here.at("/answer")).path == here.at()


def test_an_officer_of_another_department_finds_nothing(here: AtDesk) -> None:
    elsewhere = here.site.another().sign_in(make_officer(make_department("Waste")))

    for path in ("/answer", "/lift"):
        assert elsewhere.get(here.at(path)).status == 404
        assert elsewhere.post_raw(here.at(path), {"text": "x", "reason": "x", "form_key": "k"}).status == 404

    assert answers.answer_of(here.proposal.case_id) is None


def test_a_proposal_is_lifted_with_a_reason_that_everybody_reads(here: AtDesk) -> None:
    here.site.get(here.at())
    page = here.site.follow("Answer it below the line")
    assert "It has 0 of the" in page.text

    here.site.submit(page, form=here.at("/lift"), reason="A school asked for it too.")

    assert here.now().case.status is Status.ANSWER_DUE
    public = here.site.another().get(f"/proposals/{here.proposal.case.reference}")
    assert "A school asked for it too." in public.text


def test_lifting_without_a_reason_or_from_an_old_page_is_refused(here: AtDesk) -> None:
    old = here.site.get(here.at("/lift"))
    assert here.site.submit(old, form=here.at("/lift")).status == 422
    here.site.submit(here.at(), form=here.at("/take"))

    page = here.site.submit(old, form=here.at("/lift"), reason="A school asked.")

    assert page.status == 409
    assert "A school asked." in page.html
    assert here.now().case.status is Status.GATHERING


def test_pressing_twice_lifts_once(here: AtDesk) -> None:
    page = here.site.get(here.at("/lift"))

    for _time in range(2):
        last = here.site.submit(page, form=here.at("/lift"), reason="A school asked.")

    assert last.path == here.at()
    assert here.now().case.status is Status.ANSWER_DUE
