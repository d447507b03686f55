"""Two whole stories in a real Chromium: a proposal from its first word to a yes, and a promise that is late.

Both happen in the demo city. What people do they do in the browser; the worker works in between.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect

from cps.accounts.models import Account
from cps.accounts.queries import account_by_email
from cps.cases import queries as cases
from cps.cases import services
from cps.cases.models import Case
from cps.cases.reference import display, parse
from cps.cases.services import NewCase
from cps.core import city as cities
from cps.core import clock as real_clock
from cps.core import worker
from cps.core.db import db, transaction
from cps.departments import queries as departments
from cps.notifications.models import Message
from cps.proposals import queries
from cps.proposals.models import Proposal
from tests.proposals.making import support
from tests.support.browser import Live, Opener, Window
from tests.support.fixtures import Clock
from tests.support.pages import Look, at

AUTHOR, SUPPORTER = "resident31@demo.test", "resident33@demo.test"
GARDENER = "parks@demo.test"
OFFICER, SUPERVISOR = "officer@demo.test", "supervisor@demo.test"
DESKTOP = {"width": 1280, "height": 800}
TITLE = "Put up swings for grown-ups in every park"
FIRST_PART = "Swings in the first two parks"
LATE_HOLE, OTHER_HOLE = "A hole by the fish market", "A hole by the old cinema"


def opened(visit: Opener, path: str, who: str = "", **more: Any) -> Window:
    """Open a page, on a phone of 360 px where nothing else is said."""
    return visit(Look(path, at(path), who), **more)


def desk_of(visit: Opener, path: str, who: str) -> Page:
    page: Page = opened(visit, path, who, **DESKTOP).page
    return page


def is_well(window: Window, *, with_script: bool = True) -> None:
    """The page fits, nothing on it went wrong, and axe-core finds nothing."""
    assert window.overhang() == []
    assert window.troubles == []
    if with_script:
        assert window.axe() == []


def press(page: Page, name: str) -> None:
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name=name, exact=True).click()


def tab_to(page: Page, place: Locator) -> None:
    """Press Tab until this has the focus."""
    for _time in range(80):
        if place.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {place}")


def by_key(page: Page, *keys: str) -> None:
    """Press keys, the last of which leads to another page."""
    with page.expect_navigation(wait_until="load"):
        for key in keys:
            page.keyboard.press(key)


def work(live: Live) -> None:
    """Let the worker do what is due."""
    with live.application.app.app_context():
        worker.run_until_idle()


def letters(live: Live, title: str) -> list[tuple[str, str]]:
    """Return to whom what was written about a case, in order: the beginning of the subject."""
    with live.application.app.app_context():
        wanted = db.select(Message).where(Message.subject.contains(title)).order_by(Message.id)
        return [(row.address, row.subject.split(" – ")[0]) for row in db.session.scalars(wanted)]


def gather(live: Live, proposal: Proposal) -> None:
    """Let residents support a proposal until one support is missing."""
    with live.application.app.app_context():
        people = db.session.scalars(
            db.select(Account).where(Account.email.like("resident%") | Account.email.like("neighbour%"))
        )
        others = [one for one in people if one.is_proven and one.email not in {AUTHOR, SUPPORTER}]
        assert len(others) >= proposal.needed - 1
        support(proposal, *others[: proposal.needed - 1])


def found(live: Live, page: Page) -> Proposal:
    """Return the proposal whose page is open."""
    with live.application.app.app_context():
        return queries.get(parse(page.url.split("?")[0].split("#")[0].rsplit("/", 1)[1]))


def in_days(live: Live, days: int) -> str:
    """Return the day that is so far away, as a field for days takes it."""
    with live.application.app.app_context():
        zone = cities.get().zone
    return (real_clock.now().astimezone(zone) + timedelta(days=days)).date().isoformat()


def test_a_proposal_goes_its_whole_road(visit: Opener, live: Live) -> None:
    # A resident writes it on a phone without script.
    window = opened(visit, "/proposals/new", AUTHOR, java_script_enabled=False)
    page = window.page
    page.get_by_label("What should the city do?").fill(TITLE)
    page.get_by_label("What exactly, and why?").fill(
        "Parks have swings for children only. We grew up; we still swing."
    )
    is_well(window, with_script=False)
    press(page, "Continue")
    page.get_by_label("Green and water").check()
    is_well(window, with_script=False)
    press(page, "Continue")
    expect(page.locator(".filing-summary")).to_contain_text("The whole city")
    is_well(window, with_script=False)
    press(page, "Propose it")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    is_well(window, with_script=False)
    proposal = found(live, page)
    public = f"/proposals/{display(proposal.case.reference)}"
    desk = f"/desk/{display(proposal.case.reference)}"

    # Others support it; the last one by hand. The worker counts, and the city must answer.
    gather(live, proposal)
    window = opened(visit, public, SUPPORTER)
    press(window.page, "I support this")
    expect(window.page.get_by_role("button", name="You support this")).to_be_visible()
    is_well(window)
    work(live)
    window.page.reload(wait_until="load")
    expect(window.page.locator(".pill").first).to_contain_text("The city must answer")
    is_well(window)

    # The department answers, without leaving the keyboard.
    page = desk_of(visit, desk, GARDENER)
    by_key(page, "e")
    tab_to(page, page.get_by_label("Yes", exact=True))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_label("The answer, with its reasons"))
    page.keyboard.type("We put them up in four parks by summer.")
    tab_to(page, page.get_by_role("button", name="Save the draft"))
    by_key(page, "Enter")
    expect(page.get_by_role("heading", name="The draft: Yes")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    tab_to(page, page.get_by_role("button", name="Publish the answer"))
    by_key(page, "Enter")
    work(live)

    # Who supported it reads the answer.
    window = opened(visit, public, SUPPORTER)
    expect(window.page.locator(".official")).to_contain_text("We put them up in four parks by summer.")
    is_well(window)
    assert SUPPORTER in {who for who, _what in letters(live, TITLE)}

    # It is done in steps that everybody can follow.
    page.goto(live.url + desk)
    by_key(page, "v")
    page.get_by_label("To be done by").fill(in_days(live, 90))
    page.get_by_label("Budget").fill("12000000")
    page.locator("summary", has_text="Milestones").click()
    first = page.get_by_role("group", name="Milestone 1")
    first.get_by_label("What", exact=True).fill(FIRST_PART)
    first.get_by_label("By when", exact=True).fill(in_days(live, 30))
    page.get_by_label("What do you tell everybody?").fill("The swings are ordered.")
    press(page, "Begin, and tell everybody")
    window = opened(visit, public, SUPPORTER)
    expect(window.page.locator(".delivery .milestones")).to_contain_text(FIRST_PART)
    is_well(window)

    page.get_by_role("link", name="Done, or another day").click()
    page.get_by_label("It is done").check()
    page.get_by_label("What do you tell everybody?").fill("Two parks swing.")
    press(page, "Tell everybody")
    page.locator("#deliver > summary").click()
    page.locator("#deliver-message").fill("All four parks swing.")
    press(page, "It is done: tell everybody")
    work(live)

    # Who supported it is asked, and says yes.
    told = [what for who, what in letters(live, TITLE) if who == SUPPORTER]
    assert told == ["The city must answer", "Accepted", "Being done", "Being done", "Delivered"]
    window = opened(visit, public, SUPPORTER)
    expect(window.page.locator(".delivery .milestones .is-done")).to_contain_text(FIRST_PART)
    is_well(window)
    press(window.page, "Yes, this is it")
    expect(window.page.get_by_role("button", name="Yes, this is it")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(window.page.locator(".verdicts")).to_contain_text("Yes, this is it: 1")
    is_well(window)


def filed(live: Live, title: str) -> Case:
    """File a complaint about a hole at the moment of the test's clock; an officer of the roads has it."""
    with live.application.app.app_context():
        city, at_moment = cities.get(), real_clock.now()
        officer, pothole = account_by_email(OFFICER), departments.category_by_code("pothole")
        assert officer is not None
        assert pothole is not None
        with transaction():
            new = NewCase(title=title, body=f"{title}, very deep.", language="en", category=pothole)
            reference = services.file_case(new, zone=city.zone, at=at_moment).case.reference
        with transaction():
            services.take(cases.lock_case(reference), by=officer, at=at_moment)
        return cases.get_case(reference)


def told_in_steps(live: Live, clock: Clock, case: Case) -> list[tuple[str, str]]:
    """Let time go by until everybody can see that a case is late; return who was told what on the way."""
    for moment in (
        case.due_at - timedelta(minutes=1),
        case.due_at + timedelta(seconds=1),
        case.due_at + timedelta(days=7),
    ):
        clock.set_to(moment)
        work(live)
    return letters(live, case.title)


def search(page: Page, words: str) -> None:
    """Look for words within the list that is shown."""
    page.locator("#q").fill(words)
    press(page, "Search")


def test_a_late_complaint_escalates_and_another_gets_more_time(
    visit: Opener, live: Live, clock: Clock
) -> None:
    today = datetime.now(UTC)
    clock.set_to(today)
    for staff in (OFFICER, SUPERVISOR):
        live.visitor(staff)  # who reads English from now on

    # Four weeks ago somebody found a hole. Its officer is reminded, the supervisor hears that it is late.
    clock.set_to(today - timedelta(days=28))
    late = filed(live, LATE_HOLE)
    assert told_in_steps(live, clock, late) == [
        (OFFICER, "Soon due"),
        (SUPERVISOR, "Late"),
        (SUPERVISOR, "Late, and on the public list"),
    ]

    # It stands where everybody sees what is late.
    clock.set_to(today)
    window = opened(visit, "/promises")
    is_well(window)
    with window.page.expect_navigation(wait_until="load"):
        window.page.get_by_role("link", name="See what is late").click()
    search(window.page, LATE_HOLE)
    expect(window.page.get_by_role("link", name=LATE_HOLE, exact=True)).to_have_count(1)
    is_well(window)

    # Of another one, still in time, the officer promises a later date; everybody reads why, and both dates.
    other = filed(live, OTHER_HOLE)
    page = desk_of(visit, f"/desk/{display(other.reference)}", OFFICER)
    page.keyboard.press("u")
    page.get_by_label("Until when?").select_option("5")
    page.locator("#extend-reason").fill("The asphalt plant is closed this week.")
    page.locator("#extend-message").fill("We have put up a fence.")
    by_key(page, "Control+Enter")
    window = opened(visit, f"/complaints/{display(other.reference)}")
    times = window.page.locator(".clock")
    expect(times).to_contain_text("More time: moved from")
    expect(window.page.locator(".story")).to_contain_text("The asphalt plant is closed this week.")
    expect(window.page.locator("main")).not_to_contain_text("We have put up a fence.")
    is_well(window)
    window.page.goto(f"{live.url}/complaints?late=1", wait_until="load")
    search(window.page, OTHER_HOLE)
    expect(window.page.get_by_role("link", name=OTHER_HOLE, exact=True)).to_have_count(0)
