"""What is sent, what answers mean and when is asked again, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from cps.open311.outgoing import reading
from cps.open311.outgoing.rules import (
    LONGEST_DESCRIPTION,
    LONGEST_REST,
    STAYS,
    Failed,
    News,
    Stage,
    There,
    Trouble,
    description,
    matching,
    news,
    next_look,
    rest_after,
    route_of,
    trouble_of,
    unanswerable,
)
from cps.open311.outgoing.wording import TROUBLES, trouble_words

NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stage", "is_closed", "notes", "expected"),
    [
        (Stage.OPEN, False, "Seen", News.NOTHING),
        (Stage.OPEN, False, "", News.NOTHING),
        (Stage.OPEN, False, "Planned", News.SAID),
        (Stage.OPEN, True, "Seen", News.DONE),
        (Stage.OPEN, True, "", News.DONE),
        (Stage.CLOSED, True, "Other words", News.NOTHING),
        (Stage.CLOSED, False, "", News.AGAIN),
    ],
)
def test_news_is_that_it_is_done_or_begun_anew_there_or_that_new_words_are_said(
    stage: Stage, is_closed: bool, notes: str, expected: News
) -> None:
    there = There("1", is_closed, notes)
    assert news(stage, "Seen", there, told_at=None, is_first=False, at=NOW) is expected


def test_what_it_says_first_is_no_news_unless_it_is_done() -> None:
    assert (
        news(Stage.OPEN, "", There("1", False, "Got it"), told_at=None, is_first=True, at=NOW) is News.NOTHING
    )
    assert news(Stage.OPEN, "", There("1", True, "Done"), told_at=None, is_first=True, at=NOW) is News.DONE


def test_a_system_that_fails_is_left_alone_longer_and_longer() -> None:
    rests = [rest_after(failures) for failures in range(1, 12)]

    assert rests[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert rests == sorted(rests)
    assert rests[-1] == rest_after(10_000) == LONGEST_REST


def test_what_is_old_or_done_is_asked_about_less_often() -> None:
    new = next_look(is_closed=False, sent_at=NOW, at=NOW)
    old = next_look(is_closed=False, sent_at=NOW - timedelta(days=8), at=NOW)
    done = next_look(is_closed=True, sent_at=NOW, at=NOW)

    assert NOW < new < old < done


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (200, None),
        (201, None),
        (301, Trouble.REDIRECT),
        (400, Trouble.REFUSED),
        (401, Trouble.KEY),
        (403, Trouble.KEY),
        (404, Trouble.NOT_FOUND),
        (408, Trouble.BROKEN),
        (429, Trouble.BUSY),
        (500, Trouble.BROKEN),
        (503, Trouble.BUSY),
    ],
)
def test_a_status_tells_what_is_wrong_with_the_system_the_key_or_the_case(
    status: int, trouble: Trouble | None
) -> None:
    assert trouble_of(status) is trouble


def test_a_category_goes_to_its_own_service_or_to_that_of_everything_else() -> None:
    routes = {"lamp": "light", "*": "other"}

    assert [route_of(routes, code) for code in ("lamp", "hole")] == ["light", "other"]
    assert route_of({"lamp": "light"}, "hole") == ""


def test_a_category_that_stays_here_goes_nowhere_whatever_all_others_do() -> None:
    assert route_of({"lamp": STAYS, "*": "other"}, "lamp") == ""


def test_answers_go_where_the_same_code_is_asked_and_the_value_is_taken() -> None:
    asked = [
        {"code": "depth", "label": "", "required": True, "several": False, "keys": ["deep", "flat"]},
        {"code": "kinds", "label": "", "required": False, "several": True, "keys": []},
        {"code": "size", "label": "How large?", "required": True, "several": False, "keys": []},
    ]
    answers = {"depth": ["huge", "deep"], "kinds": ["a", "b"], "ours": ["x"]}

    assert matching(answers, asked) == [
        ("attribute[depth]", "deep"),
        ("attribute[kinds][]", "a"),
        ("attribute[kinds][]", "b"),
    ]
    assert unanswerable(asked, ["depth", "kinds"]) == ["How large?"]


def test_long_words_make_room_for_the_address_of_the_page() -> None:
    told = description("x" * 5_000, "https://hear.your.city/complaints/1")

    assert len(told) == LONGEST_DESCRIPTION
    assert told.endswith("…\n\nhttps://hear.your.city/complaints/1")
    assert description("Short.", "https://a.example") == "Short.\n\nhttps://a.example"


def test_both_forms_of_the_standard_say_the_same() -> None:
    as_json = b'[{"service_request_id": 638344, "status": "closed", "status_notes": "Done & dusted."}]'
    as_xml = (
        b'<?xml version="1.0" encoding="utf-8"?><service_requests><request>'
        b"<service_request_id>638344</service_request_id><status>closed</status>"
        b"<status_notes>Done &amp; dusted.</status_notes></request></service_requests>"
    )
    expected = {"638344": There("638344", True, "Done & dusted.")}

    assert reading.requests(reading.entries(as_json, "json")) == expected
    assert reading.requests(reading.entries(as_xml, "xml")) == expected


def test_what_a_service_asks_is_read_in_both_forms() -> None:
    as_xml = (
        b"<service_definition><service_code>7</service_code><attributes><attribute>"
        b"<variable>true</variable><code>depth</code><datatype>multivaluelist</datatype>"
        b"<required>true</required><description>How deep?</description>"
        b"<values><value><key>1</key><name>Flat</name></value></values></attribute></attributes>"
        b"</service_definition>"
    )
    as_json = (
        b'{"service_code": "7", "attributes": [{"variable": true, "code": "depth", "required": true,'
        b' "datatype": "multivaluelist", "description": "How deep?",'
        b' "values": [{"key": 1, "name": "Flat"}]}]}'
    )
    expected = [{"code": "depth", "label": "How deep?", "required": True, "several": True, "keys": ["1"]}]

    assert reading.attributes(reading.entries(as_xml, "xml")) == expected
    assert reading.attributes(reading.entries(as_json, "json")) == expected


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"<html><body>Not found</body>", "json"),
        (b"", "json"),
        (b'"text"', "json"),
        (b"[[]]", "json"),
        (b"[" * 100_000, "json"),
        (b"<a><b></a>", "xml"),
        (b'<!DOCTYPE a [<!ENTITY x "xx">]><services>&x;</services>', "xml"),
        (b"<a>" * 50 + b"</a>" * 50, "xml"),
        ('<?xml version="1.0"?><!DOCTYPE a>'.encode("utf-16"), "xml"),
    ],
)
def test_what_is_no_answer_is_told_so(body: bytes, form: str) -> None:
    with pytest.raises(Failed) as failed:
        reading.entries(body, form)

    assert failed.value.trouble is Trouble.UNREADABLE


def test_what_is_wrong_is_said_in_words_with_those_of_the_other_side(app: object) -> None:
    assert trouble_words("") == ""
    assert trouble_words("refused 400 no depth") == "It refuses the case. It said: 400 no depth"
    assert all(trouble_words(trouble.value) for trouble in Trouble)
    assert set(TROUBLES) == set(Trouble)
