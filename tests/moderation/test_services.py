"""Objecting, hiding, blacking out, showing again, appealing: what is done, refused, kept and told."""

from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from cps.accounts.models import Account
from cps.cases.models import Attachment, Case
from cps.cases.rules import Audience, EventKind
from cps.cases.services.story import record
from cps.core import clock as real_clock
from cps.core.db import db, transaction
from cps.core.errors import NotVisible, RuleViolation, StaleVersion
from cps.core.models import AuditRow
from cps.core.storage import current_storage
from cps.moderation import queries, services
from cps.moderation.models import Act, Flag
from cps.moderation.rules import FlagReason, Thing
from cps.moderation.services.forgetting import forget_of_cases
from tests.moderation.making import (
    INSULT,
    PERSONAL,
    case_again,
    event_again,
    flagged,
    hidden,
    photo_of,
    redacted,
    shown_again,
)
from tests.proposals.making import at_once
from tests.support import factories as make
from tests.support.fixtures import Clock

pytestmark = pytest.mark.usefixtures("app")


def test_of_one_person_one_objection_to_a_thing_counts_with_an_account_or_without() -> None:
    case, other, reader = make.make_complaint(), make.make_complaint(), make.make_resident()

    assert [flagged(Thing.CASE, case.id, by=reader) for _ in range(2)] == [True, False]
    assert [flagged(Thing.CASE, case.id, tag=tag) for tag in ("a", "b", "a")] == [True, True, False]
    assert flagged(Thing.CASE, other.id, tag="a")
    assert len(queries.flags_of(Thing.CASE, case.id)) == 3


def test_the_gravest_comes_first_and_then_the_oldest(clock: Clock) -> None:
    insult, advertising, danger = (make.make_complaint() for _ in range(3))
    for case, reason in (
        (insult, FlagReason.INSULT),
        (advertising, FlagReason.ADVERTISING),
        (danger, FlagReason.DANGER),
    ):
        flagged(Thing.CASE, case.id, reason)
        clock.move(minutes=1)

    assert [row.thing_id for row in queries.waiting()] == [danger.id, insult.id, advertising.id]


def test_nobody_objects_to_what_is_not_public_and_moderators_find_nothing_private() -> None:
    private = make.make_complaint(is_private=True)
    public = make.make_complaint()
    note = make.make_event(public, EventKind.NOTED, message="Between us.", audience=Audience.STAFF)
    flagged(Thing.CASE, public.id)

    for thing, key in ((Thing.CASE, private.id), (Thing.UPDATE, note.id)):
        with pytest.raises(NotVisible):
            flagged(thing, key)
        with pytest.raises(NotVisible):
            hidden(thing, key)
    with transaction() as session:
        session.get_one(Case, public.id).is_private = True
    assert queries.waiting() == []


def test_who_wrote_something_neither_objects_to_it_nor_decides_about_it() -> None:
    moderator = make.make_moderator()
    case = make.make_complaint(reporter=moderator)
    flagged(Thing.CASE, case.id)

    with pytest.raises(RuleViolation, match="own"):
        flagged(Thing.CASE, case.id, by=moderator)
    with pytest.raises(RuleViolation, match="own"):
        hidden(Thing.CASE, case.id, by=moderator)


def test_a_hidden_case_is_in_no_list_and_stays_with_its_officer_and_is_shown_again() -> None:
    case, moderator = make.make_complaint(title="You fools"), make.make_moderator()
    flagged(Thing.CASE, case.id)

    act = hidden(Thing.CASE, case.id, by=moderator)

    now = case_again(case)
    assert (now.is_hidden, now.is_listed, now.is_open) == (True, False, True)
    assert queries.waiting() == []
    shown_again(act, moderator)
    assert case_again(case).is_listed
    actions = db.session.scalars(db.select(AuditRow.action).order_by(AuditRow.id)).all()
    assert [action for action in actions if action in {"hide", "show-again"}] == ["hide", "show-again"]


def test_the_words_of_an_entry_are_kept_while_they_are_hidden() -> None:
    moderator = make.make_moderator()
    event = make.make_event(make.make_complaint(), EventKind.UPDATED, message="Ask that thief Kim.")

    act = hidden(Thing.UPDATE, event.id, by=moderator)

    assert (event_again(event).message, event_again(event).hidden_because) == ("", "insult")
    shown_again(act, moderator)
    assert (event_again(event).message, event_again(event).hidden_because) == ("Ask that thief Kim.", "")


def test_words_are_blacked_out_for_officers_too_and_a_masked_number_stays_known_to_them() -> None:
    moderator = make.make_moderator()
    case = make.make_complaint(title="Kim parks here", body="Kim Minsu parks here. Call 010-4711-0815.")

    act = redacted(Thing.CASE, case.id, "Kim Minsu", "Kim", by=moderator)

    now = case_again(case)
    assert (now.title, now.body) == (
        "[words hidden] parks here",
        "[words hidden] parks here. Call [phone number hidden].",
    )
    assert "kim" not in now.search_text
    assert (
        queries.as_written(queries.get(Thing.CASE, case.id))["body"]
        == "[words hidden] parks here. Call 010-4711-0815."
    )
    kept = queries.original(act)
    assert kept is not None
    assert kept.texts["body"] == "Kim Minsu parks here. Call 010-4711-0815."
    shown_again(act, moderator)
    now = case_again(case)
    assert now.body == "Kim Minsu parks here. Call [phone number hidden]."
    assert "kim" in now.search_text


@pytest.mark.parametrize(("phrases", "why"), [((), "Write"), (("x",), "letter"), (("Lee",), "None of these")])
def test_nothing_is_blacked_out_that_does_not_stand_there(phrases: tuple[str, ...], why: str) -> None:
    case = make.make_complaint(body="Kim Minsu parks here.")

    with pytest.raises(RuleViolation, match=why):
        redacted(Thing.CASE, case.id, *phrases)


def test_what_was_done_last_is_taken_back_first() -> None:
    moderator, case = make.make_moderator(), make.make_complaint(body="Kim and Lee park here.")
    first = redacted(Thing.CASE, case.id, "Kim", by=moderator)
    second = redacted(Thing.CASE, case.id, "Lee", by=moderator)

    with pytest.raises(RuleViolation, match="first"):
        shown_again(first, moderator)
    shown_again(second, moderator)
    shown_again(first, moderator)
    assert case_again(case).body == "Kim and Lee park here."


def test_a_covered_photo_has_another_address_and_black_parts_in_every_size() -> None:
    case, moderator = make.make_complaint(), make.make_moderator()
    photo = photo_of(case, white(1200, 900))
    before = photo.name
    covered = services.cover(before, [(0, 0)], 9, storage=current_storage())

    with transaction():
        found = queries.lock(Thing.PHOTO, photo.id)
        act = services.cover_photo(found, covered, PERSONAL, by=moderator, at=real_clock.now()).id

    now = db.session.get_one(Attachment, photo.id)
    assert now.name != before
    assert queries.original(act).photo == before  # type: ignore[union-attr]
    for size, ending in (("large", "webp"), ("thumbnail", "webp"), ("fallback", "jpg")):
        data = current_storage().get(f"photos/{now.name[:2]}/{now.name}-{size}.{ending}")
        image = Image.open(BytesIO(data)).convert("L")
        assert image.getpixel((2, 2)) < 30, size  # type: ignore[operator]
        assert image.getpixel((image.width - 3, image.height - 3)) > 225, size  # type: ignore[operator]
    with pytest.raises(StaleVersion), transaction():
        services.cover_photo(
            queries.lock(Thing.PHOTO, photo.id), covered, PERSONAL, by=moderator, at=real_clock.now()
        )
    shown_again(act, moderator)
    assert db.session.get_one(Attachment, photo.id).name == before
    assert not current_storage().exists(f"photos/{covered.name[:2]}/{covered.name}-large.webp")
    with transaction():
        forget_of_cases([case.id])
    assert current_storage().exists(f"photos/{before[:2]}/{before}-large.webp")


def test_a_hidden_photo_counts_no_more() -> None:
    case = make.make_complaint()
    photo = photo_of(case, white(60, 40))

    hidden(Thing.PHOTO, photo.id)

    assert case_again(case).photo_count == 0


def test_photos_that_came_with_an_entry_are_as_public_as_it_and_of_who_wrote_it() -> None:
    reporter, officer = make.make_resident(), make.make_officer()
    case = make.make_complaint(reporter=reporter)
    photos = [photo_of(case, white(40, 30)) for _ in range(3)]
    public, reply, own = photos
    with transaction() as session:
        for photo, kind, audience, by in (
            (public, EventKind.UPDATED, Audience.PUBLIC, officer),
            (reply, EventKind.REPLIED, Audience.REPORTER, reporter),
        ):
            event = record(
                session.get_one(Case, case.id), kind, by=by.id, at=real_clock.now(), audience=audience
            )
            session.get_one(Attachment, photo.id).event_id = event.id

    assert queries.find(Thing.PHOTO, reply.id) is None
    assert queries.get(Thing.PHOTO, own.id).author_id == reporter.id
    assert queries.get(Thing.PHOTO, public.id).author_id == officer.id
    assert not queries.get(Thing.PHOTO, public.id).is_by_reporter
    assert flagged(Thing.PHOTO, public.id, by=reporter)


def test_an_appeal_is_decided_once_by_another_moderator() -> None:
    case, one, other = make.make_complaint(), make.make_moderator(), make.make_moderator()
    act = hidden(Thing.CASE, case.id, by=one)
    with transaction():
        services.appeal(*queries.lock_act(act), "It is true.", language="en", at=real_clock.now())
    with pytest.raises(RuleViolation, match="once"), transaction():
        services.appeal(*queries.lock_act(act), "And again.", language="en", at=real_clock.now())
    assert [row.id for row in queries.appeals()] == [act]

    with pytest.raises(RuleViolation, match="Another"):
        decided(act, one)
    decided(act, other)

    assert case_again(case).is_listed
    assert queries.appeals() == []
    with pytest.raises(RuleViolation, match="already"):
        decided(act, other)


def test_where_there_is_one_moderator_they_decide_and_it_says_so() -> None:
    case, only = make.make_complaint(), make.make_moderator()
    act = hidden(Thing.CASE, case.id, by=only)
    with transaction():
        services.appeal(*queries.lock_act(act), "It is true.", language="en", at=real_clock.now())

    decided(act, only, granted=False)

    assert db.session.get_one(Act, act).decided_alone
    assert case_again(case).is_hidden


def test_of_moderators_at_once_one_hides_and_the_others_are_told(app: Flask) -> None:
    case = make.make_complaint()
    moderators = [make.make_moderator().id for _ in range(4)]
    mark = queries.mark_of(Thing.CASE, case.id)
    case_id = case.id

    def act(key: int) -> str:
        by = db.session.get_one(Account, key)
        try:
            with transaction():
                services.hide(
                    queries.lock(Thing.CASE, case_id, mark=mark), INSULT, by=by, at=real_clock.now()
                )
        except StaleVersion:
            return "late"
        return "hidden"

    done = at_once(app, [lambda key=key: act(key) for key in moderators])  # type: ignore[misc]

    assert sorted(done) == ["hidden", "late", "late", "late"]
    assert len(queries.acts_of(Thing.CASE, case_id)) == 1


def test_with_the_reporter_the_original_and_the_words_of_the_appeal_are_forgotten() -> None:
    case = make.make_complaint(body="Kim parks here.")
    act = redacted(Thing.CASE, case.id, "Kim")
    with transaction():
        services.appeal(*queries.lock_act(act), "I am Kim.", language="en", at=real_clock.now())

    with transaction():
        forget_of_cases([case.id])

    db.session.expire_all()
    assert queries.original(act) is None
    assert db.session.get_one(Act, act).appeal == "-"


def test_a_year_after_they_were_settled_objections_are_forgotten() -> None:
    case, moderator = make.make_complaint(), make.make_moderator()
    flagged(Thing.CASE, case.id)
    with transaction():
        services.leave(queries.lock(Thing.CASE, case.id), "It is true.", by=moderator, at=real_clock.now())
    with transaction():
        services.forget_settled(real_clock.now())
    assert db.session.query(Flag).count() == 1

    with transaction():
        services.forget_settled(real_clock.now().replace(year=real_clock.now().year + 2))

    assert db.session.query(Flag).count() == 0


def decided(act_id: int, by: Account, *, granted: bool = True) -> None:
    with transaction():
        act, found = queries.lock_act(act_id)
        services.decide(act, found, "You are right.", granted=granted, by=by, at=real_clock.now())


def white(width: int, height: int) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (width, height), (255, 255, 255)).save(buffer, "PNG")
    return buffer.getvalue()
