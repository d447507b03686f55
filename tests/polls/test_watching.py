"""Whoever wants the signed heads gets each of them, by mail and by feed."""

from xml.etree import ElementTree as ET

from cps.core import worker
from cps.core.db import db
from cps.notifications.models import Message
from cps.polls import queries
from cps.polls.rules import BATCH_WAITS_FOR
from tests.support import factories, polls
from tests.support.fixtures import Clock
from tests.support.site import Site

ATOM = {"atom": "http://www.w3.org/2005/Atom"}


def test_a_watcher_gets_every_further_head_by_mail_with_its_line(site: Site, clock: Clock) -> None:
    poll, watcher = polls.make_poll(), factories.make_resident(email="courier@aurelia.test")
    factories.make_resident()  # somebody who did not ask
    site.sign_in(watcher).submit(f"/polls/{poll.slug}/watch", form=f"/polls/{poll.slug}/watch")
    polls.vote_many(poll, *[["park"]] * BATCH_WAITS_FOR)
    clock.move(minutes=1)

    worker.run_until_idle()

    messages = db.session.scalars(db.select(Message)).all()
    assert [message.address for message in messages] == ["courier@aurelia.test"]
    assert queries.head_lines(poll.id)[-1] in messages[0].body_text.replace("\n", "")


def test_who_stops_watching_gets_no_more(site: Site, clock: Clock) -> None:
    poll, watcher = polls.make_poll(), factories.make_resident()
    site.sign_in(watcher).submit(f"/polls/{poll.slug}/watch", form=f"/polls/{poll.slug}/watch")
    site.submit(f"/polls/{poll.slug}/watch", form=f"/polls/{poll.slug}/unwatch")
    clock.move(days=8)

    worker.run_until_idle()

    assert db.session.scalars(db.select(Message)).all() == []


def test_the_feed_holds_the_lines_of_the_heads_newest_first(site: Site, clock: Clock) -> None:
    poll = polls.make_poll()
    polls.vote_many(poll, ["park"])
    clock.move(days=8)
    polls.work()

    feed = ET.fromstring(site.get(f"/feeds/polls/{poll.slug}/heads.atom").data)

    lines = [entry.text for entry in feed.findall("atom:entry/atom:content", ATOM)]
    assert lines == list(reversed(queries.head_lines(poll.id)))
    assert len(lines) == 2


def test_a_draft_has_no_heads_to_watch(site: Site) -> None:
    draft = polls.make_draft()

    assert site.get(f"/polls/{draft.slug}/watch").status == 404
    assert site.get(f"/feeds/polls/{draft.slug}/heads.atom").status == 404
