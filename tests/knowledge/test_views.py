"""The pages of the answer base, and what it offers while somebody writes."""

from flask import Flask

from cps.core import clock
from cps.core.db import transaction
from cps.knowledge import queries, services
from cps.knowledge.rules import Move, Words
from tests.complaints.steps import NEW, tell_details, tell_place, tell_words
from tests.support import factories as make
from tests.support.site import Site


def publish(words: Words) -> int:
    agent, supervisor = make.make_agent(), make.make_supervisor()
    with transaction():
        article = services.begin("en", words, by=agent, at=clock.now())
        services.move(article, Move.SEND, by=agent, at=clock.now())
        services.move(article, Move.PUBLISH, by=supervisor, at=clock.now())
        return article.id


def test_an_article_with_a_script_in_it_shows_it_as_text(site: Site) -> None:
    publish(Words("Forms", "<script>alert(1)</script> and [x](javascript:alert(1))"))

    page = site.get("/answers/forms")

    assert page.text_of(".prose") == "<script>alert(1)</script> and [x](javascript:alert(1))"
    assert b"<script>alert" not in page.data


def test_a_search_in_vain_stands_on_the_editors_list_and_one_while_typing_does_not(site: Site) -> None:
    site.get("/answers?q=Moon+landing")
    site.get("/answers/search.json?q=Sun+landing")

    page = site.sign_in(make.make_agent()).get("/answers/edit/unanswered")

    assert page.all(".answer-title") == ["moon landing"]


def test_programs_get_the_words_and_the_whole_address(site: Site) -> None:
    publish(Words("Parking permits", "See [the map](/map)."))

    found = site.get("/answers/search.json?q=parking").json["answers"]

    assert [(one["title"], one["text"]) for one in found] == [("Parking permits", "See the map.")]
    assert found[0]["page"].startswith("http")


def test_an_agent_writes_and_sends_and_a_supervisor_publishes(app: Flask, site: Site) -> None:
    agent, supervisor = make.make_agent(), make.make_supervisor()
    site.sign_in(agent)
    page = site.submit("/answers/edit/new", title="Parking permits", body="Ask at the counter.")
    site.submit(page, form=f"{page.path}/send", message="")

    boss = site.another().sign_in(supervisor)
    boss.submit(page.path, form=f"{page.path}/publish", message="")

    assert site.another().get("/answers/parking-permits").text_of(".prose") == "Ask at the counter."


def test_a_text_that_somebody_changed_meanwhile_is_kept_on_the_page_and_saved_after_a_look(
    site: Site,
) -> None:
    site.sign_in(make.make_agent())
    article = site.submit("/answers/edit/new", title="Parking permits", body="Ask at the counter.").path
    address = f"{article}/text/en"
    before = site.get(address)
    site.submit(before, form=address, title="Parking permits", body="Ask by telephone.")

    page = site.submit(before, form=address, title="Parking permits", body="Ask by mail.")

    assert (page.status, page.form(address).value("body")) == (409, "Ask by mail.")
    site.submit(page, form=address)
    assert site.get(address).form(address).value("body") == "Ask by mail."


def test_an_answer_is_offered_before_a_report_is_sent_and_solves_it_only_when_somebody_says_so(
    site: Site,
) -> None:
    category = make.make_category()
    key = publish(Words("Old sofas", "Call the lorry."))
    tell_place(site)
    tell_words(site, category, "An old sofa stands in the street")
    page = tell_details(site)

    assert page.all(".answer-title") == ["Old sofas"]
    assert queries.helped(key).solved == 0
    page = site.submit(page, form=f"{NEW}/answered")

    assert page.path == "/answers/old-sofas"
    assert queries.helped(key).solved == 1
    assert site.get(f"{NEW}/check", follow=False).status == 303


def test_a_title_in_another_language_than_the_page_begins_on_the_side_of_its_own(site: Site) -> None:
    publish(Words("Parking permits", "Ask at the counter."))

    site.client.set_cookie("lang", "ko", domain="localhost")
    page = site.get("/answers")

    assert page.value_of(".answer-title", "lang") == "en"
    assert page.value_of(".answer-title", "dir") == "auto"
    assert page.all(".answer-title a") == ["Parking permits"]
