import random
import re
from collections import Counter
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from cps.cases.rules import CaseKind, Mover, Outcome, Status, check_move, check_proof
from cps.core import assets
from cps.demo.content import load
from cps.demo.ground import address_in, is_inside, place_in
from cps.demo.make_wards import collection
from cps.demo.shapes import Complaint, StepKind, Text
from cps.departments.rules import Datatype

CONTENT = load()
COMPLAINTS = list(CONTENT.complaints.values())
HANGUL = re.compile("[가-힣]")


def texts() -> list[Text]:
    """Every text that the city translates."""
    found = [CONTENT.city.name, CONTENT.city.welcome, CONTENT.city.hours]
    found += CONTENT.city.says.values()
    found += [ward.name for ward in CONTENT.wards.values()]
    for department in CONTENT.departments.values():
        found += [department.name, department.about]
    for category in CONTENT.categories.values():
        found += [category.group, category.name, category.description]
        for question in category.questions:
            found += [question.label, *question.stops.values(), *(value.name for value in question.values)]
            found += [question.help] if question.help else []
    return found


def story(complaint: Complaint) -> Status:
    """Walk a course through the table of moves; raises MoveRefused where the table has no such move."""
    status = Status.RECEIVED
    for step in complaint.course:
        to, mover = status, Mover.STAFF
        if step.move:
            to = step.move
        elif step.kind is StepKind.REPLY:
            to, mover = Status.IN_PROGRESS, Mover.REPORTER
        elif step.kind is StepKind.FEEDBACK:
            assert status is Status.CLOSED
            to, mover = (status if step.fixed else Status.REOPEN_ASKED), Mover.REPORTER
        if to is not status:
            check_move(CaseKind.COMPLAINT, status, to, mover, message=step.message, outcome=step.outcome)
        status = to
    return status


def test_there_are_enough_texts_in_both_languages() -> None:
    languages = Counter(complaint.language for complaint in COMPLAINTS)

    assert len(COMPLAINTS) >= 150
    assert languages["en"] >= 100
    assert languages["ko"] >= 50
    assert {"ar", "th", "id"} <= languages.keys()


def test_no_two_texts_are_alike() -> None:
    for part in ("title", "body", "place"):
        counted = Counter(getattr(complaint, part) for complaint in COMPLAINTS)
        twice = {text for text, times in counted.items() if times > 1}
        assert part == "place" or not twice
    messages = Counter(step.message for c in COMPLAINTS for step in c.course if len(step.message) > 20)
    assert [message for message, times in messages.items() if times > 1] == []


def test_one_text_is_very_long_and_one_has_emoji() -> None:
    assert max(len(complaint.body) for complaint in COMPLAINTS) >= 8000
    assert any("🛋" in complaint.body for complaint in COMPLAINTS)


def test_titles_and_places_fit_their_columns() -> None:
    assert max(len(complaint.title) for complaint in COMPLAINTS) <= 200
    assert max(len(complaint.place) for complaint in COMPLAINTS) <= 300


def test_korean_complaints_are_answered_in_korean_and_english_ones_in_english() -> None:
    for complaint in COMPLAINTS:
        words = "".join([complaint.title, *(step.message for step in complaint.course)])
        assert bool(HANGUL.search(words)) == (complaint.language == "ko"), complaint.key


@pytest.mark.parametrize(
    "status",
    [
        Status.RECEIVED,
        Status.TRIAGED,
        Status.IN_PROGRESS,
        Status.WAITING_RESIDENT,
        Status.WAITING_OTHERS,
        Status.PLANNED,
        Status.CLOSED,
        Status.REOPEN_ASKED,
    ],
)
def test_every_status_of_a_complaint_appears_several_times(status: Status) -> None:
    assert sum(complaint.status is status for complaint in COMPLAINTS) >= 5


def test_the_demo_officer_has_written_complaints_at_every_status() -> None:
    """What chance makes beside them depends on the hour."""
    officer = next(one for one in CONTENT.staff if one.role == "officer")
    own = {
        complaint.status
        for complaint in COMPLAINTS
        if last_department(complaint) == officer.department
        and not CONTENT.categories[complaint.category].integrity
    }

    assert own == {complaint.status for complaint in COMPLAINTS}


def last_department(complaint: Complaint) -> str:
    departments = [step.department for step in complaint.course if step.department]
    return departments[-1] if departments else CONTENT.categories[complaint.category].department


@pytest.mark.parametrize(
    "outcome",
    [Outcome.FIXED, Outcome.ANSWERED, Outcome.NOT_OURS, Outcome.CANNOT_BE_DONE, Outcome.JOINED],
)
def test_every_outcome_of_a_complaint_appears_several_times(outcome: Outcome) -> None:
    outcomes = [step.outcome for complaint in COMPLAINTS for step in complaint.course]

    assert outcomes.count(outcome) >= 5


def test_every_kind_of_step_appears() -> None:
    assert {step.kind for complaint in COMPLAINTS for step in complaint.course} == set(StepKind)


def test_every_course_follows_the_table_of_moves() -> None:
    for complaint in COMPLAINTS:
        assert story(complaint) is complaint.status, complaint.key


def test_every_repair_shows_a_photo_or_says_why_not() -> None:
    for complaint in COMPLAINTS:
        is_repair = CONTENT.categories[complaint.category].repair
        for step in complaint.course:
            if step.outcome:
                check_proof(
                    step.outcome,
                    is_repair=is_repair,
                    has_photo=step.photo,
                    why_no_photo=step.why_no_photo,
                )


def test_an_answer_that_joins_names_the_other_complaint() -> None:
    for complaint in COMPLAINTS:
        for step in complaint.course:
            assert (step.outcome is Outcome.JOINED) == (step.joined_to is not None)
            assert step.joined_to != complaint.key


def test_complaints_about_staff_are_private_and_nothing_else_is_by_accident() -> None:
    integrity = [c for c in COMPLAINTS if CONTENT.categories[c.category].integrity]

    assert len(integrity) >= 3
    assert all(complaint.private for complaint in integrity)
    assert 10 <= sum(complaint.private for complaint in COMPLAINTS) <= 30


def test_some_open_complaints_are_older_than_their_service_time() -> None:
    late = [
        complaint
        for complaint in COMPLAINTS
        if complaint.status is not Status.CLOSED
        and complaint.days_ago > 2 * CONTENT.categories[complaint.category].amount
    ]

    assert len(late) >= 5


def test_every_category_and_ward_has_complaints() -> None:
    assert {complaint.category for complaint in COMPLAINTS} == CONTENT.categories.keys()
    assert {complaint.ward for complaint in COMPLAINTS} == CONTENT.wards.keys()


def test_every_text_of_the_city_is_there_in_all_its_languages() -> None:
    for text in texts():
        named_alike_elsewhere = text in [ward.name for ward in CONTENT.wards.values()]
        assert set(text) == ({"en", "ko"} if named_alike_elsewhere else set(CONTENT.city.languages))
        assert not HANGUL.search(text["en"])
        assert HANGUL.search(text["ko"]), text


def test_the_city_has_a_real_zone_and_addresses_that_lead_nowhere() -> None:
    assert ZoneInfo(CONTENT.city.zone).key == CONTENT.city.zone
    assert all(department.email.endswith(".test") for department in CONTENT.departments.values())


def test_one_department_gets_what_nobody_else_has_taken() -> None:
    assert [d.code for d in CONTENT.departments.values() if d.triage] == ["citizen-office"]


def test_category_icons_are_in_a_sprite() -> None:
    assert {category.icon for category in CONTENT.categories.values()} <= assets.icon_names()


def test_questions_that_choose_have_choices_and_stop_only_at_one_of_them() -> None:
    choosing = {Datatype.SINGLE, Datatype.MULTIPLE}
    datatypes = set()
    for category in CONTENT.categories.values():
        for question in category.questions:
            datatypes.add(question.datatype)
            keys = [value.key for value in question.values]
            assert bool(keys) == (question.datatype in choosing)
            assert len(keys) == len(set(keys))
            assert question.stops.keys() <= set(keys)

    assert datatypes == set(Datatype)


def test_no_complaint_was_filed_past_a_stop_message() -> None:
    for complaint in COMPLAINTS:
        for question in CONTENT.categories[complaint.category].questions:
            assert complaint.answers.get(question.code) not in list(question.stops), complaint.key


def test_danger_words_cover_eight_languages_with_phrases_longer_than_a_syllable() -> None:
    assert set(CONTENT.danger_words) == {"en", "ko", "id", "fil", "vi", "es", "fr", "ar"}
    for language, words in CONTENT.danger_words.items():
        assert len(words) >= 15
        assert len(set(words)) == len(words)
        assert min(map(len, words)) >= (2 if language == "ko" else 4), language


def test_few_complaints_without_danger_hold_a_danger_word() -> None:
    alarming = [
        complaint
        for complaint in COMPLAINTS
        if any(
            word in f"{complaint.title} {complaint.body}".lower()
            for word in CONTENT.danger_words.get(complaint.language, ())
        )
    ]

    assert 1 <= len(alarming) <= len(COMPLAINTS) // 20


def test_names_of_people_differ_and_staff_stand_for_every_role() -> None:
    names = [*CONTENT.residents, *(member.name for member in CONTENT.staff)]

    assert len(CONTENT.residents) >= 60
    assert len(set(names)) == len(names)
    assert {member.role for member in CONTENT.staff} == {
        "officer", "officer2", "supervisor", "agent", "moderator", "integrity", "integrity2", "admin",
    }  # fmt: skip


def test_proposals_differ_and_stand_in_both_languages() -> None:
    assert len(CONTENT.proposals) >= 25
    assert len({proposal.title for proposal in CONTENT.proposals}) == len(CONTENT.proposals)
    assert {proposal.language for proposal in CONTENT.proposals} == {"en", "ko"}


def test_twelve_wards_are_closed_rings_of_a_moderate_size() -> None:
    assert len(CONTENT.wards) == 12
    for ward in CONTENT.wards.values():
        assert ward.ring[0] == ward.ring[-1]
        assert 20 <= len(ward.ring) <= 62
        assert len(set(ward.ring)) == len(ward.ring) - 1


def test_wards_run_counter_clockwise() -> None:
    for ward in CONTENT.wards.values():
        area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ward.ring))
        assert area > 0, ward.code


def test_neighbouring_wards_share_their_border_point_for_point() -> None:
    edges = Counter(edge for ward in CONTENT.wards.values() for edge in pairwise(ward.ring))

    assert set(edges.values()) == {1}
    outside = [(a, b) for a, b in edges if (b, a) not in edges]
    following = dict(outside)
    assert len(following) == len(outside), "the outline of the city does not touch itself"
    start = point = outside[0][0]
    walked = 0
    while walked == 0 or point != start:
        point = following[point]
        walked += 1
    assert walked == len(outside), "the city has one outline and no holes"


def test_no_place_lies_in_two_wards_and_most_of_the_city_in_one() -> None:
    found = Counter(
        sum(
            is_inside(129.42 + x * 0.00317, 35.953 + y * 0.00213, ward.ring)
            for ward in CONTENT.wards.values()
        )
        for x in range(45)
        for y in range(45)
    )

    assert set(found) == {0, 1}
    assert found[1] > found[0]


def test_the_wards_can_be_drawn_again_exactly() -> None:
    drawn = collection()["features"]

    assert [feature["geometry"] for feature in drawn] == [ward.geometry for ward in CONTENT.wards.values()]


def test_a_place_lies_in_its_ward_and_comes_again_from_the_same_seed() -> None:
    for ward in CONTENT.wards.values():
        lat, lon = place_in(ward, random.Random(7))

        assert is_inside(lon, lat, ward.ring)
        assert (lat, lon) == place_in(ward, random.Random(7))


def test_an_address_names_a_street_of_the_ward_in_the_language_asked_for() -> None:
    harbour = CONTENT.wards["harbour"]

    assert HANGUL.search(address_in(harbour, "ko", random.Random(1)))
    assert address_in(harbour, "ar", random.Random(1)).startswith(harbour.streets["en"])


def test_no_two_wards_share_a_street() -> None:
    streets = Counter(
        name for ward in CONTENT.wards.values() for row in ward.streets.values() for name in row
    )

    assert max(streets.values()) == 1
    assert all(len(row) == 5 for ward in CONTENT.wards.values() for row in ward.streets.values())


def test_every_answer_under_which_a_question_says_to_call_first_makes_the_case_urgent() -> None:
    asked = [
        (category.code, question.code, [value.key for value in question.values if value.danger])
        for category in CONTENT.categories.values()
        for question in category.questions
        if question.help and f"call {CONTENT.city.emergency_phone}" in question.help["en"]
    ]

    assert len(asked) >= 9
    assert [one for one in asked if not one[2]] == []
