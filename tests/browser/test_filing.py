"""Filing a complaint in a real Chromium on a small phone: with scripts, and without any."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cps.cases import queries
from cps.cases.models import Case
from cps.cases.rules import OPEN
from cps.core.db import db
from cps.departments.models import Category
from tests.complaints.steps import photo
from tests.support.browser import Live

NEW = "/complaints/new"

Open = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Any, live: Live) -> Iterator[Open]:
    """Open a page of the demo city on a phone of 360 by 740; afterwards no script may have failed."""
    contexts, problems = [], []

    def opened(path: str, **options: Any) -> Page:
        phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
        context = chromium.new_context(**{**phone, **options})
        contexts.append(context)
        page: Page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(live.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def photo_file(tmp_path: Path) -> Path:
    path = tmp_path / "hole.jpg"
    path.write_bytes(photo())
    return path


def next_step(page: Page, text: str = "Continue") -> None:
    """Go on, and wait for the script of the next step: what is typed before it runs is not heard."""
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name=text, exact=True).click()


def past_what_answers(page: Page) -> None:
    """Go on from what the city answers already about these words to the last look."""
    heading(page, "This may already answer you")
    page.get_by_role("link", name="go on").click()
    heading(page, "Look once more, then send")


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def open_pothole(live: Live) -> Case:
    """Return an open complaint of the demo city that everybody sees, with a place."""
    wanted = (
        db.select(Case)
        .join(Category)
        .where(Category.code == "pothole", Case.is_listed, Case.lat.is_not(None))
    )
    with live.application.app.app_context():
        return db.session.scalars(wanted.where(Case.status.in_(OPEN)).order_by(Case.id).limit(1)).one()


def sent_case(page: Page, live: Live) -> Case:
    """Return the case whose number stands on the last page."""
    heading(page, "Sent. Thank you!")
    number = page.locator(".big-code").first.inner_text()
    with live.application.app.app_context():
        return queries.get_case(number.replace("-", ""))


def test_with_scripts_a_phone_shows_finds_and_hints(open_page: Open, live: Live, photo_file: Path) -> None:
    near = open_pothole(live)
    here = {"latitude": near.lat, "longitude": near.lon}
    page = open_page(NEW, geolocation=here, permissions=["geolocation"])

    page.set_input_files("#photos", photo_file)
    expect(page.get_by_alt_text("A photo you chose")).to_be_visible()
    next_step(page)

    page.get_by_role("button", name="I am standing next to it").tap()
    expect(page.get_by_text("Position found.")).to_be_visible()
    next_step(page)

    page.get_by_label("What is wrong?").press_sequentially("A deep hole in the road")
    page.locator("[data-hints]").get_by_role("button", name="Pothole").tap()
    expect(page.get_by_label("Pothole")).to_be_checked()
    next_step(page)

    page.get_by_label("The city's").check()
    page.get_by_label("No", exact=True).check()
    next_step(page)
    expect(page.get_by_role("link", name=near.title)).to_be_visible()
    page.get_by_role("link", name="None of these, go on").click()

    heading(page, "Look once more, then send")
    page.get_by_role("button", name="Send my complaint").dblclick()

    case = sent_case(page, live)
    assert (case.lat, case.lon) == (pytest.approx(near.lat), pytest.approx(near.lon))
    assert (case.ward_id, case.photo_count) == (near.ward_id, 1)
    expect(page.locator(".qr svg")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_be_visible()


def test_without_scripts_everything_can_be_done(
    open_page: Open, live: Live, photo_file: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "drawing.svg"
    bad.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    page = open_page(NEW, java_script_enabled=False)

    page.set_input_files("#photos", [photo_file, bad])
    next_step(page)
    expect(page.get_by_text("drawing.svg: This is not a photo we can read.")).to_be_visible()
    expect(page.get_by_alt_text("Your photo 1")).to_be_visible()
    next_step(page)

    next_step(page)
    expect(page.get_by_role("alert")).to_contain_text("Say where it is")
    page.get_by_label("Street or landmark").fill("Mill Lane, by the bridge")
    next_step(page)

    page.get_by_label("What is wrong?").fill("A deep hole in the road")
    next_step(page)
    expect(page.get_by_text("From your words it may be one of these:").first).to_be_visible()
    expect(page.get_by_label("What is wrong?")).to_have_value("A deep hole in the road")
    page.get_by_label("Pothole").check()
    next_step(page)

    page.get_by_label("Private: inside").check()
    page.get_by_label("No", exact=True).check()
    next_step(page)
    expect(page.get_by_role("alert").first).to_contain_text("Ask the owner")
    page.get_by_label("The city's").check()
    next_step(page)
    past_what_answers(page)

    page.get_by_role("link", name="Change Where").click()
    expect(page.get_by_label("Street or landmark")).to_have_value("Mill Lane, by the bridge")
    next_step(page)
    next_step(page)
    next_step(page)
    past_what_answers(page)
    page.get_by_role("button", name="Send my complaint").click()

    case = sent_case(page, live)
    assert (case.address, case.photo_count) == ("Mill Lane, by the bridge", 1)
    assert case.answers["ground"] == ["public"]


def test_a_search_shows_only_the_categories_it_finds(open_page: Open) -> None:
    page = open_page(f"{NEW}/words")

    page.get_by_label("Find a category").fill("lamp")
    expect(page.get_by_label("Street light")).to_be_visible()
    expect(page.get_by_label("Pothole")).to_be_hidden()

    page.get_by_label("Find a category").fill("xylophone")
    expect(page.get_by_text("No category has this word.")).to_be_visible()

    page.get_by_label("Find a category").fill("")
    expect(page.get_by_text("Water and drains")).to_be_visible()


def test_a_chosen_photo_can_be_left_out_before_it_travels(open_page: Open, photo_file: Path) -> None:
    page = open_page(NEW)
    page.set_input_files("#photos", photo_file)

    page.get_by_role("button", name="Leave out").tap()

    expect(page.get_by_alt_text("A photo you chose")).to_have_count(0)
    expect(page.get_by_role("link", name="No photo")).to_be_visible()
    next_step(page)
    heading(page, "Where is it?")


def test_a_refused_position_says_what_to_do_instead(open_page: Open) -> None:
    page = open_page(f"{NEW}/place", permissions=[])

    page.get_by_role("button", name="I am standing next to it").tap()

    expect(page.get_by_text("Write the street or a landmark instead.")).to_be_visible()


def test_the_phone_goes_back_without_losing_anything(open_page: Open) -> None:
    page = open_page(f"{NEW}/place")
    page.get_by_label("Street or landmark").fill("Mill Lane")
    next_step(page)
    heading(page, "Tell it in your words")

    page.go_back()

    expect(page.get_by_label("Street or landmark")).to_have_value("Mill Lane")


def test_another_language_midway_keeps_what_is_typed(open_page: Open) -> None:
    page = open_page(f"{NEW}/place")
    page.get_by_label("Street or landmark").fill("Mill Lane")

    page.get_by_role("link", name="Language: English").tap()
    page.get_by_role("button", name="한국어").tap()

    expect(page).to_have_url(re.compile(f"{NEW}/place$"))
    expect(page.locator("input[name=address]")).to_have_value("Mill Lane")


@pytest.mark.parametrize("language", ["en", "pseudo-rtl"])
def test_no_step_is_wider_than_the_smallest_phone(open_page: Open, live: Live, language: str) -> None:
    page = open_page(NEW, viewport={"width": 320, "height": 640})
    page.context.add_cookies([{"name": "lang", "value": language, "url": live.url}])

    for step in ("", "/photos", "/place", "/words"):
        page.goto(f"{live.url}{NEW}{step}")
        for part in page.locator("details > summary").all():
            part.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, step
