"""Times, addresses, lists and forms of the standard, without a server."""

import json
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import fromstring
from zoneinfo import ZoneInfo

import pytest

from cps.cases.rules import Status
from cps.open311 import rules
from cps.open311.documents import Document, written
from cps.open311.rules import Refused, Span

SEOUL = ZoneInfo("Asia/Seoul")
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["2026-11-18T12:00:00Z", "2026-11-18T21:00:00+09:00", "2026-11-18T21:00:00 09:00", "2026-11-18T21:00:00"],
)
def test_a_time_is_read_with_a_zone_a_lost_plus_or_as_the_citys_own(text: str) -> None:
    assert rules.moment(text, "start_date", SEOUL) == NOON


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-13-01", "0001-01-01T00:00:00+14:00", "9999-12-31", "T", "2" * 400]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="start_date is no date"):
        rules.moment(text, "start_date", SEOUL)


def test_a_stretch_of_time_is_never_longer_than_ninety_days() -> None:
    days = timedelta(days=90)
    month = {"a": "2026-11-18T12:00:00Z", "b": "2026-12-18"}

    assert rules.span({}, "a", "b", SEOUL).bounded(NOON) == Span(NOON - days, NOON)
    assert rules.span({"a": month["a"]}, "a", "b", SEOUL).bounded(NOON) == Span(NOON, NOON + days)
    assert rules.span(month, "a", "b", SEOUL).bounded(NOON).start == NOON
    with pytest.raises(Refused, match="a is after b"):
        rules.span({"a": month["b"], "b": month["a"]}, "a", "b", SEOUL)
    with pytest.raises(Refused, match="90 days"):
        rules.span({"a": "2026-01-01", "b": "2026-04-02"}, "a", "b", SEOUL)


def test_open_and_closed_together_are_everything() -> None:
    assert rules.statuses("closed") == (Status.CLOSED,)
    assert Status.CLOSED not in rules.statuses("open")
    assert rules.statuses("open,closed") == rules.statuses("") == ()
    with pytest.raises(Refused, match="not lost"):
        rules.statuses("open, lost")


def test_the_code_of_an_attribute_stands_in_brackets() -> None:
    fields = ["attribute[depth]", "attribute[depth][]", "attribute[depth][3]", "attribute", "attribute[a][b]"]

    assert [rules.attribute_code(name) for name in fields] == ["depth", "depth", "depth", None, None]


def test_a_link_is_an_address_on_the_web() -> None:
    assert rules.link("https://Photos.example.org/1.jpg") == "https://Photos.example.org/1.jpg"
    assert rules.host_of("https://Photos.example.org:8/1.jpg") == "photos.example.org"
    for wrong in (
        "javascript:alert(1)",
        "//photos.example.org",
        "http://[",
        "https://a b",
        "https://x/" + "y" * 2000,
    ):
        with pytest.raises(Refused, match="media_url"):
            rules.link(wrong)


def test_a_document_is_the_same_in_both_forms() -> None:
    strange = "<b> & \u000b\ud800]]>"
    entry = {"a": strange, "b": None, "c": True, "d": 1.5, "values": ["x", {"key": "k"}]}
    document = Document("services", [entry])

    (one,) = fromstring(written(document, "xml"))

    assert json.loads(written(Document("services", [{**entry, "a": "x"}]), "json")) == [{**entry, "a": "x"}]
    assert one.tag == "service"
    assert [one.findtext(name) for name in "abcd"] == ["<b> & \ufffd\ufffd]]>", "", "true", "1.5"]
    assert [value.tag for value in one.find("values") or ()] == ["value", "value"]


def test_a_city_is_known_by_its_host() -> None:
    assert {"your.city", "www.your.city"} <= rules.jurisdictions("https://www.your.city:444")
    assert "city" not in rules.jurisdictions("https://your.city")
