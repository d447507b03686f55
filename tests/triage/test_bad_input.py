"""Whatever is sent to the desk: a marked field or faithful storage, all that was typed kept, no failure."""

from itertools import cycle
from typing import Any

import pytest
from markupsafe import escape

from cps.cases.models import Case
from cps.cases.rules import EventKind
from cps.core.forms import LONGEST_TEXT
from cps.departments.models import Category
from tests.support.factories import make_complaint, make_department
from tests.support.site import Site
from tests.triage.steps import at, events, now, sent

TEXT_ACTS = {
    "reply": ("message", EventKind.UPDATED),
    "note": ("message", EventKind.NOTED),
    "transfer": ("reason", EventKind.TRANSFERRED),
    "close": ("message", EventKind.MOVED),
    "join": ("message", EventKind.JOINED),
}


@pytest.fixture
def case(category: Category) -> Case:
    return make_complaint(category=category)


@pytest.fixture
def others(category: Category) -> dict[str, Any]:
    """What every act needs besides its words."""
    into, water = make_complaint(category=category), make_department("Water")
    return {"outcome": "answered", "department": water.code, "into": into.reference}


@pytest.mark.parametrize(
    ("act", "words"), [*zip(TEXT_ACTS, ["", "  \n\t ", "\x00", "\u202e\u2066", "\ufeff"], strict=True)]
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_words_that_say_nothing_are_a_marked_field(
    desk: Site, case: Case, others: dict[str, Any], act: str, words: str
) -> None:
    name, kind = TEXT_ACTS[act]

    page = desk.post_raw(at(case, act), sent(case, **others, **{name: words}))

    assert page.status == 422
    assert page.value_of(f"#{act}-{name}", "aria-invalid") == "true"
    assert page.value_of(".error-summary a", "href") == f"#{act}-{name}"
    assert events(case, kind) == []


@pytest.mark.parametrize("act", TEXT_ACTS)
def test_words_that_are_too_many_are_kept_whole(
    desk: Site, case: Case, others: dict[str, Any], act: str
) -> None:
    name, kind = TEXT_ACTS[act]
    words = "길" * 100_000

    page = desk.post_raw(at(case, act), sent(case, **others, **{name: words}))

    assert page.status == 422
    assert page.all(".error-summary li") == ["This is too long. Please shorten it."]
    assert page.form(at(case, act)).value(name) == words
    assert events(case, kind) == []


TYPED_AND_KEPT = [
    ("👩🏽‍🔧 fixes it 👍", "👩🏽‍🔧 fixes it 👍"),
    ("مساء الخير", "مساء الخير"),
    ("pay\u202etxt.exe", "paytxt.exe"),
    ("a\x00b\x08c", "abc"),
    ("one\r\ntwo\rthree", "one\ntwo\nthree"),
    ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("{{ 7 * 7 }} {% raw %} %(name)s", "{{ 7 * 7 }} {% raw %} %(name)s"),
    ("'; DROP TABLE cases; --", "'; DROP TABLE cases; --"),
    ("x" * LONGEST_TEXT, "x" * LONGEST_TEXT),
]


@pytest.mark.parametrize(("act", "words"), [*zip(cycle(TEXT_ACTS), TYPED_AND_KEPT)])
def test_words_are_kept_faithfully(
    desk: Site, case: Case, others: dict[str, Any], act: str, words: tuple[str, str]
) -> None:
    (name, kind), (typed, kept) = TEXT_ACTS[act], words

    page = desk.post_raw(at(case, act), sent(case, **others, **{name: typed}), follow=False)

    assert page.status == 303
    assert [event.message for event in events(case, kind)][-1] == kept
    if act != "transfer":  # no longer at this desk
        shown = desk.client.get(at(case)).text  # not linted: what was typed may look like an unrendered text
        assert str(escape(kept)) in shown


@pytest.mark.parametrize(
    "act", ["take", "release", "reply", "close", "reopen", "transfer", "sort", "note", "join", "read"]
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_nothing_at_all_is_no_failure(desk: Site, case: Case, act: str) -> None:
    assert desk.post_raw(at(case, act), {}).status in {409, 422}
    assert now(case).version == case.version


@pytest.mark.parametrize("act", ["reply", "close", "transfer", "sort", "note", "join"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_every_field_twice_or_as_a_file_is_no_failure(
    desk: Site, case: Case, others: dict[str, Any], act: str
) -> None:
    twice = {name: [value, value] for name, value in sent(case, **others, message="a", reason="b").items()}

    assert desk.post_raw(at(case, act), twice, follow=False).status < 500
    case = now(case)
    page = desk.post_raw(at(case, act), {**sent(case), "photos": "no file", "kept_photo": ["x", "x"]})
    assert page.status < 500


@pytest.mark.parametrize("reference", ["0", "26110000000", "2611-0000-00000", "abc", "%00", "2611-9999-9999"])
@pytest.mark.parametrize("act", ["", "/reply"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_what_is_no_number_of_a_case_is_not_there(desk: Site, reference: str, act: str) -> None:
    page = (
        desk.post_raw(f"/desk/{reference}{act}", {"form_key": "k"}) if act else desk.get(f"/desk/{reference}")
    )

    assert page.status == 404
