"""The jobs that are measured: what people do, as the requests that their browsers send."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from bench.browser import Browser, WrongAnswer
from bench.bulk_jobs import BULK
from bench.desk_jobs import DESK_STEPS, EACH_TIMES, TURNS, each_of, keep_views, next_page, note_next_page
from bench.facts import OFFICER, PASSWORD, Facts
from bench.map_jobs import MAP_STEPS
from bench.photos import photo

QUEUE_ROWS = 50
SEEN_PAGES = 10
FILED_CATEGORY = "pothole"
_LINK_TO_CASE = re.compile(r'href="/complaints/\d{4}-')

Act = Callable[[Browser, Facts, int], None]
"""One step of one visitor; the number tells the visitors, or the times, apart."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something people do.

    `aim` is in CPU milliseconds, application and database, of the last request that changes something; of the
    only request where a job has one step.

    A job of one step is done `times` times in a round by a few visitors who come back; in a job of several
    steps `times` new visitors do each step in turn.
    """

    name: str
    title: str
    steps: tuple[tuple[str, Act], ...]
    times: int
    aim: float | None = None
    arrive: Act | None = None
    """What each visitor of a job of one step does once before, which is not measured."""
    warm: int = 8
    """How often it is done before it is measured."""


def _sign_in(browser: Browser, _facts: Facts, _number: int) -> None:
    form = browser.get("/accounts/sign-in").form("/accounts/sign-in")
    browser.post("/accounts/sign-in", {**form, "email": OFFICER, "password": PASSWORD})


def _arrive_for_next(browser: Browser, facts: Facts, number: int) -> None:
    _sign_in(browser, facts, number)
    note_next_page(browser)


def _arrive_with_views(browser: Browser, facts: Facts, number: int) -> None:
    _sign_in(browser, facts, number)
    keep_views(browser)


def _queue(browser: Browser, facts: Facts, _number: int) -> None:
    asked = {"box": "department", "status": facts.status, "department": facts.department}
    page = browser.get(f"/desk?{urlencode(asked)}")
    if page.text.count('class="desk-row"') != QUEUE_ROWS:
        raise WrongAnswer(f"the queue does not show {QUEUE_ROWS} rows")


def _desk_case(browser: Browser, facts: Facts, number: int) -> None:
    browser.get(f"/desk/{facts.own_references[number % len(facts.own_references)]}?box=department")


def _case(browser: Browser, facts: Facts, number: int) -> None:
    browser.get(f"/complaints/{facts.references[number % len(facts.references)]}")


def seen_before(address: Callable[[Facts, int], str]) -> tuple[Act, Act]:
    """Return the step that asks for one of ten pages with its tag, and what has to be done before it.

    `address` tells the path of a page by its number. Each is answered 304.
    """

    def ask(browser: Browser, facts: Facts, number: int) -> None:
        path, tags = address(facts, number % SEEN_PAGES), browser.notes
        if path in tags:
            browser.get(path, status=304, **{"If-None-Match": tags[path]})
        else:
            tags[path] = browser.get(path).headers["etag"]

    def see_all(browser: Browser, facts: Facts, _number: int) -> None:
        for number in range(SEEN_PAGES):
            ask(browser, facts, number)

    return ask, see_all


_see_again, _see_cases = seen_before(lambda facts, number: f"/complaints/{facts.references[number]}")


def _listed(browser: Browser, **asked: str) -> None:
    page = browser.get(f"/complaints?{urlencode(asked)}" if asked else "/complaints")
    if not _LINK_TO_CASE.search(page.text):
        raise WrongAnswer(f"the list shows no case: {page.path}")


LIST_STEPS: tuple[tuple[str, str, Act], ...] = (
    ("list", "public list, first page", lambda browser, _facts, _number: _listed(browser)),
    ("list-deep", "… a page in the middle", lambda b, facts, _n: _listed(b, after=facts.key_of_the_middle)),
    ("list-category", "… of a category", lambda b, facts, _n: _listed(b, category=facts.category)),
    ("list-ward", "… of a ward, done", lambda b, facts, _n: _listed(b, ward=facts.ward, state="done")),
    ("list-words", "… with two words", lambda b, facts, _n: _listed(b, q=facts.words)),
    (
        "list-narrowed",
        "… with two words, of a ward",
        lambda b, facts, _n: _listed(b, q=facts.words, ward=facts.ward),
    ),
    ("list-slip", "… with a slip in one of them", lambda b, facts, _n: _listed(b, q=facts.slip)),
    ("list-late", "… late", lambda b, _facts, _n: _listed(b, late="1")),
    (
        "list-late-own",
        "… late, of a department",
        lambda b, facts, _n: _listed(b, late="1", department=facts.department),
    ),
)


def promises(browser: Browser, _facts: Facts, _number: int) -> None:
    """Open the page of promises."""
    page = browser.get("/promises")
    if "figure-table" not in page.text:
        raise WrongAnswer("the page of promises shows no table")


class Filing:
    """The steps of a complaint. Each visitor tells something else, at another place."""

    _numbers = itertools.count(1)

    @staticmethod
    def begin(browser: Browser, _facts: Facts, _number: int) -> None:
        """Open the first step, photos."""
        browser.get("/complaints/new")

    @staticmethod
    def send_photo(browser: Browser, _facts: Facts, number: int) -> None:
        """Send one photo of 3 MB as it comes from the phone."""
        form, data = _form_of(browser, "/complaints/new/photos"), photo(number)
        browser.upload("/complaints/new/photos", form, field="photos", name="photo.jpg", data=data)

    @staticmethod
    def see_place(browser: Browser, _facts: Facts, _number: int) -> None:
        """Open the step of the place."""
        browser.get("/complaints/new/place")

    @classmethod
    def tell_place(cls, browser: Browser, facts: Facts, _number: int) -> None:
        """Send a street and a position, where others complained before."""
        form = _form_of(browser, "/complaints/new/place")
        number = next(cls._numbers)
        lat, lon = facts.places[number % len(facts.places)]
        told = {"address": f"Mill Lane {number}", "ward": "", "lat": f"{lat:.6f}", "lon": f"{lon:.6f}"}
        browser.notes["number"] = number
        browser.post("/complaints/new/place", {**form, **told})

    @staticmethod
    def follow(browser: Browser, _facts: Facts, _number: int) -> None:
        """Go where the site leads."""
        browser.follow()

    @staticmethod
    def tell_words(browser: Browser, _facts: Facts, _number: int) -> None:
        """Send what is wrong, and the category."""
        form = _form_of(browser, "/complaints/new/words")
        number = browser.notes["number"]
        body = f"The road is broken in front of number {number}. {number % 7} people fell here since Monday."
        browser.post("/complaints/new/words", {**form, "body": body, "category": FILED_CATEGORY})

    @staticmethod
    def tell_details(browser: Browser, _facts: Facts, _number: int) -> None:
        """Answer each question by its first choice and leave an address for mail."""
        form = _form_of(browser, "/complaints/new/details")
        contact = {"email": f"resident-{browser.notes['number']}@example.test", "name": "Robin Vale"}
        browser.post("/complaints/new/details", {**form, **contact})

    @staticmethod
    def see_similar(browser: Browser, _facts: Facts, _number: int) -> None:
        """Look at what others told from nearby, where there is something, and go on."""
        if browser.next_path() == "/complaints/new/similar":
            browser.follow()

    @staticmethod
    def look_once_more(browser: Browser, _facts: Facts, _number: int) -> None:
        """Open the summary."""
        browser.get("/complaints/new/check")

    @staticmethod
    def send(browser: Browser, _facts: Facts, _number: int) -> None:
        """Send it."""
        browser.post("/complaints/new/check", _form_of(browser, "/complaints/new/check"))


def _form_of(browser: Browser, action: str) -> dict[str, str]:
    if browser.page is None:
        raise WrongAnswer("nothing was opened yet")
    return browser.page.form(action)


FILING = (
    ("open the first step", Filing.begin),
    ("open the place", Filing.see_place),
    ("send the place", Filing.tell_place),
    ("open the words", Filing.follow),
    ("send the words", Filing.tell_words),
    ("open the details", Filing.follow),
    ("send the details", Filing.tell_details),
    ("see similar ones", Filing.see_similar),
    ("look once more", Filing.look_once_more),
    ("send it", Filing.send),
    ("see its number", Filing.follow),
)

FILING_WITH_PHOTO = (
    FILING[0],
    ("send the photo", Filing.send_photo),
    ("open the place", Filing.follow),
    *FILING[2:],
)

JOBS = (
    Job("file", "file a complaint, whole", FILING, times=30, aim=10),
    Job("file-photo", "… with a photo of 3 MB, whole", FILING_WITH_PHOTO, times=8),
    Job("queue", "desk queue, 50 rows, filtered", (("", _queue),), times=60, aim=8, arrive=_sign_in),
    *(Job(name, title, (("", act),), times=60, arrive=_sign_in) for name, title, act in DESK_STEPS),
    *(
        Job(name, title, (("", each_of(lists)),), times=EACH_TIMES * len(lists), arrive=_sign_in)
        for name, title, lists in TURNS
    ),
    Job("desk-next", "… its second page", (("", next_page),), times=60, arrive=_arrive_for_next),
    Job(
        "desk-views",
        "… with ten saved views, all counted",
        (("", DESK_STEPS[0][2]),),
        times=60,
        arrive=_arrive_with_views,
    ),
    Job("desk-case", "open a case at the desk", (("", _desk_case),), times=60, arrive=_sign_in),
    Job("bulk", "move 1,000 cases at once, undo it", (("sign in", _sign_in), *BULK), times=1, warm=1),
    Job("case", "case page", (("", _case),), times=120, aim=5),
    Job("case-304", "… seen before (304)", (("", _see_again),), times=240, aim=5, arrive=_see_cases),
    Job("promises", "promises: late now, months", (("", promises),), times=80),
    *(Job(name, title, (("", act),), times=80) for name, title, act in (*LIST_STEPS, *MAP_STEPS)),
)
