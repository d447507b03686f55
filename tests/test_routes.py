"""Every address × everybody: who may open or send what stands in `tests/support/who_may.py`, walked here.

An address without a line in `GETS` or `POSTS` fails. Whoever is not named gets 404, because existence
itself is private; a visitor is asked to sign in, or refused. `READERS` says who may read the words of cases
that are not public; no address may show them to anybody else.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import Rule

from cps.cases.models import Attachment, Case
from cps.cases.reference import display
from cps.cases.voice_models import VoiceNote
from cps.core.db import db, transaction
from cps.core.security import Can, has_rule
from tests.support.fixtures import Database
from tests.support.page import Page
from tests.support.site import Site
from tests.support.who_may import ACTORS, BY_KEY, GETS, POSTS, READERS, REPORTER, VISITOR, WORKERS
from tests.support.world import PART, REPORTER_MARKS, SECRETS, TELLING, WRITTEN_NUMBERS, World, make_world

WHO_READS_NAMES = frozenset({"reporter"})
"""Whose answers may contain the reporter's name or address without being asked for: their own."""

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b(?! INTO (inbox_look|case_presence))", re.IGNORECASE)
"""What changes something. Who has a case open, and who looked, is noted, as the use of a device is."""

NUMBER = "the number of the integrity case"
"""Among the words that somebody was shown: it stands on a page that is not about this case."""

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)?")


@pytest.fixture
def world(app: Flask) -> World:
    return make_world(app)


def rules(app: Flask, method: str) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and rule.endpoint != "static"
    ]


@pytest.mark.one_database("the table of addresses")
@pytest.mark.parametrize(("method", "table"), [("GET", GETS), ("POST", POSTS)])
def test_every_address_has_a_line_and_every_line_an_address(
    app: Flask, method: str, table: dict[str, frozenset[str]]
) -> None:
    existing = {rule.rule for rule in rules(app, method)}

    assert existing - set(table) == set(), f"say in tests/test_routes.py who may {method} these"
    assert set(table) - existing == set(), "these are gone"


@pytest.mark.one_database("the table of addresses")
def test_no_other_methods_are_answered(app: Flask) -> None:
    methods = {method for rule in app.url_map.iter_rules() for method in rule.methods or ()}

    assert methods <= {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.one_database("the table of addresses")
def test_addresses_are_written_in_kebab_case_with_typed_parts(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        for part in PART.finditer(rule.rule):
            assert part["kind"], f"{rule.rule}: say of which type {part['name']} is"
        for word in PART.sub("part", rule.rule).split("/"):
            assert not word or KEBAB.fullmatch(word), rule.rule


@pytest.mark.one_database("the table of addresses")
def test_every_view_is_public_or_names_its_permission_and_the_permission_has_a_rule(app: Flask) -> None:
    for rule in [*rules(app, "GET"), *rules(app, "POST")]:
        view = app.view_functions[rule.endpoint]
        assert hasattr(view, "cps_requires"), f"{rule.endpoint} is neither @public nor @requires(…)"
        can = view.cps_requires
        assert can is None or has_rule(can), f"{rule.endpoint} asks for {can}, which has no rule"
    assert [can for can in Can if not has_rule(can)] == []


@pytest.mark.one_database("the table of addresses")
def test_what_needs_a_permission_is_not_open_to_everybody(app: Flask) -> None:
    for method, table in (("GET", GETS), ("POST", POSTS)):
        for rule in rules(app, method):
            if app.view_functions[rule.endpoint].cps_requires is not None:
                assert VISITOR not in table[rule.rule], rule.rule


@dataclass(frozen=True)
class Answer:
    """How an address answered, without the page itself: a thousand parsed pages fill a process."""

    status: int
    location: str

    @classmethod
    def of(cls, page: Page) -> "Answer":
        """Keep of a page what says who may open it."""
        return cls(page.status, page.header("Location"))


@dataclass(frozen=True)
class Seen:
    """What somebody got from one address, about a case of this kind, and which of the `TELLING` words."""

    rule: str
    kind: str
    answer: Answer
    words: frozenset[str]
    writes: list[str]


_walks: dict[tuple[str, str], list[Seen]] = {}


@pytest.fixture
def walk(request: pytest.FixtureRequest, database: Database, app: Flask, actor: str) -> list[Seen]:
    """What this person sees at every address; walked once for the tests that ask for it."""
    key = (database.kind, actor)
    if key not in _walks:
        world, site = request.getfixturevalue("world"), request.getfixturevalue("site")
        walker = world.visitor(site, actor)
        rules = sorted(
            GETS, key=lambda rule: "secret" in rule
        )  # whoever used it speaks as reporter afterwards
        _walks[key] = [see(walker, world, rule, kind) for rule in rules for kind in kinds_of(rule)]
    return _walks[key]


def kinds_of(rule: str) -> list[str]:
    """Return about which cases an address is opened; the secret link opens a case to whoever has it."""
    return ["public", *READERS] if "reference" in rule and "secret" not in rule else ["public"]


def see(walker: Site, world: World, rule: str, kind: str) -> Seen:
    page = walker.get(world.fill(rule, kind), follow=False)
    words = {one for one in TELLING if says(page, one)}
    if kind != "integrity" and says(page, display(world.cases["integrity"].reference)):
        words.add(NUMBER)
    return Seen(rule, kind, Answer.of(page), frozenset(words), writes(walker))


def writes(walker: Site) -> list[str]:
    """Return what the last request of somebody wrote into the database."""
    return [statement for statement in walker.statements if WRITES.match(statement)]


def everybody(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test for each actor; those of one actor run in one process, which walks once."""
    return pytest.mark.parametrize("actor", ACTORS)(test)


@everybody
def test_a_page_opens_to_those_it_is_for_and_is_not_there_for_others(walk: list[Seen], actor: str) -> None:
    for seen in walk:
        if seen.kind == "public":
            check(seen.answer, "GET", seen.rule, actor, actor in GETS[seen.rule])


@everybody
def test_no_address_fails_whatever_the_case_is(walk: list[Seen], actor: str) -> None:
    broken = [f"{seen.rule} of a {seen.kind} case" for seen in walk if seen.answer.status >= 500]

    assert broken == []


@everybody
def test_looking_changes_nothing(walk: list[Seen], actor: str) -> None:
    assert [(seen.rule, seen.writes) for seen in walk if seen.writes] == []


@everybody
def test_what_is_not_public_shows_to_its_readers_alone(walk: list[Seen], actor: str) -> None:
    for kind, readers in READERS.items():
        telling = {SECRETS[kind], *([NUMBER] if kind == "integrity" else [])}
        shown = {seen.rule for seen in walk if telling & seen.words}
        if actor in readers:
            assert shown, f"{actor} may read the {kind} case and finds it nowhere"
        else:
            assert shown == set(), f"{actor} reads the words of the {kind} case"


@everybody
def test_numbers_in_texts_are_masked_for_all_but_the_reporter_and_who_works_the_case(
    walk: list[Seen], actor: str
) -> None:
    shown = {seen.rule for seen in walk if seen.words & {*WRITTEN_NUMBERS}}

    if actor in WORKERS | REPORTER:
        assert shown, f"{actor} may read the numbers and finds them nowhere"
        assert "/complaints" not in shown
    else:
        assert shown == set()


@everybody
def test_nobody_meets_the_name_of_a_reporter_without_asking_for_it(walk: list[Seen], actor: str) -> None:
    told = {(seen.rule, name) for seen in walk for name in seen.words & {*REPORTER_MARKS}}

    assert told == set() or actor in WHO_READS_NAMES


@everybody
def test_a_form_is_taken_from_those_it_is_for_and_from_nobody_else(
    site: Site, world: World, actor: str
) -> None:
    for rule, may in POSTS.items():
        walker = world.visitor(site, actor)
        page = walker.post_raw(world.fill(rule), follow=False)
        check(Answer.of(page), "POST", rule, actor, actor in may)
        if actor not in may:
            assert writes(walker) == [], f"POST {rule} as {actor} was refused and wrote all the same"


def check(answer: Answer, method: str, rule: str, actor: str, may: bool) -> None:
    what = f"{method} {rule} as {actor} answered {answer.status} {answer.location}"
    asked_to_sign_in = answer.location.startswith("/accounts/sign-in?next=")
    if may:
        fine = {200, 303} if method == "GET" else {200, 303, 400, 401, 409, 410, 422}
        fine |= {403} if method == "POST" and rule.startswith(BY_KEY) else set()
        assert answer.status in fine, what
        assert not (asked_to_sign_in and actor != VISITOR), what
    elif actor == VISITOR:
        assert answer.status in {403, 404} or (answer.status == 303 and asked_to_sign_in), what
    else:
        assert answer.status == 404, what


@pytest.mark.parametrize("kind", READERS)
def test_the_photos_of_a_case_are_as_private_as_the_case(
    site: Site, world: World, app: Flask, kind: str
) -> None:
    move_photo(world.cases[kind])
    address = world.fill("/photos/<token:name>/<any(large, thumbnail, fallback):size>")

    opened = {actor for actor in ACTORS if world.visitor(site, actor).get(address).status == 200}

    assert opened == READERS[kind]


@pytest.mark.parametrize("kind", READERS)
def test_the_voice_of_a_reporter_is_heard_by_those_who_may_know_who_it_is(
    site: Site, world: World, kind: str
) -> None:
    with transaction() as session:
        session.scalars(db.select(VoiceNote)).one().case_id = world.cases[kind].id
    address = world.fill("/voice/<token:name>")

    heard = {actor for actor in ACTORS if world.visitor(site, actor).get(address).status == 200}

    assert heard == {"private": WORKERS | REPORTER, "hidden": WORKERS | REPORTER, "integrity": REPORTER}[kind]


def move_photo(case: Case) -> None:
    with transaction() as session:
        session.scalars(db.select(Attachment)).one().case_id = case.id


@pytest.mark.parametrize("actor", [VISITOR, "officer"])
def test_the_headers_of_a_page_can_be_asked_for_alone(site: Site, world: World, actor: str) -> None:
    walker = world.visitor(site, actor)

    for rule in GETS:
        address = world.fill(rule)
        page, head = walker.get(address, follow=False), walker.head(address)
        assert (head.status, head.data) == (page.status, b""), rule
        assert head.header("Cache-Control") == page.header("Cache-Control"), rule


STRANGE: list[Callable[[str], str]] = [
    lambda value: "0" * len(value),
    lambda value: value[::-1],
    lambda value: value + "x" * 300,
    lambda _value: "%00",
    lambda _value: "-1",
    lambda _value: str(2**70),
]


@pytest.mark.parametrize("actor", [VISITOR, "officer"])
def test_what_does_not_exist_is_not_found(site: Site, world: World, actor: str) -> None:
    walker = world.visitor(site, actor)
    known = dict(world.values, reference=world.cases["public"].reference, secret="x" * 32)

    for rule in [one for one in GETS if PART.search(one)]:
        for strange in STRANGE:
            address = PART.sub(lambda part, strange=strange: strange(known[part["name"]]), rule)  # type: ignore[misc]
            if address == world.fill(rule):
                continue
            page = walker.get(address, follow=False)
            assert page.status in {404, 303}, f"{address} answered {page.status}"
            assert not page.header("Location").startswith("http"), address


def says(page: Page, words: str) -> bool:
    return words in (page.html if page.is_html else page.data.decode(errors="replace"))
