"""Comments to which readers object, before a moderator."""

import pytest

from cps.core import clock
from cps.core.db import db, transaction
from cps.proposals import services
from cps.proposals.models import Comment
from cps.proposals.queries import comments
from cps.proposals.services import NewComment
from tests.proposals.making import make_proposal
from tests.support.factories import make_moderator, make_officer, make_resident
from tests.support.site import Site

PAGE = "/comments/flagged"


@pytest.fixture
def moderator(site: Site) -> Site:
    """A moderator."""
    return site.sign_in(make_moderator())


def say(words: str, *objections: str) -> Comment:
    """Let somebody say something, to which others object."""
    proposal, writer, readers = make_proposal(), make_resident(), [make_resident() for _ in objections]
    with transaction():
        row = services.comment(proposal.case_id, NewComment(words), by=writer, at=clock.now())
    for reader, reason in zip(readers, objections, strict=True):
        with transaction():
            services.flag(row.id, reason, by=reader, at=clock.now())
    return row


def stands(comment: Comment) -> Comment:
    db.session.rollback()
    db.session.expire_all()
    found = comments.comment(comment.id)
    assert found is not None
    return found


def test_what_readers_object_to_is_shown_with_their_reasons_and_nothing_else(moderator: Site) -> None:
    say("A fine idea.")
    say("You are all fools.", "An insult", "Rude")

    page = moderator.get(PAGE)

    assert "You are all fools." in page.text
    assert "2 readers object" in page.text
    assert "An insult" in page.text
    assert "A fine idea." not in page.text


def test_a_comment_is_hidden_with_a_reason_that_everybody_reads(moderator: Site) -> None:
    row, other = say("You are all fools.", "An insult"), say("Buy my shoes.", "An advertisement")

    page = moderator.submit(PAGE, form=f"{PAGE}/{row.id}/hide", reason="It insults others.")

    assert stands(row).is_hidden
    assert not stands(other).is_hidden
    assert "You are all fools." not in page.text


def test_hiding_needs_a_reason(moderator: Site) -> None:
    row = say("You are all fools.", "An insult")

    page = moderator.submit(PAGE, form=f"{PAGE}/{row.id}/hide")

    assert page.status == 422
    assert f'id="reason-{row.id}-error"' in page.html
    assert not stands(row).is_hidden


def test_a_comment_that_may_stand_is_not_shown_again(moderator: Site) -> None:
    row = say("I do not like it.", "I do not agree")

    page = moderator.submit(PAGE, form=f"{PAGE}/{row.id}/keep")

    assert not stands(row).is_hidden
    assert "Nothing to look at" in page.text


def test_only_moderators_decide(site: Site) -> None:
    row = say("You are all fools.", "An insult")

    for account in (make_officer(), make_resident()):
        visitor = site.another().sign_in(account)
        assert visitor.get(PAGE).status == 404
        assert visitor.post_raw(f"{PAGE}/{row.id}/hide", {"reason": "x"}).status == 404

    assert not stands(row).is_hidden


def test_a_comment_that_is_gone_is_not_found(moderator: Site) -> None:
    assert moderator.post_raw(f"{PAGE}/999/hide", {"reason": "x"}).status == 404
    assert moderator.post_raw(f"{PAGE}/999/keep").status == 404
