"""Stopping messages by their link, and the demo's mailbox."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from cps.cases.models import Follow
from cps.cases.queries import is_followed_by
from cps.config import Env
from cps.core import clock as real_clock
from cps.core import outbox, worker
from cps.core.db import db, transaction
from cps.core.errors import ConfigurationError
from cps.core.outbox import Fact
from cps.notifications import links
from cps.notifications.models import Message
from cps.notifications.server import Server
from tests.notifications.test_delivery import make_messages
from tests.support import factories
from tests.support.fixtures import Clock
from tests.support.site import Site


def make_follower() -> tuple[Any, Any, str]:
    """Return a case, who follows it, and the path that ends it; another follows too."""
    case, account = factories.make_complaint(title="Dark lamp"), factories.make_resident()
    factories.make_follow(case, account, factories.make_resident())
    return case, account, f"/notifications/unsubscribe/{links.unsubscribe_token(account.id, case.id)}"


def test_opening_the_link_changes_nothing(site: Site) -> None:
    case, account, path = make_follower()

    page = site.get(path)

    assert page.status == 200
    assert "Dark lamp" in page.text
    assert is_followed_by(case.id, account.id)


def test_the_button_ends_this_follow_and_no_other(site: Site) -> None:
    case, account, path = make_follower()
    other = factories.make_complaint()
    factories.make_follow(other, account)
    site.get(path)

    page = site.submit(button="Stop these mails")

    assert page.status == 200
    assert "You get no mails about this" in page.text
    assert not is_followed_by(case.id, account.id)
    assert is_followed_by(other.id, account.id)
    assert db.session.scalar(db.select(db.func.count()).select_from(Follow)) == 2


def test_a_mail_program_stops_them_with_one_press_without_cookie_or_token(site: Site) -> None:
    case, account, path = make_follower()

    answer = site.client.post(path, data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert answer.headers.get("Location") is None
    db.session.rollback()
    assert not is_followed_by(case.id, account.id)


def test_pressing_twice_is_as_good_as_once(site: Site) -> None:
    _case, _account, path = make_follower()

    for _press in range(2):
        assert site.client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200


@pytest.mark.parametrize("change", [lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"), lambda t: "2" + t])
def test_a_changed_link_opens_nothing_and_ends_nothing(site: Site, change: Any) -> None:
    case, account, path = make_follower()
    start, token = path.rsplit("/", 1)

    assert site.get(f"{start}/{change(token)}").status == 404
    assert site.client.post(f"{start}/{change(token)}").status_code == 404
    assert is_followed_by(case.id, account.id)


@pytest.mark.parametrize("token", ["0123456789abcdef", "zz-zz-0123456789abcdef", "1-1", "-" * 40, "é" * 20])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_made_up_token_is_unknown(site: Site, token: str) -> None:
    assert site.get(f"/notifications/unsubscribe/{token}").status == 404


def test_the_page_of_a_case_that_became_private_does_not_show_its_title(site: Site) -> None:
    case, _account, path = make_follower()
    with transaction() as session:
        session.merge(case).is_private = True

    page = site.get(path)

    assert "Dark lamp" not in page.text
    assert page.status == 200


def test_the_header_of_a_mail_leads_to_the_button(app: Flask, site: Site) -> None:
    case, account, path = make_follower()
    event = factories.make_event(case)
    with transaction():
        outbox.state(Fact.CASE_EVENT, event.id, at=real_clock.now())
    worker.run_until_idle()

    addresses = {m.account_id: m.unsubscribe_url for m in db.session.scalars(db.select(Message))}
    assert addresses[account.id] == f"http://localhost{path}"


def test_the_mailbox_shows_what_was_delivered_newest_first(site: Site) -> None:
    make_messages(1, subject="The older one")
    make_messages(1, subject="The newer one")
    worker.run_until_idle()
    make_messages(1, subject="Not yet delivered")

    page = site.get("/demo/mailbox")

    assert page.text.index("The newer one") < page.text.index("The older one")
    assert "Not yet delivered" not in page.text
    assert "Nothing leaves this machine" in page.text


def test_the_mailbox_says_until_when_news_waits(site: Site, clock: Clock) -> None:
    later = clock.now + timedelta(hours=9)
    make_messages(1, subject="Waits for the morning", address="kim@example.test", run_at=later)
    make_messages(1, subject="Leaves now", address="lee@example.test")
    worker.run_until_idle()

    assert "Some messages wait until" in site.get("/demo/mailbox").text
    assert "Some messages wait until" in site.get("/demo/mailbox?to=kim@").text
    assert "Some messages wait until" not in site.get("/demo/mailbox?to=lee@").text


def test_the_mailbox_can_be_narrowed_to_an_address(site: Site) -> None:
    make_messages(1, subject="For Kim", address="kim@example.test")
    make_messages(1, subject="For Lee", address="lee@example.test")
    worker.run_until_idle()

    page = site.get("/demo/mailbox", query_string={"to": "kim@"})

    assert "For Kim" in page.text
    assert "For Lee" not in page.text
    assert "No message with these words" in site.get("/demo/mailbox?to=100%25_").text


def test_a_message_shows_its_text_with_links_that_can_be_pressed(site: Site) -> None:
    make_messages(1, subject="News", body_text="<b>Look</b>:\nhttp://localhost/complaints\n")
    worker.run_until_idle()
    site.get("/demo/mailbox")

    page = site.follow("News")

    assert "<b>Look</b>" in page.text
    assert page.link("http://localhost/complaints") == "/complaints"


def test_the_mailbox_shows_at_most_two_hundred_messages(site: Site) -> None:
    make_messages(203)
    worker.run_until_idle()

    page = site.get("/demo/mailbox")

    assert page.html.count("case-row") == 200
    assert "newest 200 messages" in page.text
    assert len(site.statements) <= 5


def test_a_message_that_is_not_there_is_not_found(site: Site) -> None:
    assert site.get("/demo/mailbox/12345").status == 404


MAIL_LEAVES = {"smtp_url": "smtp://localhost?from=a@b.test"}
TEXTS_LEAVE = {"sms_url": "http://localhost:9/"}


@pytest.mark.parametrize("changes", [{"env": Env.PRODUCTION}, {**MAIL_LEAVES, **TEXTS_LEAVE}])
def test_there_is_no_mailbox_where_everything_really_leaves(
    app: Flask, site: Site, changes: dict[str, Any]
) -> None:
    (key,) = make_messages(1)
    worker.run_until_idle()
    app.extensions["cps_config"] = replace(app.extensions["cps_config"], **changes)

    assert site.get("/demo/mailbox").status == 404
    assert site.get(f"/demo/mailbox/{key}").status == 404


def test_an_empty_mailbox_says_what_will_come(site: Site) -> None:
    assert "No messages yet" in site.get("/demo/mailbox").text


def test_the_program_refuses_to_start_with_an_unreadable_mail_server() -> None:
    with pytest.raises(ConfigurationError, match="CPS_SMTP_URL"):
        Server.from_url("smtp://mail.example.test")
