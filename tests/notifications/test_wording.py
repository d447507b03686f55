"""Every letter in every language: whole, without a hole, and leading somewhere that exists."""

import re
from itertools import product
from urllib.parse import urlsplit

import pytest
from flask import Flask

from cps.accounts.rules import CodePurpose
from cps.cases.models import Case, CaseEvent
from cps.cases.reference import hash_secret
from cps.cases.rules import OUTCOMES, CaseKind, EventKind, Outcome, Status
from cps.cases.services.filing import link_secret
from cps.core import city as cities
from cps.core import clock as real_clock
from cps.core import offline
from cps.core.db import db
from cps.notifications import account_wording, links, wording
from cps.notifications.letters import Letter, Part, as_html, as_text, subject_of
from cps.notifications.parts import Ends
from cps.notifications.rules import TOLD, Reader
from tests.support import factories

LANGUAGES = ["en", "ko", "pseudo", "pseudo-rtl"]
ENDS = Ends(
    "http://localhost/case",
    is_secret=True,
    joined_to="http://localhost/other",
    unsubscribe="http://localhost/stop",
)
HOLE = re.compile(r"%\(|\{\{|None\b|<Lazy|LazyString")


def whole(letter: Letter) -> None:
    """Check what every letter must have."""
    text, html, subject = as_text(letter), as_html(letter), subject_of(letter)
    for said in (text, html, subject):
        assert said.strip()
        assert not HOLE.search(said), HOLE.search(said)
    assert "\n\n\n" not in text
    assert len(subject) <= 150
    for part in [*letter.parts, *letter.foot]:
        assert part.text or part.rows
        assert part.kind != "link" or (part.url in text and part.url in html)


@pytest.fixture
def case(app: Flask) -> Case:
    case = factories.make_complaint(title="가로등이 꺼졌어요", language="ko")
    assert case.department.name
    db.session.expunge_all()  # tests change it without writing it
    return case


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.first_case("the cases differ in their wording")
def test_every_event_has_a_letter_for_every_reader(case: Case, language: str) -> None:
    city = cities.get()
    kinds = [kind for kind in TOLD if kind is not EventKind.MOVED]
    with offline.speaking(language, city):
        for kind, reader in product(kinds, Reader):
            event = CaseEvent(
                case=case, kind=kind, message="Words.", language="en", status=None, outcome=None
            )
            whole(wording.news_letter(city, case, event, reader, ENDS))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CaseKind)
@pytest.mark.first_case("the cases differ in their wording")
def test_every_status_and_outcome_has_a_letter(case: Case, kind: CaseKind, language: str) -> None:
    city = cities.get()
    case.kind = kind
    outcomes: list[Outcome | None] = [None, *sorted(OUTCOMES[kind])]
    with offline.speaking(language, city):
        for status, outcome, reader in product(Status, outcomes, Reader):
            event = CaseEvent(kind=EventKind.MOVED, message="", status=status, outcome=outcome)
            whole(wording.news_letter(city, case, event, reader, ENDS))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.first_case("the cases differ in their wording")
def test_every_other_letter_is_whole(case: Case, language: str) -> None:
    city = cities.get()
    with offline.speaking(language, city):
        whole(wording.filed_letter(city, case, ENDS))
        whole(account_wording.known_address_letter(city, "123456"))
        for purpose in CodePurpose:
            letter = account_wording.code_letter(city, "123456", purpose)
            whole(letter)
            assert "123" not in letter.subject
            assert as_text(letter).startswith("123 456")


def test_a_letter_is_written_from_right_to_left_where_its_language_is(case: Case) -> None:
    city = cities.get()
    with offline.speaking("pseudo-rtl", city):
        assert '<html lang="en" dir="rtl">' in as_html(wording.filed_letter(city, case, ENDS))


def test_the_language_of_one_letter_does_not_stay_for_the_next(case: Case) -> None:
    city = cities.get()
    with offline.speaking("ko", city):
        korean = wording.filed_letter(city, case, ENDS)
    with offline.speaking("en", city):
        english = wording.filed_letter(city, case, ENDS)

    assert "Testford" in english.foot[-1].text
    assert "시험시" in korean.foot[-1].text


def test_a_letter_loads_nothing_from_anywhere(case: Case) -> None:
    city = cities.get()
    with offline.speaking("en", city):
        html = as_html(wording.filed_letter(city, case, ENDS))

    assert not re.search(r"<(img|script|link|iframe)\b|url\(|@import", html)


def test_a_quoted_text_keeps_its_lines_in_both_forms(app: Flask) -> None:
    letter = Letter("Subject", [Part("quote", "One\ntwo\n\nthree <b>", "en")])

    assert as_text(letter) == "> One\n> two\n> \n> three <b>\n"
    assert "<p>One<br>two</p>" in as_html(letter)
    assert "three &lt;b&gt;" in as_html(letter)


def test_every_link_of_a_message_leads_to_a_page_of_this_site(app: Flask, case: Case) -> None:
    own = links.reporter_link(case, hash_secret(link_secret(case.reference)))
    found = [links.case_link(case), links.unsubscribe_link(7, case.id), own]
    adapter = app.url_map.bind("localhost")

    for address in found:
        assert address
        assert adapter.match(urlsplit(address).path)[0]


def test_addresses_come_from_the_settings_and_not_from_who_asks(app: Flask, case: Case) -> None:
    with app.test_request_context("/", base_url="http://evil.example"):
        assert links.case_link(case).startswith("http://localhost/complaints/")


def test_a_case_far_from_due_says_its_date_with_the_year_where_it_is_another(case: Case) -> None:
    city = cities.get()
    case.due_at = real_clock.now().replace(year=2027)
    with offline.speaking("en", city):
        assert "2027" in as_text(wording.filed_letter(city, case, ENDS))
