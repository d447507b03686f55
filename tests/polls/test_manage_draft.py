"""Administrators make a poll in short screens, each of one topic; everything typed is kept."""

from datetime import UTC, datetime
from typing import Any

import pytest

from cps.core.keys import app_keys_dir
from cps.polls import key_files, queries
from cps.polls.rules import CountKey, Lines, Method, OptionOrder, TieRule
from tests.polls.managing import ADMIN, administrator, copy_of, empty_draft, here, send
from tests.support import factories, polls
from tests.support.fixtures import Clock
from tests.support.site import Site


@pytest.fixture
def admin(site: Site) -> Site:
    return administrator(site)[0]


def again(slug: str = "park") -> Any:
    return queries.get_poll(slug)


def test_a_draft_begins_with_a_question_and_makes_its_own_address(admin: Site) -> None:
    page = admin.submit(f"{ADMIN}/new", question="Where shall the new park be?", slug="")

    assert page.path == here("where-shall-the-new-park-be")
    assert again("where-shall-the-new-park-be").question == {"en": "Where shall the new park be?"}
    assert page.heading == "Where shall the new park be?"


@pytest.mark.parametrize(
    ("question", "address"),
    [
        ("Which tree should we plant on Station Square?", "which-tree-should-we-plant-on-station"),
        ("x" * 50, "x" * 40),
        ("나무", "poll-2026"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_an_address_made_of_a_question_ends_with_a_whole_word(
    admin: Site, question: str, address: str
) -> None:
    page = admin.submit(f"{ADMIN}/new", question=question, slug="")

    assert page.path == here(address)


def test_the_same_form_sent_twice_begins_one_draft(admin: Site) -> None:
    form = admin.get(f"{ADMIN}/new")
    first = admin.submit(form, question="What first?", slug="first")
    second = admin.submit(form, question="What first?", slug="first")

    assert first.path == second.path == here("first")
    assert len(queries.listed(with_drafts=True)) == 1


@pytest.mark.parametrize("slug", ["New Park", "taken", "new", "-park", "x" * 61])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_an_address_that_cannot_be_is_refused_and_kept(admin: Site, slug: str) -> None:
    empty_draft("taken")

    page = admin.submit(f"{ADMIN}/new", question="What first?", slug=slug)

    assert page.status == 422
    assert page.value_of("input[name=slug]") == slug.lower()
    assert page.value_of("input[name=question]") == "What first?"


def test_the_address_of_a_poll_whose_keys_were_destroyed_is_taken(admin: Site) -> None:
    key_files.destroy(app_keys_dir(), "gone", heads_public="0" * 64)

    assert admin.submit(f"{ADMIN}/new", question="What first?", slug="gone").status == 422


def test_question_and_explanation_are_written_in_every_language(admin: Site) -> None:
    empty_draft()

    send(
        admin,
        "park",
        "/question",
        question_en="Which park?",
        question_ko="어느 공원?",
        explanation_en="Two places.",
    )

    assert again().question == {"en": "Which park?", "ko": "어느 공원?"}
    assert again().explanation == {"en": "Two places."}


def test_a_question_left_empty_is_asked_for_again_and_the_rest_is_kept(admin: Site) -> None:
    empty_draft()

    page = send(admin, "park", "/question", question_en="", question_ko="어느 공원?")

    assert page.status == 422
    assert page.value_of("#question_ko") == "어느 공원?"
    assert again().question == {"en": "What first?"}


def test_two_administrators_at_once_never_overwrite_each_other(admin: Site, clock: Clock) -> None:
    empty_draft()
    mine = admin.get(here("park", "/question"))
    other = administrator(admin.another())[0]
    clock.move(minutes=1)
    send(other, "park", "/question", question_en="Theirs?")

    page = admin.submit(mine, form=here("park", "/question"), question_en="Mine?")

    assert page.status == 409
    assert page.value_of("#question_en") == "Mine?"
    assert again().question["en"] == "Theirs?"
    assert admin.submit(page, form=here("park", "/question")).path == here("park")
    assert again().question["en"] == "Mine?"


def test_the_rules_of_a_ranking_are_saved(admin: Site) -> None:
    empty_draft()

    send(
        admin,
        "park",
        "/rules",
        method="ranking",
        most="3",
        option_order="shuffled",
        tie="draw",
        draw_text="In the hall.",
    )

    poll = again()
    assert (poll.method, poll.most, poll.option_order) == (Method.RANKING, 3, OptionOrder.SHUFFLED)
    assert (poll.tie, poll.draw_text) == (TieRule.DRAW, "In the hall.")


def test_large_amounts_may_have_commas(admin: Site) -> None:
    empty_draft()

    send(admin, "park", "/rules", method="budget", budget="1,200 000")

    assert again().budget == 1_200_000


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"method": "ranking", "most": "4"}, "most"),
        ({"method": "ranking", "most": ""}, "most"),
        ({"method": "approval", "most": "1"}, "most"),
        ({"method": "approval", "most": ""}, "most"),
        ({"method": "budget", "budget": ""}, "budget"),
        ({"method": "budget", "budget": "12.5"}, "budget"),
        ({"tie": "draw", "draw_text": ""}, "draw_text"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_rules_that_do_not_fit_are_told_beside_their_field(
    admin: Site, fields: dict[str, str], name: str
) -> None:
    empty_draft()

    page = send(admin, "park", "/rules", **fields)

    assert page.status == 422
    assert page.all(f"#{name}-error")
    assert again().method is Method.SINGLE


def test_who_may_vote_is_saved(admin: Site) -> None:
    empty_draft()
    ward = factories.make_ward()
    factories.make_ward()

    send(
        admin,
        "park",
        "/who",
        key="account",
        ward_codes=[ward.code],
        age_from="16",
        age_to="99",
        age_bands="30, 16",
    )

    poll = again()
    assert (poll.key, poll.ward_codes, poll.age_from, poll.age_to) == (CountKey.ACCOUNT, [ward.code], 16, 99)
    assert poll.age_bands == [16, 30]


def test_nobody_declares_what_the_register_decides(admin: Site) -> None:
    empty_draft()

    page = send(admin, "park", "/who", key="register", is_declared="y", age_from="16")

    assert page.status == 422
    assert "stand there" in page.text_of("#is_declared-error")
    assert page.value_of("#age_from") == "16"
    assert not again().is_declared
    assert send(admin, "park", "/who", key="phone", is_declared="y").path == here("park")
    assert again().is_declared


def test_a_draft_that_has_both_already_is_neither_shown_nor_opened(admin: Site) -> None:
    polls.make_draft("park", key=CountKey.REGISTER, is_declared=True)
    send(admin, "park", "/keys")

    page = admin.get(here("park", "/preview"))
    forced = admin.post_raw(here("park", "/open"), {"version": again().version})

    assert page.path == here("park")
    assert page.has("The register decides who may vote")
    assert forced.status == 422
    assert again().is_draft


def test_ages_the_wrong_way_round_are_refused(admin: Site) -> None:
    empty_draft()

    page = send(admin, "park", "/who", age_from="60", age_to="16")

    assert page.status == 422
    assert page.value_of("#age_from") == "60"


def test_times_are_those_of_the_citys_zone(admin: Site) -> None:
    empty_draft()

    send(
        admin, "park", "/times",
        opens_on="2026-12-01", opens_time="09:00", closes_on="2026-12-08", closes_time="18:30",
    )  # fmt: skip

    assert again().opens_at == datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
    assert again().closes_at == datetime(2026, 12, 8, 9, 30, tzinfo=UTC)
    assert admin.get(here("park", "/times")).value_of("#opens_time") == "09:00"


@pytest.mark.parametrize(
    ("closes_on", "closes_time"), [("2026-12-01", "08:00"), ("2026-12-01", ""), ("next week", "18:00")]
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_times_that_cannot_be_are_refused_and_kept(admin: Site, closes_on: str, closes_time: str) -> None:
    empty_draft()

    page = send(
        admin, "park", "/times",
        opens_on="2026-12-01", opens_time="09:00", closes_on=closes_on, closes_time=closes_time,
    )  # fmt: skip

    assert page.status == 422
    assert page.value_of("#closes_on") == closes_on
    assert again().opens_at is None


def test_publication_is_saved(admin: Site) -> None:
    empty_draft()
    category = factories.make_category("Objections")

    send(
        admin, "park", "/publication",
        lines="full", is_sensitive=True, witnesses="The Courier\n\nThe University\nThe Courier",
        objection_days="7", objection_category_id=str(category.id), decision_days="30",
    )  # fmt: skip

    poll = again()
    assert (poll.lines, poll.is_sensitive, poll.objection_days) == (Lines.FULL, True, 7)
    assert poll.witnesses == ["The Courier", "The University"]
    assert poll.objection_category_id == category.id


def test_a_draft_without_times_knows_already_how_many_are_in_the_register(admin: Site) -> None:
    polls.make_draft("park", lines=Lines.FULL, opens_at=None, closes_at=None)

    page = admin.get(here("park"))

    assert page.has("Set when it opens and closes.")
    assert not page.has("Nobody can say how many will vote")


def test_witnesses_and_none_at_once_are_refused(admin: Site) -> None:
    empty_draft()

    page = send(admin, "park", "/publication", witnesses="The Courier", has_no_witnesses=True)

    assert page.status == 422


def test_a_red_line_of_the_checklist_leads_to_where_it_is_mended(admin: Site) -> None:
    empty_draft()

    page = admin.get(here("park"))

    assert page.link("Make the keys.") == here("park", "/keys")
    assert page.link("Set when it opens and closes.") == here("park", "/times")
    assert "Open the poll" not in page.links


def test_the_checklist_names_the_text_and_the_languages_that_it_lacks(admin: Site) -> None:
    empty_draft()
    before = admin.get(here("park"))
    send(admin, "park", "/question", question_ko="무엇을 먼저?")
    send(admin, "park", "/options/new", label_en="Kitchen")

    after = admin.get(here("park"))

    assert before.link("“What first?” is not written in: 한국어.") == here("park", "/question")
    assert after.link("“Kitchen” is not written in: 한국어.") == here("park", "/options")


def test_a_clone_has_the_rules_and_not_the_times(admin: Site) -> None:
    poll = polls.make_poll("park", lines=Lines.FULL)

    page = admin.submit(here("park", "/clone"), slug="park-again")

    copy = again("park-again")
    assert page.path == here("park-again")
    assert (copy.is_draft, copy.lines, copy.opens_at) == (True, Lines.FULL, None)
    assert [option.code for option in copy.options] == [option.code for option in poll.options]


def test_a_discarded_draft_leaves_neither_row_nor_key(admin: Site) -> None:
    empty_draft()
    empty_draft("noise")
    send(admin, "park", "/keys")
    assert copy_of("park")

    page = send(admin, "park", "/discard")

    assert page.path == ADMIN
    assert queries.find_poll("park") is None
    assert [*app_keys_dir().glob("polls/park.*")] == []
    assert queries.find_poll("noise")


def test_a_draft_that_was_cloned_can_be_discarded(admin: Site) -> None:
    empty_draft()
    admin.submit(here("park", "/clone"), slug="park-2")

    send(admin, "park", "/discard")

    assert queries.find_poll("park") is None
    assert again("park-2").question == {"en": "What first?"}


@pytest.mark.parametrize("rest", ["/new", "/park/clone"])
def test_a_form_without_its_key_begins_nothing_and_can_be_sent_again(admin: Site, rest: str) -> None:
    empty_draft()
    fields = {"question": "Another?", "slug": "another", "form_key": ""}

    page = admin.post_raw(f"{ADMIN}{rest}", fields)

    assert page.status == 422
    assert queries.find_poll("another") is None
    admin.submit(page, form=f"{ADMIN}{rest}")
    assert again("another").is_draft


def test_an_open_poll_has_no_screens_of_a_draft_and_cannot_be_changed_by_force(admin: Site) -> None:
    poll = polls.make_poll("park")
    version = poll.version

    for topic in ("question", "options", "rules", "who", "times", "publication", "keys", "rehearsal", "open"):
        assert admin.get(here("park", f"/{topic}")).path == here("park")
    page = admin.post_raw(here("park", "/question"), {"version": version, "question_en": "Another?"})
    gone = admin.post_raw(here("park", "/discard"), {"version": version})

    assert (page.status, gone.status) == (422, 422)
    assert again().question["en"] == "What first?"
    assert key_files.read_all(app_keys_dir(), "park")


@pytest.mark.parametrize("role", ["resident", "officer", "supervisor", "agent", "moderator"])
@pytest.mark.first_case("who may do what is decided by the program")
def test_nobody_else_sees_that_there_are_drafts(site: Site, role: str) -> None:
    empty_draft()
    site.sign_in(getattr(factories, f"make_{role}")())

    assert site.get(ADMIN).status == 404
    assert site.get(here("park")).status == 404
