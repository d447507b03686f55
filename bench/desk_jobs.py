"""What officers ask of the list of the desk: boxes, filters, orders, the next page, counts of saved views."""

from collections.abc import Callable, Mapping, Sequence
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
        page = browser.get(_address(facts, asked))
        if _ROW not in page.text and not may_be_empty:
            raise WrongAnswer(f"the desk shows no case: {page.path}")

    return act


def each_of(lists: Sequence[Mapping[str, str]]) -> Act:
    """Return how to open these lists in turn; some may be empty."""

    def act(browser: Browser, facts: Facts, number: int) -> None:
        page = browser.get(_address(facts, lists[number % len(lists)]))
        if "data-desk-list" not in page.text or "Part of this address means nothing here" in page.text:
            raise WrongAnswer(f"the desk does not show what is asked for: {page.path}")

    return act


def _address(facts: Facts, asked: Mapping[str, str]) -> str:
    """Return the address of a list; what begins with a colon is known of the city."""
    given = {name: getattr(facts, value[1:]) if value[0] == ":" else value for name, value in asked.items()}
    return f"/desk?{urlencode(given)}"


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


ALONE: Mapping[str, str] = {
    "q": ":words",
    "kind": "proposal",
    "status": "in-progress",
    "category": ":category",
    "department": ":department",
    "ward": ":ward",
    "area": ":area",
    "assignee": "me",
    "priority": "urgent",
    "due": "three-times",
    "age": "30",
    "since": "2026-01-01",
    "until": "2026-06-30",
    "channel": "phone",
    "photo": "yes",
    "voice": "yes",
    "whose": "unclear",
    "backed": "3",
    "reply": "yes",
    "language": "ko",
}
"""Each filter of the list with a value."""

OF_OPEN = tuple({"box": "department", name: value} for name, value in ALONE.items())
OF_CLOSED = (
    *({"box": "closed", name: value} for name, value in ALONE.items() if name not in {"status", "due"}),
    {"box": "closed", "status": "closed"},
    {"box": "closed", "outcome": "not-ours"},
    {"box": "closed", "within": "ever", "language": "ar"},
)
MIXED = (
    {"box": "new", "category": ":category", "ward": ":ward"},
    {"box": "department", "status": "in-progress", "priority": "urgent"},
    {"box": "late", "channel": "phone", "backed": "1", "sort": "backed"},
    {"box": "mine", "reply": "yes", "sort": "oldest"},
    {"box": "today", "ward": ":ward", "sort": "nearest", "near": ":ward"},
    {"box": "department", "q": ":words", "ward": ":ward", "sort": "newest"},
    {"box": "department", "area": ":area", "photo": "yes"},
    {"box": "closed", "category": ":category", "ward": ":ward", "outcome": "fixed"},
    {"box": "closed", "language": "ko", "photo": "yes", "within": "ever", "sort": "closed-first"},
    {"box": "closed", "assignee": "me", "since": "2026-01-01", "within": "month"},
)
"""Ten lists that officers ask for."""

EACH_TIMES = 10

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

TURNS: tuple[tuple[str, str, Sequence[Mapping[str, str]]], ...] = (
    ("desk-filters", "… each filter alone", OF_OPEN),
    ("desk-closed-filters", "… each filter alone, of closed ones", OF_CLOSED),
    ("desk-mixed", "… ten combinations", MIXED),
)
