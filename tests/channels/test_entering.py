"""What staff enter: forms on paper under the number that was printed, chats that were copied; each once."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask

from cps.accounts.models import Account
from cps.cases.reference import display, parse, reference_to_set_aside
from cps.cases.rules import Channel
from cps.channels import services
from cps.channels.conversation import of_resident, read
from cps.channels.models import PaperForm
from cps.core import city as cities
from cps.core import clock as real_clock
from cps.core.db import db, transaction
from tests.channels.support import cases
from tests.support.factories import make_agent, make_category, make_resident
from tests.support.fixtures import Clock, Database
from tests.support.page import Page
from tests.support.site import Site

PLAIN = {"body": "The lamp at the gate is out", "privacy": "public"}


@pytest.fixture(autouse=True)
def categories(app: Flask) -> None:
    make_category("Pothole", code="pothole")
    make_category("Something else", code="other")


@pytest.fixture
def agent(app: Flask) -> Account:
    return make_agent()


def set_aside(number: int = 1) -> list[tuple[str, str]]:
    with transaction():
        return services.set_aside(number, "en", city=cities.get(), at=real_clock.now())


def enter(site: Site, reference: str, **typed: str) -> Page:
    return site.submit("/channels/paper", reference=reference, **{**PLAIN, **typed})


def test_a_form_becomes_a_case_under_its_number_which_its_pin_opens(site: Site, agent: Account) -> None:
    (reference, pin), _other = set_aside(2)

    page = enter(site.sign_in(agent), display(reference), category="pothole", privacy="private")

    (case,) = cases()
    assert display(reference) in page.text
    assert (case.reference, case.channel, case.category.code) == (reference, Channel.PAPER, "pothole")
    assert (case.filed_by_id, case.is_private) == (agent.id, True)
    opened = site.another().submit(f"/complaints/{display(reference)}/unlock", pin=pin)
    assert "The lamp at the gate is out" in opened.text


def test_a_form_that_was_entered_before_leads_to_its_case(site: Site, agent: Account) -> None:
    ((reference, _pin),) = set_aside()
    site.sign_in(agent)
    enter(site, reference)

    page = enter(site, reference, body="Typed once more")

    assert page.status == 409
    assert f"It is case {display(reference)}" in page.text
    assert "Typed once more" in page.html
    assert [case.body for case in cases()] == [PLAIN["body"]]


def test_two_who_enter_the_same_form_at_once_make_one_case(site: Site, agent: Account) -> None:
    ((reference, _pin),) = set_aside()
    both = Barrier(2)
    clerks = [site.another().sign_in(agent) for _ in range(2)]
    pages = [clerk.get("/channels/paper") for clerk in clerks]

    def enter_it(number: int) -> int:
        both.wait()
        return clerks[number].submit(pages[number], reference=reference, **PLAIN).status

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(enter_it, range(2))) == [200, 409]
    assert len(cases()) == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"reference": "2611-9000-0001"}, "One digit is wrong"),
        ({"reference": "2611-9839-126"}, "twelve digits"),
        ({"body": ""}, "Write what stands there."),
        ({"contact": "nobody"}, "Write an address"),
        ({"received": "2026-11-19"}, "still to come"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    site: Site, agent: Account, typed: dict[str, str], says: str
) -> None:
    page = enter(site.sign_in(agent), **{"reference": "", "address": "Mill Lane 5", **typed})

    assert page.status == 422
    assert says in page.text
    assert "Mill Lane 5" in page.html
    assert not cases()


def test_a_number_that_nobody_set_aside_is_refused(site: Site, agent: Account) -> None:
    unknown = reference_to_set_aside(real_clock.now(), cities.get().zone)

    page = enter(site.sign_in(agent), unknown)

    assert "No form was printed with this number" in page.text
    assert not cases()


def test_the_kit_prints_forms_with_numbers_and_the_answers(database: Database, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cps", "offline-kit", "--forms", "3", "--out", str(tmp_path / "kit")]

    ran = subprocess.run(command, env=database.environment(), capture_output=True, check=False)

    assert ran.returncode == 0, ran.stderr.decode()
    printed = next((tmp_path / "kit").glob("forms-en-*.html"))
    db.session.rollback()
    kept = {form.reference for form in db.session.scalars(db.select(PaperForm))}
    assert {parse(found) for found in re.findall(r"\d{4}-\d{4}-\d{4}", printed.read_text())} == kept
    assert len(kept) == 3
    assert printed.stat().st_mode & 0o777 == 0o600
    assert list((tmp_path / "kit").glob("answers-en-*.html"))


def test_a_chat_becomes_a_case_and_words_to_paste_back(site: Site, agent: Account) -> None:
    site.sign_in(agent)
    chat = "[10:21, 18/11/2026] Kim: The lamp is out\nby the gate\n[10:22, 18/11/2026] Testford: Which?\n"
    read_page = site.submit("/channels/pasted", conversation=chat)
    page = site.submit(read_page, privacy="private")

    (case,) = cases()
    assert (case.channel, case.body) == (Channel.CHAT, "The lamp is out\nby the gate")
    assert f"/complaints/{display(case.reference)}/key/" in page.text
    again = site.submit(read_page, privacy="private")
    assert f"It is case {display(case.reference)}" in again.text
    assert len(cases()) == 1
    assert site.another().sign_in(make_agent()).get(f"/channels/entered/{case.reference}").status == 404


def test_the_link_of_a_reporter_is_shown_for_an_hour_to_who_entered_the_case(
    site: Site, agent: Account, clock: Clock
) -> None:
    site.sign_in(agent)
    read_page = site.submit("/channels/pasted", conversation="Kim: The lamp is out")
    site.submit(read_page, privacy="private")
    shown = f"/channels/entered/{cases()[0].reference}"

    assert "/key/" in site.get(shown).text
    clock.move(minutes=61)
    assert site.get(shown).status == 404


@pytest.mark.parametrize(
    "chat",
    [
        "Kim: The lamp\nCity: Which?\nKim: By the gate",
        "[Kim] [오전 10:21] The lamp\n[City] [오전 10:22] Which?\n[Kim] [오전 10:23] By the gate",
        "18/11/2026, 10:21 - Kim: The lamp\n18/11/2026, 10:22 - City: Which?\n10:23 - Kim: By the gate",
        "Kim, 10:21\nThe lamp\nCity, 10:22\nWhich?\nKim, 10:23\nBy the gate",
    ],
)
def test_a_copied_chat_is_parted_by_who_said_what(chat: str) -> None:
    said = of_resident(read(chat), ours=frozenset({"city"}))

    assert (said.name, said.text) == ("Kim", "The lamp\nBy the gate")


def test_what_is_no_chat_is_what_one_person_said() -> None:
    assert of_resident(read("The lamp is out"), ours=frozenset()).text == "The lamp is out"


def test_residents_enter_nothing(site: Site) -> None:
    assert site.sign_in(make_resident()).get("/channels/paper").status == 404


def test_anybody_prints_the_form_in_their_language(site: Site) -> None:
    page = site.get("/paper/complaint?lang=ko")

    assert page.status == 200
    assert "<svg" in page.html
