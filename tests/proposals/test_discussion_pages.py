"""Taking part in the discussion on the page of a proposal."""

import pytest

from cps.core.db import transaction
from cps.proposals import services
from cps.proposals.queries import comments
from cps.proposals.rules import Order, Stance
from cps.proposals.services import NewComment
from tests.proposals.making import answered, make_proposal, now
from tests.proposals.test_pages import path_of, said
from tests.support.factories import make_officer, make_resident
from tests.support.site import Site


def bodies(case_id: int) -> list[str]:
    return [one.comment.body for one in comments.threads(case_id, Order.OLDEST).rows]


def test_what_somebody_says_is_marked_by_a_word_and_stands_without_a_name_unless_wanted(site: Site) -> None:
    proposal = make_proposal()
    site.sign_in(make_resident(display_name="Mina Park"))
    form = f"{path_of(proposal)}/comments"

    page = site.submit(path_of(proposal), form=form, body="Who pays for it?", stance="question")

    assert page.has("Thank you. Everybody can read it now.")
    assert page.has("Question")
    assert page.has("A resident")
    assert not site.another().get(path_of(proposal)).has("Mina Park")
    page = site.submit(path_of(proposal), form=form, body="I water them.", shows_name=True)
    assert page.has("Mina Park")


def test_the_same_form_sent_twice_says_it_once(site: Site) -> None:
    proposal = make_proposal()
    page = site.sign_in(make_resident()).get(path_of(proposal))

    for _ in range(2):
        site.submit(page, form=f"{path_of(proposal)}/comments", body="Once is enough.")

    assert bodies(proposal.case_id) == ["Once is enough."]


@pytest.mark.parametrize(
    ("body", "words"),
    [("", "Write what you want to say."), ("x" * 2_001, "A comment has at most 2,000 letters.")],
)
def test_what_cannot_be_taken_stays_in_the_page(site: Site, body: str, words: str) -> None:
    proposal = make_proposal()
    site.sign_in(make_resident())

    page = site.submit(path_of(proposal), form=f"{path_of(proposal)}/comments", body=body)

    assert page.status == 422
    assert page.has(words)
    assert page.text_of("textarea[name=body]") == body
    assert bodies(proposal.case_id) == []


def test_after_ten_comments_in_an_hour_the_words_wait_in_the_page(site: Site) -> None:
    proposal, talker = make_proposal(), make_resident()
    with transaction():
        for number in range(10):
            services.comment(proposal.case_id, NewComment(f"No. {number}"), by=talker, at=now())
    site.sign_in(talker)

    page = site.submit(path_of(proposal), form=f"{path_of(proposal)}/comments", body="One more.")

    assert page.status == 429
    assert page.header("Retry-After") == "3600"
    assert page.text_of("textarea[name=body]") == "One more."


def test_a_reply_stands_below_its_comment_and_the_city_is_marked(site: Site) -> None:
    proposal, officer = make_proposal(), make_officer()
    number = said(proposal, "Who pays?", Stance.QUESTION)
    with transaction():
        official = NewComment("The parks department.", "en", parent_id=number, is_official=True)
        services.comment(proposal.case_id, official, by=officer, at=now())
    site.sign_in(make_resident())

    page = site.get(f"{path_of(proposal)}/comments/{number}/reply")
    assert page.has("Who pays?")
    page = site.submit(page, body="Thank you.")

    replies = page.all(".talk-replies .words")
    assert replies == ["The parks department.", "Thank you."]
    assert page.all(".comment.is-official .pill") == ["The city"]


def test_a_comment_is_backed_and_no_more(site: Site) -> None:
    proposal = make_proposal()
    number = said(proposal, "Lindens, please.")
    site.sign_in(make_resident())
    below = f"{path_of(proposal)}/comments/{number}"

    assert site.submit(path_of(proposal), form=f"{below}/back").has("I find it right · 1")
    assert not site.submit(path_of(proposal), form=f"{below}/unback").has("I find it right · 1")


def test_visitors_read_and_are_asked_who_they_are_before_they_speak(site: Site) -> None:
    proposal = make_proposal()
    number = said(proposal, "Lindens, please.")

    assert site.get(path_of(proposal)).has("Lindens, please.")
    for below in ("discuss", f"comments/{number}/reply"):
        assert site.get(f"{path_of(proposal)}/{below}").path.startswith("/accounts/prove"), below
    assert site.post_raw(f"{path_of(proposal)}/comments", {"body": "x"}, follow=False).status in {
        303,
        403,
    }
    assert bodies(proposal.case_id) == ["Lindens, please."]


def test_a_comment_of_another_proposal_is_not_there(site: Site) -> None:
    proposal, other = make_proposal(), make_proposal()
    number = said(other, "Lindens, please.")
    site.sign_in(make_resident())

    assert site.get(f"{path_of(proposal)}/comments/{number}/reply").status == 404
    for below in ("reply", "back", "unback"):
        assert site.post_raw(f"{path_of(proposal)}/comments/{number}/{below}").status == 404


def test_the_discussion_is_closed_with_the_answer(site: Site) -> None:
    proposal, _officer = answered()
    page = site.sign_in(make_resident()).get(path_of(proposal))

    assert page.has("The discussion is closed.")
    page = site.post_raw(
        f"{path_of(proposal)}/comments", {"body": "Too late", "stance": "for", "form_key": "k"}
    )
    assert page.status == 422
    assert bodies(proposal.case_id) == []


def test_comments_are_chosen_by_kind_and_come_in_the_order_that_is_asked_for(site: Site) -> None:
    proposal = make_proposal()
    said(proposal, "First", Stance.FOR)
    second = said(proposal, "Second", Stance.AGAINST)
    said(proposal, "Third", Stance.AGAINST)
    somebody = make_resident()
    with transaction():
        services.back(second, by=somebody, at=now())

    words = ".talk > li > .comment > .words"
    assert site.get(path_of(proposal)).all(words) == ["Third", "Second", "First"]
    assert site.get(f"{path_of(proposal)}?order=oldest").all(words) == ["First", "Second", "Third"]
    assert site.get(f"{path_of(proposal)}?order=backed").all(words)[0] == "Second"
    assert site.get(f"{path_of(proposal)}?stance=for").all(words) == ["First"]
