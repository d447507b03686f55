"""A phone on a bad line: what is written without a connection arrives once, and nothing typed is lost.

The line stands between browser and server (`tests.support.line`), so that the service worker suffers it too.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from cps.cases.models import Case, CaseEvent
from cps.core import assets
from cps.core.db import db, transaction
from cps.demo.plan import PASSWORD
from tests.complaints.steps import photo
from tests.support.browser import Live
from tests.support.line import Fault, Line, line_to
from tests.support.pages import OFFICER, RESIDENT

NEW, OFFLINE, KEPT = "/complaints/new", "/complaints/offline", "/complaints/kept"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
CONTROLLED = """() => navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller ||
  new Promise(done => navigator.serviceWorker.addEventListener('controllerchange', done))).then(() => true)"""
PAGES_KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys())
      found.push(`${name.split('-')[0]} ${new URL(request.url).pathname}`);
  return found.sort();
}"""
OWNER_KNOWN = """() => new Promise((done) => {
  const request = indexedDB.open("cps", 1);
  request.onsuccess = () => {
    const asked = request.result.transaction("facts").objectStore("facts").get("who");
    asked.onsuccess = () => { request.result.close(); done(Boolean(asked.result)); };
  };
})"""
"""Whether the worker has noted who is signed in."""

PICTURE_KEPT = re.compile(r"field /photos/[0-9a-f]+/thumbnail$")
DRAWN = """async (css) => {
  const wanted = [...document.querySelectorAll(css)];
  for (const one of wanted) one.loading = "eager";
  await Promise.allSettled(wanted.map((one) => one.decode()));
  return wanted.filter((one) => one.naturalWidth).length;
}"""
"""Counts the pictures that a page could load, folded ones too."""

SECONDS = 20_000


@dataclass
class Phone:
    """One browser with a service worker, on a line that can be spoiled."""

    line: Line
    live: Live
    context: Any
    problems: list[str] = field(default_factory=list)

    def open(self, path: str, *, is_waited_for: bool = True) -> Page:
        """Open a page in a tab of its own, once the worker is in charge of it."""
        page: Page = self.context.new_page()
        page.set_default_timeout(SECONDS)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.goto(self.line.url + path)
        if is_waited_for:
            page.evaluate(CONTROLLED)
        return page

    def cases(self, body: str) -> list[Case]:
        """Return the cases with these words."""
        with self.live.application.app.app_context():
            return list(db.session.scalars(select(Case).filter_by(body=body)))

    def arrived(self, body: str) -> Case:
        """Return the only case with these words, once it is there."""
        for _ in range(200):
            if found := self.cases(body):
                break
            time.sleep(0.1)
        time.sleep(0.5)  # whatever would double it
        found = self.cases(body)
        assert len(found) == 1, f"{len(found)} cases: {self.line.passed[-12:]}"
        return found[0]


@pytest.fixture
def line(live: Live) -> Iterator[Line]:
    """The line of one test."""
    with line_to(live.url) as line:
        yield line


@pytest.fixture
def phone(line: Line, live: Live, chromium: Any) -> Iterator[Phone]:
    """A fresh phone; afterwards no script may have failed."""
    context = chromium.new_context(**PHONE)
    phone = Phone(line, live, context)
    yield phone
    context.close()
    assert phone.problems == []


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Two different photos."""
    paths = [tmp_path / f"{colour}.jpg" for colour in ("teal", "red")]
    for path in paths:
        path.write_bytes(photo(path.stem))
    return paths


def write_offline(page: Page, body: str, photos: list[Path]) -> None:
    """Fill in the form without a connection."""
    page.set_input_files("#photos", photos)
    expect(page.get_by_alt_text("A photo you chose")).to_have_count(len(photos))
    page.get_by_label("Street or landmark").fill("Mill Lane, by the bridge")
    page.get_by_label("What is wrong?").fill(body)
    choose(page)
    answer(page)


def keep(page: Page) -> None:
    page.get_by_role("button", name="Keep it and send it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kept on this phone")


def pages_kept(page: Page, until: Callable[[list[str]], bool]) -> list[str]:
    """Return which pages the phone keeps, once that is so or has long not become so."""
    for _ in range(SECONDS // 100):
        kept: list[str] = page.evaluate(PAGES_KEPT)
        if until(kept):
            break
        page.wait_for_timeout(100)
    return kept


def own(kept: list[str]) -> list[str]:
    return [one for one in kept if one.startswith("own")]


def keeps_own_cases(kept: list[str]) -> bool:
    return "own /accounts/me/cases" in kept


def keeps_nothing_own(kept: list[str]) -> bool:
    return own(kept) == []


def press(page: Page, text: str = "Continue") -> None:
    page.get_by_role("button", name=text, exact=True).click()


def choose(page: Page) -> None:
    page.get_by_label("Find a category").fill("pothole")
    page.get_by_label("Pothole").check()


def answer(page: Page) -> None:
    page.get_by_label("The city's").check()
    page.get_by_label("No", exact=True).check()


FALLBACKS = "Report a problem|Kept on this phone"
ANSWERS = "This may already answer you"


def file_in_steps(page: Page, body: str, photos: list[Path]) -> list[str]:
    """File in the three steps; ends where the line was cut and returns the steps that were filled in.

    Where the city has an answer to one of the words, its page stands before the last look.
    """
    filled: list[str] = []

    def is_cut(wanted: str) -> bool:
        title = page.get_by_role("heading", level=1)
        expect(title).to_have_text(re.compile(f"{wanted}|{ANSWERS}|{FALLBACKS}"), timeout=6 * SECONDS)
        if title.inner_text() == ANSWERS:
            page.get_by_role("link", name="go on").click()
            expect(title).to_have_text(re.compile(f"{wanted}|{FALLBACKS}"), timeout=6 * SECONDS)
        return re.search(FALLBACKS, page.locator("h1").inner_text()) is not None

    def photos_step() -> None:
        page.set_input_files("#photos", photos)

    def place_step() -> None:
        page.get_by_label("Street or landmark").fill("Mill Lane, by the bridge")

    def words_step() -> None:
        page.get_by_label("What is wrong?").fill(body)
        choose(page)

    steps: list[tuple[str, Callable[[], None], str, str]] = [
        ("photos", photos_step, "Continue", "Where is it"),
        ("place", place_step, "Continue", "Tell it"),
        ("words", words_step, "Continue", "A little more"),
        ("details", lambda: answer(page), "Continue", "Look once more"),
        ("check", lambda: None, "Send my complaint", "Sent"),
    ]
    for name, fill, button, then in steps:
        fill()
        filled.append(name)
        press(page, button)
        if is_cut(then):
            break
    return filled


def finish_offline(page: Page, body: str, filled: list[str]) -> None:
    """Look whether everything typed stands in the form without a connection, add the rest and keep it."""
    address, words = page.get_by_label("Street or landmark"), page.get_by_label("What is wrong?")
    expect(page.get_by_text("You began this before")).to_be_visible()
    expect(address).to_have_value("Mill Lane, by the bridge" if "place" in filled else "")
    expect(words).to_have_value(body if "words" in filled else "")
    address.fill("Mill Lane, by the bridge")
    words.fill(body)
    if "words" in filled:
        expect(page.locator("input[name=category]:checked")).to_have_value("pothole")
    else:
        choose(page)
    if "details" in filled:
        expect(page.get_by_label("The city's")).to_be_checked()
    else:
        answer(page)
    keep(page)


def test_two_photos_and_a_closed_tab_become_one_case_when_the_line_is_back(
    phone: Phone, photos: list[Path]
) -> None:
    page = phone.open("/")
    phone.line.is_down = True
    page.goto(phone.line.url + NEW)
    write_offline(page, "Written in a tunnel", photos)
    keep(page)
    expect(page.get_by_text("Waits to be sent.")).to_be_visible()
    page.close()
    assert phone.cases("Written in a tunnel") == []

    phone.line.is_down = False
    phone.open("/")

    case = phone.arrived("Written in a tunnel")
    assert (case.photo_count, case.address) == (2, "Mill Lane, by the bridge")
    assert case.answers["ground"] == ["public"]


CUTS = [
    *((Fault.LOST, f"POST {NEW}/{step}") for step in ("photos", "place", "words", "details", "check")),
    *((Fault.UNANSWERED, f"POST {NEW}/{step}") for step in ("photos", "place", "words", "details", "check")),
    *((Fault.BUSY, f"POST {NEW}/{step}") for step in ("photos", "check")),
    *((Fault.LOST, f"GET {NEW}/{step}") for step in ("place", "words", "details", "check", "done")),
]


@pytest.mark.parametrize(("fault", "request_"), CUTS, ids=lambda part: getattr(part, "name", part))
def test_a_filing_cut_anywhere_ends_as_one_case_with_all_that_was_typed(
    phone: Phone, photos: list[Path], fault: Fault, request_: str
) -> None:
    body = f"Cut: {fault.name} {request_}"
    page = phone.open(NEW)
    page.reload()
    phone.line.once(fault, lambda request: request.startswith(request_))

    filled = file_in_steps(page, body, photos[:1])
    if page.locator("h1").inner_text() == "Report a problem":
        finish_offline(page, body, filled)

    case = phone.arrived(body)
    assert {one.rsplit("/", 1)[0] if "done" in one else one for one in phone.line.lost} == {request_}
    assert (case.address, case.photo_count) == ("Mill Lane, by the bridge", 1)
    assert case.answers["ground"] == ["public"]
    expect(page.get_by_text("Sent. The city has it.")).to_be_visible()
    expect(page.locator("[data-pin]").first).to_have_text(re.compile(r"\d{4}"))


def test_the_whole_journey_on_a_slow_line(
    phone: Phone, photos: list[Path], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    large = tmp_path / "large.jpg"
    large.write_bytes(large_photo())
    phone.open("/")
    phone.line.bytes_a_second, phone.line.latency = 250_000 / 8, 0.3
    began = time.monotonic()

    page = phone.open(NEW, is_waited_for=False)
    page.set_default_timeout(6 * SECONDS)
    filled = file_in_steps(page, "On a slow line", [photos[0], large])

    seconds = round(time.monotonic() - began, 1)
    record_property("seconds", f"filing with two photos at 250 kbit/s and 300 ms: {seconds} s")
    print(f"filing with two photos at 250 kbit/s and 300 ms: {seconds} s")  # noqa: T201 - with -s
    assert filled[-1] == "check"
    assert phone.arrived("On a slow line").photo_count == 2


def test_a_closed_tab_brings_back_what_was_typed_and_the_photos(phone: Phone, photos: list[Path]) -> None:
    page = phone.open("/")
    phone.line.is_down = True
    page.goto(phone.line.url + NEW)
    write_offline(page, "Half written", photos)
    page.wait_for_timeout(600)  # what is typed is kept a moment later
    page.close()

    page = phone.open("/about")  # never seen: the page that says there is no line
    expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")
    page.get_by_role("link", name="Kept on this phone, not sent yet").click()
    expect(page.get_by_text("Not finished. Nothing of it is lost.")).to_be_visible()
    page.get_by_role("link", name="Go on with it").click()

    expect(page.get_by_label("What is wrong?")).to_have_value("Half written")
    expect(page.get_by_label("The city's")).to_be_checked()
    expect(page.get_by_alt_text("A photo you chose")).to_have_count(2)


def test_what_waits_can_be_deleted(phone: Phone) -> None:
    page = phone.open("/")
    phone.line.is_down = True
    page.goto(phone.line.url + NEW)
    write_offline(page, "Not wanted any more", [])
    keep(page)
    page.on("dialog", lambda dialog: dialog.accept())

    page.get_by_role("button", name="Delete").click()

    expect(page.get_by_text("Nothing waits on this phone")).to_be_visible()
    phone.line.is_down = False
    page.reload()
    page.wait_for_timeout(1_000)
    assert phone.cases("Not wanted any more") == []


def test_a_busy_city_is_asked_again_later_and_at_once_when_told_so(phone: Phone) -> None:
    page = phone.open("/")
    page.goto(phone.line.url + OFFLINE)
    phone.line.once(Fault.BUSY, lambda request: request == f"POST {KEPT}")
    write_offline(page, "Sent to a busy city", [])
    keep(page)
    expect(page.get_by_text("Tried without success: 1.")).to_be_visible()
    page.wait_for_timeout(1_200)
    page.reload()
    page.wait_for_timeout(500)
    assert phone.cases("Sent to a busy city") == []  # not yet: its pause is not over

    page.get_by_role("button", name="Send now").click()

    phone.arrived("Sent to a busy city")
    expect(page.get_by_text("Sent. The city has it.")).to_be_visible()


def test_a_photo_the_city_refuses_is_told_and_the_complaint_sent(phone: Phone, tmp_path: Path) -> None:
    bad = tmp_path / "drawing.jpg"
    bad.write_bytes(b"no photo at all")
    page = phone.open("/")
    page.goto(phone.line.url + OFFLINE)
    write_offline(page, "With a bad photo", [bad])

    keep(page)

    assert phone.arrived("With a bad photo").photo_count == 0
    expect(page.get_by_text("drawing.jpg: This is not a photo we can read.")).to_be_visible()


def test_a_photo_too_large_for_the_way_is_told_and_the_complaint_sent(
    phone: Phone, photos: list[Path]
) -> None:
    page = phone.open("/")
    page.goto(phone.line.url + OFFLINE)
    phone.line.once(Fault.TOO_LARGE, lambda request: request == f"POST {KEPT}/photo")
    write_offline(page, "With a photo too large", photos[:1])

    keep(page)

    assert phone.arrived("With a photo too large").photo_count == 0
    expect(page.get_by_text("teal.jpg: This photo is too large to be sent.")).to_be_visible()


def test_what_the_city_asks_back_is_gone_on_with_in_the_steps(phone: Phone) -> None:
    page = phone.open("/")
    page.goto(phone.line.url + OFFLINE)
    write_offline(page, "Far away from here", [])
    page.get_by_text("The position in numbers").click()
    page.get_by_label("Latitude").fill("1.5")
    page.get_by_label("Longitude").fill("1.5")
    keep(page)
    expect(page.get_by_text("lies outside")).to_be_visible()

    page.get_by_role("button", name="Look once more").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where is it?")
    expect(page.get_by_label("Latitude")).to_have_value("1.5")
    page.get_by_label("Latitude").fill("")
    page.get_by_label("Longitude").fill("")
    press(page)
    page.goto(phone.line.url + f"{NEW}/check")
    press(page, "Send my complaint")

    expect(page.get_by_role("heading", level=1)).to_have_text("Sent. Thank you!")
    phone.arrived("Far away from here")
    page.goto(phone.line.url + KEPT)
    expect(page.get_by_text("Nothing waits on this phone")).to_be_visible()


def test_pin_and_link_are_shown_once(phone: Phone) -> None:
    page = phone.open("/")
    page.goto(phone.line.url + OFFLINE)
    write_offline(page, "Shown once", [])
    keep(page)
    expect(page.locator("[data-pin]").first).to_have_text(re.compile(r"\d{4}"))
    key = page.locator("input[name=draft_key]").first.input_value()

    page.reload()

    expect(page.get_by_text("PIN and secret link were shown before")).to_be_visible()
    assert page.locator("input[name=draft_key]").first.input_value() not in {"", key}
    expect(page.locator("[data-pin]").first).to_be_hidden()
    expect(page.locator("[data-number]").first).to_have_text(re.compile(r"\d{4}-\d{4}-\d{4}"))


def signed_in(phone: Phone) -> str:
    """Sign the resident of the demo city in on the phone; returns the token of the cookie."""
    cookie = phone.live.visitor(RESIDENT).cookie("cps")
    phone.context.add_cookies([{"name": "cps", "value": cookie, "url": phone.line.url}])
    return str(cookie)


def test_own_cases_are_read_offline_and_leave_the_phone_at_sign_out(phone: Phone) -> None:
    signed_in(phone)
    page = phone.open("/")
    for path in ("/accounts/me/cases", "/accounts/me", "/accounts/me/data", "/complaints"):
        page.goto(phone.line.url + path)
    kept = pages_kept(page, keeps_own_cases)
    assert own(kept) == ["own /accounts/me/cases"]
    assert [one for one in kept if one.startswith("pages")] == []

    phone.line.is_down = True
    page.goto(phone.line.url + "/accounts/me/cases")
    expect(page.get_by_role("heading", level=1)).to_have_text("My cases")
    expect(page.get_by_text("You are offline. This is as of:")).to_be_visible()
    expect(page.locator("[data-as-of] time")).to_have_attribute("datetime", re.compile(r"^20"))
    phone.line.is_down = False

    page.goto(phone.line.url + "/accounts/sign-out")
    page.get_by_role("button", name="Sign out here").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    assert own(pages_kept(page, keeps_nothing_own)) == []


def test_a_page_that_comes_only_after_the_sign_out_is_not_kept(phone: Phone) -> None:
    signed_in(phone)
    page, slow = phone.open("/accounts/me/cases"), phone.open("/complaints")
    page.reload()
    assert own(pages_kept(page, keeps_own_cases)) == ["own /accounts/me/cases"]
    asked, may_come = Event(), Event()

    def hold(body: bytes) -> bytes:
        asked.set()
        may_come.wait(SECONDS / 1000)
        return body

    phone.line.edits["/accounts/me/cases"] = hold
    slow.evaluate("() => { location.href = '/accounts/me/cases' }")
    assert asked.wait(SECONDS / 1000)
    page.goto(phone.line.url + "/accounts/sign-out")
    page.get_by_role("button", name="Sign out here").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    may_come.set()
    expect(slow.get_by_role("heading", level=1)).to_have_text("My cases")

    page.wait_for_timeout(1_000)  # whatever would keep it
    assert own(pages_kept(page, keeps_nothing_own)) == []


def test_what_was_sent_under_a_sign_in_leaves_the_phone_with_it(phone: Phone) -> None:
    signed_in(phone)
    page = phone.open("/")
    page.goto(phone.line.url + OFFLINE)
    write_offline(page, "Mine alone", [])
    keep(page)
    expect(page.locator("[data-number]").first).to_have_text(re.compile(r"\d{4}-\d{4}-\d{4}"))

    page.goto(phone.line.url + "/accounts/sign-out")
    page.get_by_role("button", name="Sign out here").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    page.goto(phone.line.url + KEPT)

    expect(page.get_by_text("Nothing waits on this phone")).to_be_visible()
    expect(page.get_by_text("Mine alone")).to_have_count(0)


def test_a_session_that_ended_elsewhere_wipes_them_too(phone: Phone) -> None:
    signed_in(phone)
    page = phone.open("/accounts/me/cases")
    page.reload()
    assert keeps_own_cases(pages_kept(page, keeps_own_cases))

    phone.context.clear_cookies()
    page.goto(phone.line.url + "/")

    assert own(pages_kept(page, keeps_nothing_own)) == []


def test_pages_of_staff_are_never_kept(phone: Phone) -> None:
    cookie = phone.live.visitor("officer@demo.test").cookie("cps")
    phone.context.add_cookies([{"name": "cps", "value": cookie, "url": phone.line.url}])
    page = phone.open("/desk")
    for path in ("/desk", "/complaints", "/accounts/me/cases", "/"):
        page.goto(phone.line.url + path)
    page.wait_for_timeout(300)

    kept = page.evaluate(PAGES_KEPT)

    assert [one for one in kept if one.split()[0] in {"own", "pages"}] == []


def test_a_public_page_is_read_offline_as_it_was(phone: Phone) -> None:
    page = phone.open("/")
    page.goto(phone.line.url + "/complaints")
    title = page.locator(".case-list a").first.inner_text()
    pages_kept(page, lambda kept: any(one.endswith(" /complaints") for one in kept))
    phone.line.is_down = True

    page.reload()

    expect(page.get_by_text("You are offline. This is as of:")).to_be_visible()
    expect(page.locator(".case-list a").first).to_have_text(title)


def test_begun_before_signing_out_it_waits_until_the_person_says_how_to_send_it(phone: Phone) -> None:
    signed_in(phone)
    page = phone.open("/")
    page.reload()
    for _ in range(SECONDS // 100):
        if page.evaluate(OWNER_KNOWN):
            break
        page.wait_for_timeout(100)
    phone.line.is_down = True
    page.goto(phone.line.url + NEW)
    write_offline(page, "Begun signed in", [])
    keep(page)
    phone.context.clear_cookies()
    phone.line.is_down = False
    page.goto(phone.line.url + "/")
    page.goto(phone.line.url + KEPT)
    expect(page.get_by_text("You began this under another sign-in.")).to_be_visible()
    assert phone.cases("Begun signed in") == []

    page.get_by_role("button", name="Send it as I am now").click()

    assert phone.arrived("Begun signed in").reporter_id is None


def test_an_update_of_the_worker_breaks_no_open_form(phone: Phone, photos: list[Path]) -> None:
    page = phone.open("/")
    page.goto(phone.line.url + OFFLINE)
    write_offline(page, "Written during an update", photos)
    phone.line.edits["/sw.js"] = lambda script: re.sub(rb'"build": "\w+"', b'"build": "another"', script)

    page.evaluate(
        """async () => {
          const { serviceWorker } = navigator;
          const changed = new Promise(done => serviceWorker.addEventListener('controllerchange', done));
          await (await serviceWorker.ready).update();
          await changed;
        }"""
    )
    assert "shells-another" in page.evaluate("caches.keys()")
    page.locator("#name").fill("Typed afterwards")
    keep(page)

    assert phone.arrived("Written during an update").photo_count == 2


def test_switched_off_the_worker_leaves_and_what_waits_is_still_sent(phone: Phone) -> None:
    page = phone.open("/")
    phone.line.is_down = True
    page.goto(phone.line.url + NEW)
    write_offline(page, "Sent without a worker", [])
    keep(page)
    script = (assets.DIST / assets.manifest()["no-worker.js"]).read_bytes()
    phone.line.edits["/sw.js"] = lambda _script: script
    phone.line.is_down = False

    page.evaluate("navigator.serviceWorker.ready.then(worker => worker.update())")
    page.wait_for_function("caches.keys().then(names => names.length === 0)")
    phone.line.edits["/sw.js"] = lambda _script: b"not a script }"  # so that the page cannot have another one
    page.goto(phone.line.url + KEPT)

    phone.arrived("Sent without a worker")


def large_photo(turn: int = 6) -> bytes:
    """Return a photo of a phone: 4000 by 3000 noisy pixels, to be turned upright, with a place."""
    noise = Image.effect_noise((200, 150), 60).resize((4000, 3000)).convert("RGB")
    noise.paste("red", (0, 0, 400, 400))  # the corner that stands right above once it is turned
    exif = Image.Exif()
    exif[0x0112] = turn
    exif.get_ifd(0x8825).update({1: "N", 2: (36.01, 0.0, 0.0), 3: "E", 4: (129.51, 0.0, 0.0)})
    buffer = BytesIO()
    noise.save(buffer, "JPEG", quality=92, exif=exif)
    return buffer.getvalue()


CHOSEN = """async () => {
  const [file] = document.querySelector('#photos').files;
  return [...new Uint8Array(await file.arrayBuffer())];
}"""


def test_a_large_photo_is_made_smaller_upright_and_keeps_its_place(phone: Phone, tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    path.write_bytes(large_photo())
    page = phone.open(NEW)

    page.set_input_files("#photos", path)
    expect(page.locator("[data-size]")).to_have_text(re.compile(r"^[\d.]+ MB$"))
    small = bytes(page.evaluate(CHOSEN))

    picture = Image.open(BytesIO(small))
    assert picture.size == (1536, 2048)
    assert len(small) < path.stat().st_size / 2
    assert picture.getexif().get(0x0112, 1) == 1
    assert picture.getexif().get_ifd(0x8825)[2][0] == pytest.approx(36.01)
    red, green, _blue = picture.convert("RGB").getpixel((1500, 30))
    assert red > 200 > green


def test_what_cannot_be_made_smaller_travels_as_it_is(phone: Phone, tmp_path: Path) -> None:
    path = tmp_path / "strange.jpg"
    path.write_bytes(b"\xff\xd8 not a picture" * 40_000)
    page = phone.open(NEW)

    page.set_input_files("#photos", path)
    expect(page.locator("[data-size]")).to_have_text(re.compile(r"MB$"))

    assert bytes(page.evaluate(CHOSEN)) == path.read_bytes()


def test_a_browser_may_install_the_site(phone: Phone) -> None:
    page = phone.open("/")
    network = phone.context.new_cdp_session(page)

    manifest = network.send("Page.getAppManifest")
    problems = network.send("Page.getInstallabilityErrors")

    assert manifest["errors"] == []
    assert [one for one in problems["installabilityErrors"] if one["errorId"] != "in-incognito"] == []


def test_without_scripts_the_pages_lead_to_the_form_in_steps(line: Line, chromium: Any) -> None:
    context = chromium.new_context(**PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(line.url + OFFLINE)
    page.get_by_role("link", name="To the form in three steps").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Do you have a photo?")
    context.close()


def sign_in_officer(page: Page, line: Line) -> None:
    page.goto(f"{line.url}/accounts/sign-in?next=/desk/field")
    page.get_by_label("E-mail").fill(OFFICER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("In the field")


def arrivals(live: Live, reference: str) -> int:
    with live.application.app.app_context():
        told = select(CaseEvent.data).join(Case).where(Case.reference == reference)
        return sum(data.get("turn") == "arrived" for data in db.session.scalars(told))


def test_what_an_officer_does_in_the_field_without_a_connection_arrives_once(
    phone: Phone, live: Live
) -> None:
    page = phone.open("/")
    sign_in_officer(page, phone.line)
    page.reload()  # by the worker, which keeps it
    pages_kept(page, lambda kept: "field /desk/field" in kept and any(map(PICTURE_KEPT.match, kept)))
    card = page.locator(".field-card").first
    reference = card.locator("a[dir=ltr]").inner_text().replace("-", "")

    phone.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("You are offline")).to_be_visible()
    assert page.evaluate(DRAWN, "img[src$='/thumbnail']") > 0
    for _twice in range(2):
        card.get_by_role("button", name="I am here").click()
        expect(page.get_by_text("Waits for a connection")).to_have_count(1)
    assert arrivals(live, reference) == 0

    phone.context.set_offline(False)
    page.reload()
    for _ in range(200):  # the list is empty, too, before the script has filled it
        if arrivals(live, reference):
            break
        time.sleep(0.1)
    expect(page.get_by_text("Waits for a connection")).to_have_count(0)
    time.sleep(0.5)  # whatever would double it
    assert arrivals(live, reference) == 1

    page.goto(f"{phone.line.url}/accounts/sign-out")
    page.get_by_role("main").get_by_role("button", name="Sign out").first.click()
    kept = pages_kept(page, lambda kept: "field /desk/field" not in kept)
    assert [one for one in kept if one.startswith("field")] == []


def give_away(live: Live, reference: str) -> None:
    """Let a case be nobody's any more."""
    with live.application.app.app_context(), transaction() as session:
        session.scalars(select(Case).where(Case.reference == reference)).one().assignee_id = None


def test_a_case_that_was_handed_over_leaves_the_phone_with_the_first_connection(
    phone: Phone, live: Live
) -> None:
    page = phone.open("/")
    sign_in_officer(page, phone.line)
    page.reload()
    pages_kept(page, lambda kept: "field /desk/field" in kept)
    gone, written, stays = (
        page.locator(".field-card").nth(number).get_attribute("data-case") for number in range(3)
    )

    phone.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("You are offline")).to_be_visible()
    page.locator(f"[data-case='{written}'] textarea").first.evaluate("one => { one.value = 'Half a note'; }")
    for reference in (gone, written):
        give_away(live, str(reference))
    phone.context.set_offline(False)

    expect(page.locator(f"[data-case='{gone}']")).to_have_count(0, timeout=SECONDS)
    expect(page.locator(f"[data-case='{stays}']")).to_have_count(1)
    expect(page.locator(f"[data-case='{written}']")).to_have_count(1)  # somebody writes in it
    kept = page.evaluate("async () => (await (await caches.match('/desk/field', {ignoreVary: true})).text())")
    assert f'data-case="{gone}"' not in kept
    assert f'data-case="{written}"' not in kept
    assert f'data-case="{stays}"' in kept
