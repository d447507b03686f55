"""The file of one's own data against the list of personal fields: what the person may see is in it."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask

from cps.accounts.models import Account, AccountJoin, Identity, PhoneClaim, SignInSession
from cps.accounts.rules import IdentityKind
from cps.alerts.models import Alert
from cps.alerts.rules import Rhythm
from cps.cases.models import CaseOriginal, EventOriginal
from cps.cases.rules import EventKind
from cps.core import audit
from cps.core import clock as real_clock
from cps.core.db import transaction
from cps.insights.models import MorningStop
from cps.moderation.models import Flag
from cps.moderation.rules import FlagReason, Thing
from cps.notices.models import NoticeFollow
from cps.notifications.models import BouncedAddress, MessageWish, Told
from cps.notifications.rules import Pace, Topic
from cps.pages import services
from cps.polls.models import PollWatch
from cps.proposals.models import Comment, CommentBacking, Delivery, DeliveryVerdict
from cps.proposals.rules import Verdict
from cps.residents.models import RegisterEntry
from cps.triage.models import DeskStart, SavedView
from tests.proposals.making import make_proposal
from tests.support import factories as make
from tests.support import polls
from tests.support.site import Site
from tests.test_personal_fields import DOCUMENT, ROW

OWN_DATA = Path(__file__).parents[2] / "docs" / "own-data.md"

IN_FILE = {
    "account": {
        **{name: f"account.{name}" for name in ("display_name", "email", "phone", "language")},
        **{name: f"account.{name}" for name in ("email_verified_at", "phone_verified_at")},
        "ward_id": "account.ward",
    },
    "phone_claim": {
        name: f"numbers_waited_for.{name}" for name in ("phone", "claimed_at", "told_at", "due_at")
    },
    "account_join": {name: f"joined_accounts.{name}" for name in ("at", "counts_since")},
    "sign_in_session": {
        name: f"signed_in_devices.{name}" for name in ("device", "created_at", "seen_at", "expires_at")
    },
    "register_entry": {
        "ward_id": "register.ward",
        "born_on": "register.born_on",
        "gone_at": "register.has_left",
    },
    "cases": {name: f"cases.{name}" for name in ("title", "body", "answers", "address", "lat", "lon")},
    "case_contact": {
        name: f"cases.contact.{name}" for name in ("name", "email", "phone", "language", "sms_stopped_at")
    },
    "case_original": {"texts": "cases.body"},
    "event_original": {"texts": "written_in_cases.message"},
    "case_event": {"message": "written_in_cases.message"},
    "support": {"case_id": "backed_cases.reference", "at": "backed_cases.at"},
    "follow": {"case_id": "followed_cases.reference", "at": "followed_cases.at"},
    "notice_follow": {"notice_id": "followed_notices.notice", "at": "followed_notices.at"},
    "told": {
        **{name: f"told_you.{name}" for name in ("topic", "language", "subject", "path")},
        **{name: f"told_you.{name}" for name in ("told_at", "read_at", "digest_at", "digested_at")},
        "case_id": "told_you.reference",
    },
    "message_wish": {name: f"how_you_hear.{name}" for name in ("topic", "pace")},
    "bounced_address": {"at": "mail_comes_back_since"},
    "alert": {
        **{
            name: f"alerts.{name}" for name in ("lat", "lon", "radius_m", "rhythm", "created_at", "paused_at")
        },
        **{name: f"alerts.{name}" for name in ("problems", "proposals", "answers", "notices")},
        "ward_id": "alerts.ward",
        "category_id": "alerts.category",
    },
    "proposal_comment": {"body": "said_about_proposals.body"},
    "proposal_comment_backing": {"comment_id": "backed_comments.comment", "at": "backed_comments.at"},
    "moderation_flag": {name: f"objections.{name}" for name in ("thing", "reason", "words", "at", "answer")},
    "proposal_verdict": {
        "case_id": "verdicts.reference",
        "verdict": "verdicts.verdict",
        "at": "verdicts.at",
    },
    "morning_stop": {"at": "morning_report_stopped_at"},
    "saved_view": {"name": "desk_views.name", "asked": "desk_views.asked"},
    "desk_start": {"box": "desk_opens_with", "view_id": "desk_opens_with"},
    "own_archive": {"asked_at": "archive_asked_at"},
    "poll_watch": {"poll_id": "watched_polls.poll", "at": "watched_polls.at"},
    "access_log": {
        "at": "looked_at_by_staff.at",
        "what": "looked_at_by_staff.what",
        "case_id": "looked_at_by_staff.reference",
        "actor_id": "looked_at_by_staff.department",
    },
}
"""Where each column stands in the file, as members in order."""

WORDS_FOR_EVERYBODY = {("proposal_comment", "body")}
"""What everybody may read, and the person takes along besides."""

LEFT_OUT = {
    "the account itself": "account_id reporter_id actor_id subject_id into_id",
    "hashes and keyed tags": "tag token_hash secret_hash pin_hash letter_code_hash",
    "made from other columns": "cell_x cell_y search_text scope key about",
    "of the work, not of the person": "settled_at filed_by_id data letter_made_at letter_tries imported_at",
    "only of who is forgotten": "anonymised_at",
    "the case or event that holds it": "case_id event_id",
}
"""Columns of which nothing can be told, and why."""


def seen_by_the_person() -> Iterator[tuple[str, str]]:
    """Yield (table, column) of every personal field that the person may see."""
    for table, names, _purpose, who, _how_long in ROW.findall(DOCUMENT.read_text()):
        if "the person" in who:
            yield from ((table, name) for name in re.findall(r"`(\w+)`", names))


def test_every_field_that_the_person_may_see_is_in_the_file_or_left_out_for_a_reason() -> None:
    left_out = {name for names in LEFT_OUT.values() for name in names.split()}
    seen = list(seen_by_the_person())

    assert [one for one in seen if one[1] not in IN_FILE.get(one[0], {}) and one[1] not in left_out] == []
    known = {(table, name) for table, names in IN_FILE.items() for name in names}
    assert sorted(known - set(seen) - WORDS_FOR_EVERYBODY) == []


def test_each_of_these_fields_has_its_value_in_the_file(app: Flask, site: Site) -> None:
    person = make_somebody()

    held = site.sign_in(person).get("/accounts/me/data.json").json

    paths = [path for names in IN_FILE.values() for path in names.values()]
    empty = [path for path in paths if not _values(held, path.split("."))]
    assert empty == []
    assert "call 010-9876-5432" in held["cases"][0]["body"]
    assert "010-9876-5432" in str([row["message"] for row in held["written_in_cases"]])


def test_every_member_of_the_file_is_documented(app: Flask, site: Site) -> None:
    held = site.sign_in(make.make_resident()).get("/accounts/me/data.json").json

    documented = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", OWN_DATA.read_text(), re.MULTILINE)
    assert set(held) == {name for names in documented for name in re.findall(r"`(\w+)`", names)}


def _values(held: Any, path: list[str]) -> list[Any]:
    """Return what stands at a path, in each element of the lists on the way; False counts as a value."""
    if isinstance(held, list):
        return [value for one in held for value in _values(one, path)]
    if not path:
        return [] if held in (None, "", {}) else [str(held)]
    return _values(held.get(path[0]), path[1:]) if isinstance(held, dict) else []


def make_somebody() -> Account:
    """Make somebody with something in every table, and somebody else beside them."""
    at = real_clock.now()
    ward, officer, other = make.make_ward(), make.make_officer(), make.make_resident()
    person = make.make_resident(
        phone="+821098765432", phone_verified_at=at, language="en", ward_id=ward.id, display_name="이해솔"
    )
    case = make.make_complaint(
        reporter=person,
        ward=ward,
        body="A hole, call 010-****-5432",
        address="Here",
        answers={"depth": "deep"},
        contact={"name": "이해솔", "email": person.email, "phone": person.phone, "sms_stopped_at": at},
    )
    theirs = make.make_complaint(reporter=other, ward=ward)
    reply = make.make_event(case, EventKind.REPLIED, actor_id=person.id, message="Call 010-****-5432")
    make.make_support(theirs, person, other)
    make.make_follow(theirs, person, other)
    tag = f"{person.id:064d}"
    talk_of(person)
    make.save(
        MorningStop(account_id=person.id, at=at),
        RegisterEntry(tag=tag, ward_id=ward.id, born_on=date(1990, 5, 17), imported_at=at),
        Identity(kind=IdentityKind.REGISTER, tag=tag, account_id=person.id, verified_at=at),
        PhoneClaim(
            tag="c" * 64, account_id=person.id, phone="+821011112222", claimed_at=at, told_at=at, due_at=at
        ),
        AccountJoin(account_id=make.make_resident().id, into_id=person.id, at=at, counts_since=at),
        NoticeFollow(notice_id=make.make_notice().id, account_id=person.id, at=at),
        Told(
            **dict.fromkeys(("told_at", "read_at", "digest_at", "digested_at"), at),
            account_id=person.id,
            about="event:1",
            topic=Topic.FOLLOWED,
            case_id=theirs.id,
            language="en",
            subject="Fixed",
            path="/complaints/1",
        ),
        MessageWish(account_id=person.id, topic=Topic.OWN, pace=Pace.DIGEST),
        BouncedAddress(account_id=person.id, tag="b" * 64, at=at),
        Alert(
            account_id=person.id,
            scope="s",
            key="k",
            lat=36.0,
            lon=129.5,
            radius_m=500,
            ward_id=ward.id,
            category_id=case.category_id,
            problems=True,
            proposals=True,
            answers=True,
            notices=True,
            rhythm=next(iter(Rhythm)),
            created_at=at,
            paused_at=at,
        ),
        PollWatch(poll_id=polls.make_poll().id, account_id=person.id, at=at),
        view := SavedView(account_id=person.id, name="Late potholes", asked={"box": "late"}, made_at=at),
        CaseOriginal(case_id=case.id, texts={"body": "A hole, call 010-9876-5432"}),
        SignInSession(
            token_hash="t" * 64,
            account_id=person.id,
            created_at=at,
            seen_at=at,
            expires_at=at,
            device="Firefox",
        ),
        EventOriginal(event_id=reply.id, texts={"message": "Call 010-9876-5432"}),
    )
    make.save(DeskStart(account_id=person.id, view_id=view.id))
    with transaction():
        audit.record_access("contact", by=officer.id, at=at, subject_id=person.id, case_id=case.id)
        services.ask_for_archive(person.id, at=at)
    return person


def talk_of(person: Account) -> None:
    """Let somebody comment on a proposal, back a comment, object to one, and judge what was delivered."""
    at = real_clock.now()
    proposal = make_proposal()
    comment = make.save(Comment(case_id=proposal.case_id, account_id=person.id, body="Well said.", at=at))
    make.save(
        CommentBacking(comment_id=comment.id, account_id=person.id, at=at),
        Flag(
            thing=Thing.COMMENT,
            thing_id=comment.id,
            case_id=proposal.case_id,
            account_id=person.id,
            reason=FlagReason.INSULT,
            words="Rude.",
            at=at,
            settled_at=at,
            answer="We looked.",
        ),
        Delivery(case_id=proposal.case_id, unit_id=make.make_department().id, began_at=at),
    )
    verdict = next(iter(Verdict))
    make.save(DeliveryVerdict(case_id=proposal.case_id, account_id=person.id, verdict=verdict, at=at))
