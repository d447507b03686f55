"""The officer's desk in a real Chromium: columns that fit the window, the keyboard, places that are kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from cps.accounts.models import Account
from cps.core.db import db
from cps.departments.models import Category, Staff
from cps.departments.rules import CategoryKind
from tests.complaints.steps import photo
from tests.support.browser import Live, OneTab, Opener, Window
from tests.support.factories import make_complaint
from tests.support.pages import Look, at

OFFICER = "officer@demo.test"
LIST = Look("the desk", at("/desk?box=department"), OFFICER)
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
NEW_CASES = 12
LETTERS = {
    "r": "reply",
    "e": "close",
    "t": "transfer",
    "c": "sort",
    "d": "join",
    "n": "note",
    "i": "about-staff",
}


@pytest.fixture(scope="module", autouse=True)
def _enough_new_cases(live: Live) -> None:
    """Let the officer's department have new cases for all tests here, most of which take one."""
    with live.application.app.app_context():
        own = db.select(Staff.department_id).join(Account, Account.id == Staff.account_id)
        offered = db.select(Category).filter_by(kind=CategoryKind.COMPLAINT, is_active=True)
        roads = db.session.scalars(own.where(Account.email == OFFICER)).first()
        category = db.session.scalars(offered.filter_by(department_id=roads).order_by(Category.id)).first()
        for _case in range(NEW_CASES):
            make_complaint(category=category)


@pytest.fixture
def window(tab: OneTab) -> Window:
    """The list of the whole department on a desktop."""
    return tab(LIST, **DESKTOP)


@pytest.fixture
def page(window: Window) -> Page:
    desk: Page = window.page
    return desk


@pytest.fixture
def opened(page: Page) -> Page:
    """An open case that nobody is working on, beside the list."""
    page.goto(page.url.replace("box=department", "box=new"))
    go_by_click(row(page, 0))
    expect(page.locator(".desk-case h1")).to_be_visible()
    return page


WORDS_LEFT = """element => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return range.getBoundingClientRect().left;
}"""
"""Where the words of an element begin, counted from the left."""


def row(page: Page, number: int) -> Locator:
    return page.locator("[data-desk-row] .desk-title a").nth(number)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def go_by_key(page: Page, *keys: str) -> None:
    """Press keys, the last of which leads to another page."""
    with page.expect_navigation(wait_until="load"):
        press(page, *keys)


def go_by_click(link: Locator) -> None:
    """Click on what leads to another page, and wait for its script: keys go to whatever page is there."""
    with link.page.expect_navigation(wait_until="load"):
        link.click()


def scrolled(page: Page) -> int:
    return int(page.evaluate("document.querySelector('[data-desk-list]').scrollTop"))


def is_seen(place: Locator) -> bool:
    """Say whether an element stands where one can see it, also inside what scrolls by itself."""
    return bool(
        place.evaluate(
            """element => {
              const box = element.getBoundingClientRect();
              const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
              return element.contains(there) || Boolean(there?.contains(element));
            }"""
        )
    )


@pytest.mark.parametrize(
    ("width", "shows", "beside"),
    [(1280, ["boxes", "list", "case"], True), (768, ["boxes", "list", "case"], True), (360, ["case"], False)],
)
def test_each_window_shows_as_many_parts_as_it_holds(
    tab: OneTab, width: int, shows: list[str], beside: bool
) -> None:
    page = tab(LIST, width=width, height=800).page
    go_by_click(row(page, 0))

    parts = ["boxes", "list", "case"]
    assert [part for part in parts if page.locator(f".desk-{part}").is_visible()] == shows
    assert page.get_by_role("link", name="Back to the list").is_visible() is not beside
    assert page.evaluate("document.documentElement.scrollWidth") == width
    if beside:
        assert page.evaluate("document.documentElement.scrollHeight") == 800


def test_j_and_k_walk_the_list_and_enter_opens(page: Page) -> None:
    press(page, "j")
    expect(row(page, 0)).to_be_focused()
    press(page, "j", "j", "k")
    expect(row(page, 1)).to_be_focused()
    title = row(page, 1).inner_text()

    go_by_key(page, "Enter")

    expect(page.locator(".desk-case h1")).to_have_text(title)
    expect(page.locator("[data-desk-row][aria-current] .desk-title")).to_have_text(title)
    expect(page.locator("[data-desk-case]")).to_be_focused()
    press(page, "j")
    expect(row(page, 2)).to_be_focused()


def test_walking_ends_at_both_ends_and_keeps_the_row_in_sight(page: Page) -> None:
    press(page, "k", "k")
    expect(row(page, 0)).to_be_focused()

    last = page.locator("[data-desk-row]").count() - 1
    press(page, *["j"] * (last + 3))

    expect(row(page, last)).to_be_focused()
    assert is_seen(row(page, last))


@pytest.mark.parametrize(("letter", "act"), LETTERS.items())
def test_a_letter_unfolds_what_an_act_needs_and_escape_folds_it(opened: Page, letter: str, act: str) -> None:
    panel, button = opened.locator(f"#panel-{act}"), opened.locator(f'[data-key="{letter}"]')
    expect(panel).to_be_hidden()

    press(opened, letter)
    expect(panel).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    assert opened.evaluate(f"document.querySelector('#panel-{act}').contains(document.activeElement)")
    assert opened.evaluate("document.activeElement.matches('textarea, select, input')")

    press(opened, "Escape")
    expect(button).to_be_focused()
    press(opened, "Escape")
    expect(panel).to_be_hidden()
    expect(button).to_have_attribute("aria-expanded", "false")


def test_one_form_is_open_at_a_time_and_what_was_typed_in_another_stays(opened: Page) -> None:
    press(opened, "r")
    opened.locator("#reply-message").fill("We come on Tuesday.")
    press(opened, "Escape", "n")
    expect(opened.locator("#panel-reply")).to_be_hidden()
    expect(opened.locator("#note-message")).to_be_focused()

    press(opened, "Escape", "r")

    expect(opened.locator("#panel-note")).to_be_hidden()
    expect(opened.locator("#reply-message")).to_have_value("We come on Tuesday.")


def test_a_letter_leads_from_elsewhere_back_into_its_open_form(opened: Page) -> None:
    press(opened, "r")
    opened.locator("#reply-message").fill("We come on Tuesday.")
    opened.locator("[data-desk-case]").focus()

    press(opened, "r")

    expect(opened.locator("#reply-message")).to_be_focused()
    expect(opened.locator("#reply-message")).to_have_value("We come on Tuesday.")


def test_only_a_no_asks_why_and_only_what_is_not_the_citys_whose_it_is(opened: Page) -> None:
    whose, reason = opened.locator("#close-whose"), opened.locator("#close-reason")
    press(opened, "e", "Space")
    expect(whose).to_be_hidden()
    expect(reason).to_be_hidden()

    opened.locator("[name=outcome][value=cannot-be-done]").check()
    expect(whose).to_be_hidden()
    expect(reason).to_be_visible()

    opened.locator("[name=outcome][value=not-ours]").check()
    expect(whose).to_be_visible()
    expect(reason).to_be_visible()


def test_letters_in_a_field_are_letters(opened: Page) -> None:
    press(opened, "r")
    opened.keyboard.type("jerk? a/n \\ te d c")

    expect(opened.locator("#reply-message")).to_have_value("jerk? a/n \\ te d c")


def test_a_letter_with_a_modifier_belongs_to_the_browser(opened: Page) -> None:
    press(opened, "Alt+n", "Control+r")

    expect(opened.locator("#panel-note")).to_be_hidden()


def test_the_slash_leads_to_the_search_and_escape_back_to_the_row(opened: Page) -> None:
    press(opened, "/")
    expect(opened.locator("#search-q")).to_be_focused()
    opened.keyboard.type("jk")

    press(opened, "Escape")

    expect(opened.locator("[data-desk-row][aria-current] .desk-title a")).to_be_focused()
    expect(opened.locator("#search-q")).to_have_value("jk")


def test_the_question_mark_shows_the_keys_and_letters_can_be_turned_off(opened: Page) -> None:
    press(opened, "?")
    expect(opened.get_by_role("dialog")).to_be_visible()
    press(opened, "n")
    expect(opened.locator("#panel-note")).to_be_hidden()
    opened.get_by_label("Turn the letters off on this device").check()
    press(opened, "Escape")
    expect(opened.get_by_role("dialog")).to_be_hidden()

    opened.reload()
    press(opened, "n", "j")

    expect(opened.locator("#panel-note")).to_be_hidden()


def test_a_takes_the_case_which_stays_open(opened: Page) -> None:
    title = opened.locator(".desk-case h1").inner_text()

    go_by_key(opened, "a")

    expect(opened.locator(".desk-case h1")).to_have_text(title)
    expect(opened.locator(".desk-said")).to_contain_text("The case is yours.")
    expect(opened.locator(".desk-states")).to_contain_text("You have it")
    expect(opened.locator("[data-desk-case]")).to_be_focused()
    press(opened, "j")
    assert opened.evaluate("document.activeElement.matches('.desk-title a')")


def test_a_reply_is_written_on_a_template_and_sent_without_leaving_the_keyboard(opened: Page) -> None:
    press(opened, "r", "Shift+Tab", "Shift+Tab", "ArrowDown", "Tab")
    go_by_key(opened, "Enter")
    expect(opened.locator("#reply-message")).to_be_focused()
    template = opened.locator("#reply-message").input_value()
    assert template

    opened.keyboard.type(" On Tuesday.")
    press(opened, "Tab", "ArrowDown")
    go_by_key(opened, "Control+Enter")

    expect(opened.locator(".desk-said")).to_contain_text("Sent to the resident")
    expect(opened.locator(".story")).to_contain_text(f"{template} On Tuesday.")
    expect(opened.locator(".desk-states")).to_contain_text("Being worked on")


def test_enter_in_a_field_sends_the_form_and_inserts_no_template(opened: Page) -> None:
    press(opened, "e")
    opened.locator("#close-message").fill("It was your fence.")
    opened.locator("#close-outcome-1").check()

    go_by_key(opened, "Enter")

    expect(opened.locator(".desk-said")).to_contain_text("The case is closed.")


def test_a_case_that_leaves_the_desk_leads_to_the_list_and_j_to_the_next(page: Page) -> None:
    press(page, "j", "j")
    following = row(page, 2).inner_text()
    go_by_key(page, "Enter")
    press(page, "t", "ArrowDown", "Tab")
    page.keyboard.type("It is a lamp.")

    go_by_key(page, "Control+Enter")

    expect(page.locator(".desk-said")).to_contain_text("The case is with the other department.")
    expect(page.locator("[data-desk-list]")).to_be_focused()
    press(page, "j")
    expect(page.locator(".desk-title a:focus")).to_have_text(following)


@pytest.mark.parametrize("letter", LETTERS)
def test_a_form_that_unfolds_shows_its_first_field_below_the_buttons(opened: Page, letter: str) -> None:
    opened.locator("[data-desk-case]").evaluate("part => part.scrollTop = 600")

    press(opened, letter)

    assert is_seen(opened.locator("*:focus"))
    assert is_seen(opened.locator(f"#panel-{LETTERS[letter]} h2").first)


def test_the_button_of_the_open_form_looks_chosen_also_when_it_is_the_main_one(opened: Page) -> None:
    go_by_key(opened, "a")
    button = opened.locator('[data-key="r"]')
    before = button.evaluate("e => getComputedStyle(e).backgroundColor")

    press(opened, "r")
    chosen = button.evaluate("e => getComputedStyle(e).backgroundColor")
    other = opened.locator('[data-key="n"]').evaluate("e => getComputedStyle(e).backgroundColor")

    assert len({before, chosen, other}) == 3


def test_a_form_that_the_address_opens_makes_room_for_the_next(opened: Page) -> None:
    opened.goto(opened.url + "#panel-reply")
    opened.reload()
    expect(opened.locator("#panel-reply")).to_be_visible()

    press(opened, "Escape", "n")

    expect(opened.locator("#panel-note")).to_be_visible()
    expect(opened.locator("#panel-reply")).to_be_hidden()


def test_back_returns_to_the_same_row_at_the_same_height(page: Page) -> None:
    middle = page.locator("[data-desk-row]").count() // 2
    press(page, *["j"] * middle)
    before, title = scrolled(page), row(page, middle - 1).inner_text()
    assert before > 0

    go_by_key(page, "Enter")
    assert abs(scrolled(page) - before) <= 1
    page.go_back(wait_until="load")

    assert abs(scrolled(page) - before) <= 1
    assert page.evaluate("document.activeElement.innerText") == title


def test_another_box_begins_at_its_top(page: Page) -> None:
    press(page, *["j"] * 12)
    assert scrolled(page) > 0

    go_by_click(page.get_by_role("link", name="Late"))

    assert scrolled(page) == 0


def test_on_a_phone_the_way_back_leads_to_the_row(tab: OneTab) -> None:
    page = tab(LIST, **PHONE).page
    seventh = row(page, 7)
    title = seventh.inner_text()
    go_by_click(seventh)
    expect(page.locator("h1")).to_have_text(title)

    go_by_click(page.get_by_role("link", name="Back to the list"))

    expect(page.locator(":target .desk-title")).to_have_text(title)
    assert is_seen(page.locator(":target .desk-title a"))


def test_on_a_phone_the_chosen_box_is_seen(tab: OneTab) -> None:
    page = tab(Look("reopened", at("/desk?box=reopened"), OFFICER), **PHONE).page

    assert is_seen(page.locator(".desk-boxes [aria-current]"))


def test_a_filter_sends_itself_and_stands_as_a_chip(page: Page) -> None:
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("State").select_option("planned")

    page.wait_for_url("**status=planned*")
    expect(page.locator(".chips a")).to_have_text("Remove filter: Planned")
    page.locator(".chips a").click()
    page.wait_for_url(lambda address: "status" not in address)


def test_an_error_opens_the_form_again_and_takes_the_focus(opened: Page) -> None:
    press(opened, "e")
    go_by_click(opened.locator("#panel-close form > .button.is-primary"))

    expect(opened.locator("#panel-close")).to_be_visible()
    expect(opened.locator("#panel-close .error-summary")).to_be_focused()
    opened.locator(".error-summary a").last.click()
    expect(opened.locator("#close-message")).to_be_focused()


def test_a_photo_of_the_work_is_shown_before_it_is_sent_and_kept_afterwards(
    opened: Page, tmp_path: Path
) -> None:
    file = tmp_path / "work.jpg"
    file.write_bytes(photo())
    press(opened, "e")
    opened.locator("#close-photos").set_input_files(file)
    expect(opened.locator(".photo-chosen img")).to_be_visible()

    go_by_click(opened.locator("#panel-close form > .button.is-primary"))

    expect(opened.get_by_label("work.jpg")).to_be_checked()


def test_everything_works_without_a_script(visit: Opener) -> None:
    page = visit(LIST, java_script_enabled=False, **DESKTOP).page
    go_by_click(row(page, 0))
    expect(page.locator("#panel-note")).to_be_hidden()

    page.locator('.desk-acts a[href="#panel-note"]').click()
    expect(page.locator("#panel-note")).to_be_visible()
    page.locator("#note-message").fill("Call the depot.")
    page.locator('.desk-acts a[href="#panel-sort"]').click()
    expect(page.locator("#panel-note")).to_be_hidden()
    page.locator('.desk-acts a[href="#panel-note"]').click()
    go_by_click(page.get_by_role("button", name="Save the note"))

    expect(page.locator(".desk-said")).to_contain_text("The note is saved.")
    expect(page.locator("#panel-note")).to_be_hidden()
    expect(page.locator(".story")).to_contain_text("Call the depot.")


def test_a_form_that_an_error_opened_is_folded_without_a_script(visit: Opener) -> None:
    page = visit(LIST, java_script_enabled=False, **DESKTOP).page
    go_by_click(row(page, 0))
    page.locator('.desk-acts a[href="#panel-note"]').click()
    go_by_click(page.get_by_role("button", name="Save the note"))
    expect(page.locator("#panel-note .error-summary")).to_be_visible()

    page.locator('.desk-acts a[href="#panel-sort"]').click()
    expect(page.locator("#panel-note")).to_be_hidden()
    page.locator("#panel-sort .desk-fold").click()

    expect(page.locator(".desk-panel:visible")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_from_right_to_left_titles_stand_right_and_long_words_leave_the_filter_its_room(
    tab: OneTab, width: int
) -> None:
    page = tab(LIST, width=width, height=800, language="pseudo-rtl").page

    assert page.evaluate("document.dir") == "rtl"
    assert row(page, 0).evaluate("e => getComputedStyle(e).textAlign") == "right"
    summary = page.locator("#filter > summary").bounding_box()
    assert summary["x"] + summary["width"] <= page.locator(".desk-order").evaluate(WORDS_LEFT)


def test_twenty_cases_are_triaged_with_the_keyboard_alone_in_three_strokes_each(page: Page) -> None:
    department, strokes = page.url, 0

    def stroke(*keys: str, leads_on: bool = False) -> None:
        nonlocal strokes
        strokes += len(keys)
        (go_by_key if leads_on else press)(page, *keys)

    stroke("j", "x", *["j"] * 15, "X")
    stroke("b", leads_on=True)
    expect(page.locator("h1")).to_have_text("16 cases selected")
    expect(page.get_by_label("Give them to somebody")).to_be_focused()
    stroke("Space", "ArrowDown", "ArrowDown", "Tab", "ArrowDown", "ArrowDown")
    stroke("Control+Enter", leads_on=True)
    expect(page.locator("h1")).to_contain_text("will change")
    stroke("y", leads_on=True)
    expect(page.locator("h1")).to_contain_text("changed")
    go_by_key(page, "z")
    expect(page.locator("h1")).to_contain_text("before")

    page.goto(department.replace("box=department", "box=new"))
    for _case in range(4):
        stroke("j")
        stroke("Enter", leads_on=True)
        stroke("a", leads_on=True)
        expect(page.locator(".desk-said")).to_contain_text("The case is yours.")
    assert strokes / 20 <= 3


def test_what_was_done_is_undone_by_a_key_and_the_button_goes_when_its_time_is_over(opened: Page) -> None:
    title = opened.locator(".desk-case h1").inner_text()
    go_by_key(opened, "a")
    expect(opened.locator("[data-undo-left]")).to_contain_text("second")

    go_by_key(opened, "z")

    expect(opened.locator(".desk-said")).to_contain_text("Undone: 1 case stands as before.")
    expect(opened.locator(".desk-case h1")).to_have_text(title)
    expect(opened.locator(".desk-states")).to_contain_text("Nobody has it")
    go_by_key(opened, "a")
    expect(opened.locator("[data-undo]")).to_have_count(0, timeout=15_000)


@pytest.mark.parametrize("look", [LIST, Look("a case", at("/desk?box=mine"), OFFICER)], ids=str)
def test_nothing_goes_wrong_while_every_form_is_opened(tab: OneTab, look: Look) -> None:
    window = tab(look, **DESKTOP)
    page: Any = window.page
    page.wait_for_load_state("networkidle")  # photos of the list that were still on their way are no trouble
    go_by_click(row(page, 0))
    for letter in LETTERS:
        press(page, letter, "Escape")
        assert window.axe() == []

    assert window.troubles == []
    assert window.overhang() == []


@pytest.fixture
def paper(opened: Page) -> Iterator[Page]:
    """The open case as it is printed."""
    opened.emulate_media(media="print")
    yield opened
    opened.emulate_media(media="null")


def test_a_case_on_paper_has_its_words_and_no_buttons(paper: Page) -> None:
    expect(paper.locator(".desk-case h1")).to_be_visible()
    expect(paper.locator(".desk-list")).to_be_hidden()
    expect(paper.locator(".desk-acts")).to_be_hidden()
    assert paper.evaluate("getComputedStyle(document.querySelector('.desk-case')).overflowY") == "visible"
