"""How often something is done to a proposal that fills disks, or writes to many people."""

import pytest
from sqlalchemy import func, select

from cps.cases.models import Draft
from cps.core import worker
from cps.core.db import db
from cps.notifications.models import Message, MessageWish
from cps.notifications.rules import Pace, Topic
from cps.proposals.views import authoring, drafts
from tests.proposals.making import make_proposal, make_theme, support
from tests.proposals.test_pages import path_of
from tests.support.factories import make_resident, save
from tests.support.site import Site


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.settings(rate_limits=True)
def test_an_author_writes_to_followers_only_a_few_times_a_day(site: Site) -> None:
    author = make_resident()
    proposal = make_proposal(author=author)
    follower = make_resident()
    support(proposal, follower)
    save(MessageWish(account_id=follower.id, topic=Topic.FOLLOWED, pace=Pace.AT_ONCE))
    worker.run_until_idle()
    before = count(Message)
    site.sign_in(author)

    for number in range(authoring.ADDITIONS.times):
        assert site.submit(f"{path_of(proposal)}/add", message=f"Part {number}.").status == 200
    refused = site.submit(f"{path_of(proposal)}/add", message="And one more.")

    assert refused.status == 429
    assert refused.form(f"{path_of(proposal)}/add").value("message") == "And one more."
    worker.run_until_idle()
    assert count(Message) - before == authoring.ADDITIONS.times


@pytest.mark.settings(rate_limits=True)
def test_no_step_of_writing_begins_drafts_without_end(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    make_theme()
    few = type(drafts.NEW_DRAFTS_OF_ADDRESS)("few-drafts", 3, drafts.NEW_DRAFTS_OF_ADDRESS.per)
    monkeypatch.setattr(drafts, "NEW_DRAFTS_OF_ADDRESS", few)

    for _visitor in range(3):
        assert site.another().post_raw("/proposals/new/place", {"where": "city"}).status == 422
    refused = site.another().post_raw("/proposals/new/place", {"where": "city"})

    assert refused.status == 429
    assert count(Draft) == 3
