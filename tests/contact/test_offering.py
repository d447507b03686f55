"""What may answer a caller, offered while an agent types."""

import pytest
from sqlalchemy import func, select

from cps.accounts.models import Account
from cps.cases.models import Case
from cps.contact.models import Contact
from cps.contact.rules import Ending
from cps.core import clock
from cps.core.db import db, transaction
from cps.knowledge import services as answers
from cps.knowledge.models import Article
from cps.knowledge.rules import Move, Words
from tests.support import factories as make
from tests.support.site import Site

PHONE = "010-1234-5678"


@pytest.fixture
def agent(app: object) -> Account:
    return make.make_agent()


@pytest.fixture
def calls(site: Site, agent: Account) -> Site:
    """An agent at the contact centre."""
    return site.sign_in(agent)


@pytest.fixture
def waste(agent: Account) -> Article:
    """The article on bulky waste, beside one on something else."""
    publish("Opening hours", "From nine to six.", agent)
    return publish("Bulky waste", "We fetch it on Mondays.", agent)


def publish(title: str, text: str, author: Account) -> Article:
    supervisor = make.make_supervisor()
    with transaction():
        article = answers.begin("en", Words(title, text), by=author, at=clock.now())
        answers.move(article, Move.SEND, by=author, at=clock.now())
        answers.move(article, Move.PUBLISH, by=supervisor, at=clock.now())
    return article


def offered(calls: Site, words: str, where: str = "") -> str:
    """Return what is offered to an agent who types these words just now."""
    return str(calls.post_raw(f"/contact/answers/offered{where}", {"title": words}).json["piece"])


@pytest.mark.usefixtures("waste")
def test_answers_are_offered_while_an_agent_types_and_record_the_contact(calls: Site) -> None:
    piece = offered(calls, "bulky", f"?phone={PHONE}&call=pbx-9")
    assert "Bulky waste" in piece
    assert "We fetch it on Mondays." in piece
    assert "Opening hours" not in piece
    assert 'value="pbx-9"' in piece
    assert "<form" in piece

    within = offered(calls, "Somebody left bulky waste here", "?inside=1")
    assert 'formaction="/contact/answered"' in within
    assert "<form" not in within


@pytest.mark.usefixtures("waste")
@pytest.mark.parametrize("words", ["", "zz", PHONE, "2611-4839-1267", "bulky waste , a live wire"])
def test_nothing_is_offered_for_a_number_or_where_somebody_may_be_in_danger(calls: Site, words: str) -> None:
    assert offered(calls, words) == ""
    assert offered(calls, words, "?inside=1") == ""


def test_an_answer_given_while_a_case_is_written_is_recorded_with_the_caller(
    calls: Site, waste: Article
) -> None:
    make.make_category("Lamp", code="lamp")
    page = calls.get(f"/contact/file?phone={PHONE}&call=pbx-9")
    key = page.form("/contact/file").value("form_key")

    calls.post_raw(
        "/contact/answered",
        {"form_key": key, "phone": PHONE, "call": "pbx-9", "body": "Bulky waste", "answer": waste.slug},
    )

    row = db.session.scalars(select(Contact)).one()
    assert (row.ending, row.call_ref, row.article_id) == (Ending.ANSWERED, "pbx-9", waste.id)
    assert db.session.scalar(select(func.count()).select_from(Case)) == 0
