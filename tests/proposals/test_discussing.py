"""The discussion: one level of replies, backing, objections, an end."""

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from cps.accounts.models import Account
from cps.core.db import db, transaction
from cps.core.errors import NotVisible, RuleViolation, TooMany
from cps.proposals import services
from cps.proposals.models import Comment, Proposal
from cps.proposals.queries.comments import backed_among, talk, threads
from cps.proposals.rules import Order, Stance
from cps.proposals.services import NewComment
from tests.proposals.making import answered, at_once, make_proposal, now
from tests.support.factories import make_resident

pytestmark = pytest.mark.usefixtures("app")


def test_comments_have_one_level_of_replies() -> None:
    proposal, resident = make_proposal(), make_resident()
    first = said(proposal, resident, "I walk there every day.", stance=Stance.FOR)
    reply = said(proposal, resident, "So do I.", parent_id=first)

    with pytest.raises(RuleViolation, match="above"):
        said(proposal, resident, "And I.", parent_id=reply)
    page = threads(proposal.case_id, Order.NEWEST)
    assert [(one.comment.id, [row.id for row in one.replies]) for one in page.rows] == [(first, [reply])]
    assert talk(proposal.case_id).counts[Stance.FOR] == 1


def test_the_database_refuses_a_reply_to_a_reply() -> None:
    proposal, resident = make_proposal(), make_resident()
    reply = said(proposal, resident, "So do I.", parent_id=said(proposal, resident, "I walk there."))

    with pytest.raises(IntegrityError), transaction() as session:
        session.add(Comment(case_id=proposal.case_id, parent_id=reply, level=1, body="Deep.", at=now()))


def test_a_comment_of_another_proposal_is_not_replied_to_here() -> None:
    proposal, other, resident = make_proposal(), make_proposal(), make_resident()
    elsewhere = said(other, resident, "I walk there.")

    with pytest.raises(NotVisible):
        said(proposal, resident, "Here.", parent_id=elsewhere)


def test_most_backed_comments_come_first_and_each_account_backs_once() -> None:
    proposal, resident = make_proposal(), make_resident()
    liked = said(proposal, resident, "Lindens, please.")
    said(proposal, resident, "Or oaks.")
    backer = make_resident()
    for _ in range(2):
        with transaction():
            services.back(liked, by=backer, at=now())

    page = threads(proposal.case_id, Order.BACKED)

    first = page.rows[0].comment
    assert (first.id, first.backing_count) == (liked, 1)
    assert backed_among(backer.id, [liked]) == {liked}


def test_a_discussion_is_closed_with_the_answer() -> None:
    proposal, _officer = answered()

    with pytest.raises(RuleViolation, match="closed"):
        said(proposal, make_resident(), "Too late.")


def test_numbers_in_comments_are_masked() -> None:
    proposal = make_proposal()

    written = said(proposal, make_resident(), "Call me at 010-1234-5678.")

    assert "1234" not in db.session.get_one(Comment, written).body


def test_nobody_fills_a_discussion_alone() -> None:
    proposal, resident = make_proposal(), make_resident()
    for place in range(10):
        said(proposal, resident, f"And number {place}.")

    with pytest.raises(TooMany):
        said(proposal, resident, "And one more.")


def test_of_many_comments_at_once_no_more_are_taken(app: Flask) -> None:
    proposal, resident = make_proposal(), make_resident()
    case_id, account_id = proposal.case_id, resident.id

    def act() -> object:
        account = db.session.get_one(Account, account_id)
        try:
            return services.comment(case_id, NewComment("And I.", "en"), by=account, at=now())
        except TooMany:
            return None

    at_once(app, [act] * 14)

    assert talk(case_id).counts[Stance.REMARK] == 10


def said(proposal: Proposal, by: Account, body: str, **fields: object) -> int:
    with transaction():
        new = NewComment(body, "en", **fields)  # type: ignore[arg-type]
        return services.comment(proposal.case_id, new, by=by, at=now()).id
