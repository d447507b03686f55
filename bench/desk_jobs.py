"""What officers ask of the list of the desk: boxes, filters, orders, the next page, counts of saved views."""

from collections.abc import Callable
from urllib.parse import urlencode

from bench.browser import REDIRECTS, Browser, WrongAnswer
from bench.facts import Facts

Act = Callable[[Browser, Facts, int], None]
MANY_VIEWS = 10
TAKEN = 422
"""Another visitor of the same account has kept the view."""

_ROW = 'class="desk-row"'


def list_of(*, may_be_empty: bool = False, **asked: str) -> Act:
    """Return how to open the list that is asked for."""

    def act(browser: Browser, facts: Facts, _number: int) -> None:
        given = {
            name: getattr(facts, value[1:]) if value[0] == ":" else value for name, value in asked.items()
        }
        page = browser.get(f"/desk?{urlencode(given)}")
        if _ROW not in page.text and not may_be_empty:
            raise WrongAnswer(f"the desk shows no case: {page.path}")

    return act


def note_next_page(browser: Browser) -> None:
    """Note the address of the second page of the department."""
    after = browser.get("/desk?box=department").text.partition(";after=")[2].partition('"')[0]
    browser.notes["next"] = f"/desk?{urlencode({'box': 'department', 'after': after})}"


def next_page(browser: Browser, _facts: Facts, _number: int) -> None:
    """Open the second page."""
    browser.get(browser.notes["next"])


def keep_views(browser: Browser) -> None:
    """Keep ten views, open and closed ones; those that are there already stay."""
    for number in range(MANY_VIEWS):
        asked = {"box": "closed", "within": "month"} if number % 3 == 0 else {"box": "department"}
        page = browser.get(f"/desk/views?{urlencode({**asked, 'backed': str(number + 1)})}")
        sent = {**page.form("/desk/views"), "name": f"View {number}"}
        browser.post("/desk/views", sent, wanted={*REDIRECTS, TAKEN})


DESK_STEPS: tuple[tuple[str, str, Act], ...] = (
    ("desk-all", "desk, the whole department", list_of(box="department")),
    ("desk-newest", "… newest first", list_of(box="department", sort="newest")),
    ("desk-backed", "… most backed first", list_of(box="department", sort="backed")),
    ("desk-nearest", "… nearest first", list_of(box="department", sort="nearest", near=":ward")),
    ("desk-words", "… with two words", list_of(may_be_empty=True, box="department", q=":words")),
    (
        "desk-narrowed",
        "… by five filters",
        list_of(
            may_be_empty=True, box="department", ward=":ward", photo="no", age="7", backed="1", due="late"
        ),
    ),
    ("desk-closed", "… closed ones", list_of(box="closed")),
    (
        "desk-closed-narrowed",
        "… closed ones of a category and ward, ever",
        list_of(may_be_empty=True, box="closed", within="ever", category=":category", ward=":ward"),
    ),
)
