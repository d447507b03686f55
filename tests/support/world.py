"""Somebody of each kind, and something for every typed part of an address."""

import re
from dataclasses import dataclass

from flask import Flask

from cps.accounts.models import Account
from cps.accounts.rules import Role
from cps.admin.imports import services as files
from cps.admin.imports.rules import What
from cps.admin.people.rules import Access
from cps.admin.people.services import NewInvitation, invite
from cps.admin.townhall.services import bring_crest
from cps.alerts.rules import Wish
from cps.alerts.stopping import Stop
from cps.alerts.stopping import stop_path as stop_alert_path
from cps.cases.models import Attachment, Case, CaseNotice
from cps.cases.queries import lock_case
from cps.cases.rules import Channel, EventKind, HidingReason, Status
from cps.cases.services import voice
from cps.cases.services.photos import SIZES, storage_key
from cps.cases.voice_models import VoiceNote
from cps.channels.rules import WayKind
from cps.contact import services as calls
from cps.contact.queries import lock_caller
from cps.contact.rules import Call, Ending
from cps.contact.services import Came, Promise
from cps.core import city as cities
from cps.core import clock, emblems
from cps.core.audio import AudioKind
from cps.core.db import db, transaction
from cps.core.keys import app_keys_dir
from cps.core.models import City, OutboxFact
from cps.core.outbox import Fact
from cps.core.sms_budget import SmsPurpose
from cps.departments.models import Category, Department
from cps.insights.rules import Month
from cps.insights.services import freeze
from cps.insights.stopping import Stop as StopMorning
from cps.insights.stopping import Whom
from cps.knowledge import services as answers
from cps.knowledge.rules import Move, Words
from cps.moderation.models import Act, ModerationOriginal
from cps.moderation.rules import ActKind, Thing
from cps.notices.stopping import stop_path
from cps.notifications.links import short_token, unsubscribe_token
from cps.notifications.models import Message, TextMessage
from cps.notifications.rules import MessageChannel
from cps.notifications.told.stopping import stop_path as stop_digest_path
from cps.open311 import services as open311
from cps.partners.models import Partner
from cps.partners.services import Errand, send
from cps.polls.services import counter
from cps.polls.services.casting import Voter
from cps.proposals.models import Delivery, Milestone
from cps.proposals.services import NewComment, comment
from cps.triage.models import SavedView
from cps.triage.work.models import DeskAct
from cps.triage.work.rules import CHOOSING
from tests.proposals.making import make_proposal, make_theme
from tests.support import factories as make
from tests.support import polls
from tests.support.crests import make_crest
from tests.support.handed_over import category_about_staff, hand_over, leave_traces
from tests.support.site import Site
from tests.support.sounds import wav
from tests.support.who_may import READERS, VISITOR

WITH_RESULT = ("bundle.zip", "object", "recount", "results", "results.csv", "results.json")
"""Addresses below a poll that lead somewhere once its result is published."""

HUNG = ("public", "private")
"""Cases that hang under the notice."""

SECRETS = {kind: f"the words of the {kind} case" for kind in READERS}
REPORTER_NAME, REPORTER_EMAIL = "Sunmi Unsaid", "sunmi.unsaid@testford.test"
CONTACT_PHONE = "+82595550177"
REPORTER_MARKS = (REPORTER_NAME, REPORTER_EMAIL, CONTACT_PHONE)
WRITTEN_NUMBERS = ("010-4711-0815", "kim.unmasked@example.org", "900101-1234567", "4111 1111 1111 1111")
"""What somebody wrote into every case; everybody but its readers finds it masked."""

TELLING = (*SECRETS.values(), *REPORTER_MARKS, *WRITTEN_NUMBERS)
"""Words that must not show to everybody."""

PART = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")

OF_PROPOSALS = tuple(
    f"/desk/<reference:reference>/{act}" for act in ("answer", "delivery", "into", "lift", "part", "poll")
)
"""What is done at the desk with proposals alone."""


OF_FEATURE = {
    "/notices/": ("token", "token that stops a notice"),
    "/answers/": ("slug", "slug of an answer"),
    "/appeal/": ("act_id", "act of a moderator"),
    "/moderation/acts/": ("act_id", "act of a moderator"),
    "/moderation/photo/": ("thing_id", "number of a photo"),
    "/api/v1/answers/": ("slug", "slug of an answer"),
    "/accounts/me/helpers/": ("consent_id", "consent to look at and end"),
    "/partner/": ("token", "token of a partner"),
    "/invited/": ("token", "token of an invitation"),
    "/morning/": ("token", "token that stops a report"),
    "/alerts/": ("token", "token that stops an alert"),
    "/notifications/digest/": ("token", "token that stops a digest"),
    "/admin/polls/": ("slug", "slug of a draft"),
    "/admin/imports/": ("kind", "kind of a file"),
    "/channels/": ("name", "name of a channel"),
    "/channels/mail/": ("name", "name of a mailbox"),
}
"""Typed parts that mean something else below some addresses."""


@dataclass
class World:
    """Somebody of each kind and something for every typed part of an address."""

    people: dict[str, Account]
    cases: dict[str, Case]
    proposals: dict[str, Case]
    values: dict[str, str]

    def fill(self, rule: str, kind: str = "public") -> str:
        """Return an address of this rule that leads to something, about the case of this kind."""
        case = self.cases[kind]
        values = {**self.values, "reference": case.reference, "secret": make.secret_of(case)}
        if rule.startswith(("/proposals/", "/api/v1/proposals/", *OF_PROPOSALS)):
            values["reference"] = self.proposals["hidden" if kind == "hidden" else "public"].reference
        for start, (name, known) in OF_FEATURE.items():
            if rule.startswith(start):
                values[name] = values[known]
        if rule.startswith("/polls/<code:slug>/") and rule.rsplit("/", 1)[1] in WITH_RESULT:
            values["slug"] = values["slug of a result"]
        missing = {part["name"] for part in PART.finditer(rule)} - set(values)
        assert not missing, f"{rule}: say in `World.values` what {missing} may be"
        asked = "?lat=36.01&lon=129.51" if rule.endswith("/whereabouts") else ""
        return PART.sub(lambda part: values[part["name"]], rule) + asked

    def visitor(self, site: Site, actor: str) -> Site:
        """Return a fresh browser of this person."""
        fresh = site.another()
        return fresh if actor == VISITOR else fresh.sign_in(self.people[actor])


def make_world(app: Flask) -> World:
    department, elsewhere = make.make_department("Roads"), make.make_department("Waste")
    reporter = make.make_resident(display_name=REPORTER_NAME, email=REPORTER_EMAIL)
    people = {
        "resident": make.make_resident(),
        "reporter": reporter,
        "agent": make.make_agent(),
        "officer": make.make_officer(department),
        "officer elsewhere": make.make_officer(elsewhere),
        "triage officer": make.make_officer(make.triage_department()),
        "supervisor": make.make_supervisor(department),
        "moderator": make.make_moderator(),
        "integrity officer": make.make_integrity_officer(),
        "administrator": make.make_administrator(),
    }
    category = make.make_category(department=department, questions=[make.question()])
    ward = make.make_ward()
    crest = emblems.draw(make_crest())
    with transaction() as session:
        row = session.get_one(City, 1)
        row.accent = "#1f6f5c"
        bring_crest(row, crest, by=None, at=clock.now())
    contact = {"name": REPORTER_NAME, "email": REPORTER_EMAIL, "phone": CONTACT_PHONE}

    def complaint(kind: str, **columns: object) -> Case:
        words = SECRETS.get(kind, "A hole in the road")
        phone, mail, identity, card = WRITTEN_NUMBERS
        case = make.make_complaint(
            Status.IN_PROGRESS,
            category=category,
            ward=ward,
            reporter=reporter,
            contact=dict(contact),
            title=f"{words}, ask {phone}",
            body=f"{words}, at length; mail to {mail} or call {phone}",
            message=f"{words}, answered to {identity}",
            address=f"{words}, in front of it, {phone}",
            answers={"depth": [f"{card}"]},
            **columns,  # type: ignore[arg-type]
        )
        make.make_event(case, EventKind.UPDATED, message=f"{words}, told to {mail}")
        return case

    cases = {
        "public": complaint("public", filed_by_id=people["agent"].id),
        "private": complaint("private", is_private=True),
        "hidden": complaint("hidden", is_hidden=True),
        "integrity": complaint("integrity", filed_by_id=people["agent"].id),  # handed over below
    }
    for kind in ("public", "integrity"):
        make.make_follow(cases[kind], people["resident"])
    photo = make_photo(app, cases["public"])
    make_voice(app, cases["public"], photo)
    values = {
        "name": photo,
        "size": "large",
        "consent_id": str(make.make_help(people["resident"], people["reporter"]).id),
        "consent to look at and end": str(make.make_help(people["moderator"], people["reporter"]).id),
        "notice_id": str(make_notice(cases)),
        "token that stops a notice": stop_path(1, people["resident"].id).rsplit("/", 1)[1],
        "view_id": str(make.save(saved_view(department)).id),
        **make_alert(people["reporter"], cases["public"].category_id),
        **make_invitation(people),
        **make_partner(cases["public"], people["officer"]),
        "message_id": str(make.make_incoming().id),
        "kind": make.make_way().kind.value,
        "name of a mailbox": make.make_way(WayKind.MAIL, "post").name,
        "name of a channel": "city-number",
        "other": make.make_complaint(category=category).reference,
        **make_call(people["agent"], department),
        "token that stops a report": StopMorning(Whom.HEAD, people["supervisor"].id).path.rsplit("/", 1)[1],
        "token that stops a digest": stop_digest_path(people["resident"].id).rsplit("/", 1)[1],
        "sample": "fixed",
        "way": "mail",
        "department": department.code,
        "month": publish_month(),
        "edition": "1",
        "icon": "192",
        "crest": crest.name,
        "subject": "about",
        "kind of a file": "cases",
        "file_id": str(make_file(people["administrator"])),
        "suspension_id": str(make.make_suspension().id),
        "category_id": str(category.id),
        "question_id": str(category.questions[0].id),
        "template_id": str(make.make_template(department).id),
        "rule_id": str(make.make_routing_rule(department).id),
        "reason_id": str(make.make_reason().id),
        "doubt_id": "1",
        "suffix": "xml",
        "service_code": category.code,
        "key_id": str(make_api_key()),
        "token": unsubscribe_token(people["resident"].id, cases["public"].id),
        "short": short_token(cases["public"].id, people["resident"].id),
        "text": str(make_text().id),
        "key": str(make_message().id),
        **make_poll(app),
        **make_answer(people),
    }
    proposals = make_proposals(people, make_theme(department=department))
    values["comment_id"] = str(say_something(proposals["public"]))
    values["act_id"] = str(make_act(people["officer"]))
    values.update(make_moderation(proposals["public"], values["comment_id"], people["moderator"], photo))
    category_about_staff()
    ids = {"notice_id": int(values["notice_id"]), "act_id": int(values["act_id"])}
    leave_traces(cases["integrity"], **ids, agent=people["agent"])
    hand_over(cases["integrity"], people["officer"])
    values["milestone_id"] = str(make_milestone(proposals["public"]))
    return World(people, cases, proposals, values)


def make_proposals(people: dict[str, Account], theme: Category) -> dict[str, Case]:
    """Make a proposal of the reporter that everybody sees, and one that a moderator hid."""
    made = {
        kind: make_proposal(
            f"{SECRETS.get(kind, 'Plant trees')}, a proposal",
            body=f"{kind} words, at length",
            category=theme,
            author=people["reporter"],
        ).case
        for kind in ("public", "hidden")
    }
    with transaction() as session:
        session.get_one(Case, made["hidden"].id).is_hidden = True
    return made


def say_something(case: Case) -> int:
    """Let somebody comment on a proposal."""
    somebody = make.make_resident()
    with transaction():
        return comment(case.id, NewComment("Yes, please."), by=somebody, at=clock.now()).id


def make_moderation(case: Case, comment_id: str, moderator: Account, photo: str) -> dict[str, str]:
    """Black out words of a proposal, which its author may appeal against; returns what leads to it."""
    act = Act(
        thing=Thing.CASE,
        thing_id=case.id,
        case_id=case.id,
        what=ActKind.REDACT,
        reason=HidingReason.INSULT,
        by_id=moderator.id,
        at=clock.now(),
    )
    make.save(act)
    make.save(ModerationOriginal(act_id=act.id, texts={"title": case.title}))
    found = db.session.scalars(db.select(Attachment).where(Attachment.name == photo)).one()
    return {
        "act of a moderator": str(act.id),
        "what": "comment",
        "thing_id": comment_id,
        "number of a photo": str(found.id),
    }


def make_milestone(case: Case) -> int:
    """Promise a part of a proposal."""
    at = clock.now()
    make.save(Delivery(case_id=case.id, unit_id=case.department_id, began_at=at))
    return make.save(Milestone(case_id=case.id, title="Dig", due_on=at.date(), promised_on=at.date())).id


def saved_view(department: Department) -> SavedView:
    """Return a view of the desk that belongs to a department."""
    return SavedView(department_id=department.id, name="Late", asked={"box": "late"}, made_at=clock.now())


def make_act(officer: Account) -> int:
    """Let an officer begin to do something with many cases."""
    return make.save(DeskAct(kind=CHOOSING, is_bulk=True, by_id=officer.id, planned_at=clock.now())).id


def make_call(agent: Account, department: Department) -> dict[str, str]:
    """Let somebody call, be promised a call by a department, and be warned; returns what leads to it."""
    at = clock.now()
    with transaction():
        call = Call(Channel.PHONE, "en", phone="+821055500199", name="Somebody Else")
        contact = calls.record(call, Came(Ending.ABUSIVE), by=agent, at=at)
        promise = Promise(call.phone, at, caller_id=contact.caller_id, department_id=department.id)
        call_back = calls.promise_call(promise, by=agent, at=at)
        caller = lock_caller(contact.caller_id or 0)
        warning = calls.warn(caller, "Shouted.", contact_id=contact.id, by=agent, at=at)
        return {
            "caller_id": str(caller.id),
            "call_back_id": str(call_back.id),
            "warning_id": str(warning.id),
        }


def make_file(administrator: Account) -> int:
    """Let an administrator bring in a file of categories."""
    with transaction():
        key = files.keep(b"code,department,service_time\n")
        return files.receive(
            What.CATEGORIES, key, "new.csv", {}, by=administrator.id, language="en", at=clock.now()
        ).id


def make_api_key() -> int:
    with transaction():
        open311.make_key(open311.Client("Fix It", "apps@example.org"), by=None, at=clock.now())
    return 1


def make_alert(owner: Account, category_id: int) -> dict[str, str]:
    """Let somebody have an alert; returns what leads to it."""
    alert = make.make_alert(owner, Wish(category_id=category_id))
    token = stop_alert_path(Stop(owner.id, alert.id)).rsplit("/", 1)[1]
    return {"alert_id": str(alert.id), "token that stops an alert": token}


def make_invitation(people: dict[str, Account]) -> dict[str, str]:
    """Invite somebody; returns what leads to it, and to an account of staff."""
    new = NewInvitation("invited@example.org", "Ina", "en", Access(frozenset({Role.MODERATOR})))
    with transaction():
        row = invite(new, by=people["administrator"], at=clock.now())
    facts = db.session.scalars(db.select(OutboxFact).where(OutboxFact.about_id == row.id)).all()
    token = next(fact.payload["token"] for fact in facts if fact.fact == Fact.STAFF_INVITED)
    parks = make.make_department("Parks")
    return {
        "invitation_id": str(row.id),
        "token of an invitation": token,
        "account_id": str(people["officer"].id),
        "department_id": str(parks.id),
        "sent_id": str(make.make_not_arrived(make.make_complaint(department=parks))),
        "ward_id": str(make.make_ward().id),
    }


def make_partner(case: Case, officer: Account) -> dict[str, str]:
    """Send a case to a partner, with no more than everybody sees; returns what leads to it."""
    partner = make.save(Partner(name="Water company", email="water@example.org"))
    errand = Errand("Please look.", frozenset(), "We asked the water company.")
    with transaction():
        locked = lock_case(case.reference)
        token = send(locked, partner, errand, by=officer, at=clock.now())
    return {"partner_id": str(partner.id), "token of a partner": token}


def publish_month() -> str:
    """Publish the figures of the last month."""
    month = Month.of(clock.now(), make.ZONE).before
    with transaction():
        freeze(month, cities.get(), at=clock.now(), keys=app_keys_dir())
    return str(month)


def make_answer(people: dict[str, Account]) -> dict[str, str]:
    """Publish an answer; returns what leads to it."""
    with transaction():
        article = answers.begin("en", Words("Parking", "Ask for it."), by=people["agent"], at=clock.now())
        answers.move(article, Move.SEND, by=people["agent"], at=clock.now())
        answers.move(article, Move.PUBLISH, by=people["supervisor"], at=clock.now())
        words = answers.save_synonyms(["car", "vehicle"], by=None, at=clock.now())
        return {
            "slug of an answer": article.slug,
            "article_id": str(article.id),
            "language": "ko",
            "step": "retire",
            "set_id": str(words.id),
        }


def make_notice(cases: dict[str, Case]) -> int:
    """Make a notice under which a public and a private case hang."""
    notice = make.make_notice()
    hung = [CaseNotice(case_id=cases[kind].id, notice_id=notice.id, at=clock.now()) for kind in HUNG]
    make.save(*hung)
    return notice.id


def make_photo(app: Flask, case: Case) -> str:
    name = "0123456789abcdef0123456789abcdef"
    for size in SIZES:
        app.extensions["cps_storage"].put(storage_key(name, size), b"a picture", "image/webp")
    make.save(
        Attachment(
            name=name,
            case_id=case.id,
            original_sha256="0" * 64,
            perceptual_hash="0" * 16,
            width=640,
            height=480,
            added_at=clock.now(),
        )
    )
    return name


def make_voice(app: Flask, case: Case, name: str) -> None:
    """Give a case a voice note in place of words, under the name of the photo."""
    sound = wav(2)
    app.extensions["cps_storage"].put(voice.storage_key(name, AudioKind.WAV), sound, "audio/wav")
    make.save(
        VoiceNote(
            name=name,
            case_id=case.id,
            kind=AudioKind.WAV,
            size=len(sound),
            seconds=2,
            original_sha256="0" * 64,
            stands_for_words=True,
            added_at=clock.now(),
        )
    )


def make_poll(app: Flask) -> dict[str, str]:
    """Make an open poll with a picture and a pass of the counter; returns what leads to them."""
    picture = "fedcba9876543210fedcba9876543210"
    for size in SIZES:
        app.extensions["cps_storage"].put(storage_key(picture, size), b"a picture", "image/webp")
    poll = polls.make_poll("open-poll", picture=picture)
    by = make.make_agent()
    with transaction():
        ticket = counter.issue_pass(poll, Voter("0" * 64, "-|-"), by=by, at=clock.now())
    result = polls.make_published("published-poll", ["park"])
    draft = polls.make_draft("draft-poll")
    return {
        "slug": poll.slug,
        "slug of a result": result.slug,
        "slug of a draft": draft.slug,
        "picture": picture,
        "ticket": ticket,
        "option": draft.options[0].code,
        "which": "opening",
    }


def make_message() -> Message:
    return make.save(
        Message(
            dedupe_key="one",
            channel=MessageChannel.MAIL,
            address="somebody@testford.test",
            language="en",
            subject="Something happened",
            body_text="It is done.",
            created_at=clock.now(),
            run_at=clock.now(),
            done_at=clock.now(),
        )
    )


def make_text() -> TextMessage:
    return make.save(
        TextMessage(
            dedupe_key="one",
            purpose=SmsPurpose.NEWS,
            phone="+821012345678",
            language="en",
            text="It is done.",
            created_at=clock.now(),
            run_at=clock.now(),
            done_at=clock.now(),
        )
    )
