"""The written complaints of the demo city, filed and answered through the program's own services."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zlib import crc32

from sqlalchemy import delete, insert, update

from cps.accounts.models import Account
from cps.cases import reference as references
from cps.cases import services
from cps.cases.models import Attachment, Case, CaseContact, Follow, Support
from cps.cases.rules import Channel, EventKind, Outcome, PhotoStage, Status
from cps.cases.services import Contact, NewCase
from cps.cases.services.filing import link_secret, searchable
from cps.cases.services.story import record
from cps.complaints.services import has_danger
from cps.core import audit
from cps.core.db import db
from cps.core.keys import app_key
from cps.core.models import OutboxFact
from cps.demo import pictures
from cps.demo.ground import place_in
from cps.demo.numbers import reference_of
from cps.demo.pictures import Picture, Stored
from cps.demo.shapes import Complaint, Content, Step, StepKind
from cps.demo.timing import filing_time, step_times
from cps.demo.world import World

WITH_ACCOUNT: Final = 0.6
BY_HAND: Final = frozenset({Channel.PHONE, Channel.COUNTER})
WITHOUT_MAP: Final = frozenset({Channel.PAPER, Channel.MAIL})
NEWS_FOR: Final = timedelta(days=3)
"""What happened longer ago has been told; only later news is left for the worker to send."""

TOO_DARK: Final = {
    "en": "It was done at night, too dark for a photo.",
    "ko": "밤에 작업해서 사진을 찍지 못했습니다.",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A filed complaint with what is still to happen to it."""

    complaint: Complaint
    case: Case
    reporter: Account | None
    times: list[datetime]
    rng: random.Random


def wanted_pictures(content: Content, *, seed: int, most: int) -> list[Picture]:
    """Return what to draw: the photos residents sent and those of the work done, at most so many."""
    wanted = [p for complaint in content.complaints.values() for p in _pictures(complaint, content, seed)]
    return wanted[:most]


def _pictures(complaint: Complaint, content: Content, seed: int) -> Iterator[Picture]:
    for number in range(len(complaint.photos)):
        yield _picture(complaint, number, content, seed)
    if any(step.photo for step in complaint.course):
        yield _picture(complaint, 0, content, seed, after=True)


def _picture(
    complaint: Complaint, number: int, content: Content, seed: int, *, after: bool = False
) -> Picture:
    scene = complaint.photos[number] if complaint.photos else content.categories[complaint.category].photo
    return Picture(scene, crc32(f"{complaint.key} {number} {seed}".encode()), after)


def tell(world: World, drawn: Mapping[Picture, Stored]) -> int:
    """File every written complaint, let people back it, and play its course; returns how many there are."""
    first = _of_first_resident(world.content)
    told = []
    for number, (complaint, received, rng) in enumerate(sorted(_dated(world), key=lambda dated: dated[1])):
        reporter = world.residents[0].id if complaint.key in first else _reporter_id(complaint, rng, world)
        told.append(_file(number, complaint, received, reporter, rng, world, drawn))
    for one in told:
        _back(one, world)
    _play(told, world, drawn)
    _leave_news_only(world.now)
    return len(told)


def _leave_news_only(now: datetime) -> None:
    """Forget facts that were told long ago; the worker sends the others, which are due from now on."""
    db.session.execute(delete(OutboxFact).where(OutboxFact.stated_at < now - NEWS_FOR))
    db.session.execute(update(OutboxFact).values(run_at=now))


def _of_first_resident(content: Content) -> set[str]:
    """Return two complaints of each status; they are resident@demo.test's, who so has some of everything."""
    taken: dict[Status, list[str]] = {}
    for complaint in content.complaints.values():
        keys = taken.setdefault(complaint.status, [])
        fits = complaint.language == "en" and complaint.channel is Channel.WEB
        if fits and not content.categories[complaint.category].integrity and len(keys) < 2:
            keys.append(complaint.key)
    return {key for keys in taken.values() for key in keys}


def _dated(world: World) -> Iterator[tuple[Complaint, datetime, random.Random]]:
    for complaint in world.content.complaints.values():
        rng = random.Random(f"{complaint.key} {world.seed}")  # noqa: S311 - an invented city
        hours = max((step.after_hours for step in complaint.course), default=0)
        latest = world.now - max(timedelta(days=complaint.days_ago), timedelta(hours=hours))
        yield complaint, filing_time(latest, world.days, rng), rng


def _file(
    number: int,
    complaint: Complaint,
    received: datetime,
    reporter_id: int | None,
    rng: random.Random,
    world: World,
    drawn: Mapping[Picture, Stored],
) -> Told:
    reporter = db.session.get_one(Account, reporter_id) if reporter_id else None
    by_hand = complaint.channel in BY_HAND
    lat, lon = place_in(world.content.wards[complaint.ward], rng)
    on_map = complaint.channel not in WITHOUT_MAP
    filed = services.file_case(
        NewCase(
            body=complaint.body,
            title=complaint.title,
            language=complaint.language,
            category=world.categories[complaint.category],
            channel=complaint.channel,
            answers=answers_of(complaint),
            lat=lat if on_map else None,
            lon=lon if on_map else None,
            ward_id=world.ward_ids[complaint.ward],
            address=complaint.place,
            is_private=complaint.private,
            is_urgent=has_danger(complaint.body, world.danger_words),
            contact=_contact(complaint, reporter, rng, world),
            reporter=reporter,
            filed_by=world.staff.agent if by_hand else None,
            received_at=received,
        ),
        zone=world.zone,
        at=received + timedelta(minutes=4) if by_hand else received,
    )
    _same_every_time(filed.case, number, rng, world)
    before = [_picture(complaint, place, world.content, world.seed) for place in range(len(complaint.photos))]
    photos = [pictures.attachment(drawn[picture], at=received) for picture in before if picture in drawn]
    services.add_photos(filed.case, photos, PhotoStage.BEFORE)
    times = step_times(complaint.course, received, world.now, world.days, rng)
    return Told(complaint, filed.case, reporter, times, rng)


def answers_of(complaint: Complaint) -> dict[str, list[str]]:
    """Return the answers to the category's questions as a case keeps them."""
    return {
        code: [str(one) for one in answer] if isinstance(answer, list) else [str(answer)]
        for code, answer in complaint.answers.items()
    }


def _reporter_id(complaint: Complaint, rng: random.Random, world: World) -> int | None:
    if complaint.channel in WITHOUT_MAP or rng.random() > WITH_ACCOUNT:
        return None
    speakers = [r for r in world.signed_in if r.language == complaint.language] or world.signed_in
    return rng.choice(speakers).id


def _contact(complaint: Complaint, reporter: Account | None, rng: random.Random, world: World) -> Contact:
    language = complaint.language if complaint.language in world.content.city.languages else "en"
    if reporter is not None or rng.random() > 0.5:
        return Contact(language=language)
    name = rng.choice(world.content.residents)
    return Contact(name=name, phone=f"059-555-0{rng.randrange(200, 300)}", language=language)


def _same_every_time(case: Case, number: int, rng: random.Random, world: World) -> None:
    """Give the case the reference, link and PIN that this seed always gives it."""
    case.reference = reference_of(number, case.received_at, world.zone, seed=world.seed)
    case.external_id = case.reference
    case.search_text = searchable(case)
    contact = db.session.get_one(CaseContact, case.id)
    contact.secret_hash = references.hash_secret(link_secret(case.reference))
    pin = references.new_pin(rng.randrange)
    contact.pin_hash = references.hash_pin(pin, reference=case.reference, key=app_key("case-pin"))
    db.session.flush()


def _back(told: Told, world: World) -> None:
    """Let residents back and follow the complaint, from its filing until it was closed."""
    if told.case.is_private:
        return
    others = [r for r in world.residents if told.reporter is None or r.id != told.reporter.id]
    backers = told.rng.sample(others, min(told.complaint.supports, len(others)))
    until = told.times[-1] if told.complaint.status is Status.CLOSED else world.now
    rows = [
        {"case_id": told.case.id, "account_id": r.id, "at": _between(told.case.received_at, until, told.rng)}
        for r in backers
    ]
    if rows:
        db.session.execute(insert(Support), rows)
        db.session.execute(insert(Follow), rows)
        told.case.support_count = len(rows)
        db.session.flush()


def _between(start: datetime, end: datetime, rng: random.Random) -> datetime:
    """Return a moment between two, more often soon after the first."""
    return start + (end - start) * rng.random() ** 2


def _play(told: list[Told], world: World, drawn: Mapping[Picture, Stored]) -> None:
    """Do every step of every course in the order in which it happened."""
    by_key = {one.complaint.key: one for one in told}
    acts = [
        (at, number, step, one)
        for one in told
        for number, (step, at) in enumerate(zip(one.complaint.course, one.times, strict=True))
    ]
    for at, _number, step, one in sorted(acts, key=lambda act: (act[0], act[3].complaint.key, act[1])):
        if step.kind is StepKind.REPLY:
            services.answer_city(
                one.case, step.message, by=one.reporter, at=at, language=one.complaint.language
            )
        elif step.kind is StepKind.FEEDBACK:
            _say_whether_fixed(one, step, at)
        elif step.outcome is Outcome.JOINED:
            into = by_key[str(step.joined_to)].case
            by = world.staff.acts_for(_department(one, world), is_integrity=False)
            services.join(one.case, into, by=by, at=at, message=step.message, language=one.complaint.language)
        else:
            _act(one, step, at, world, drawn)


def _say_whether_fixed(told: Told, step: Step, at: datetime) -> None:
    language = told.complaint.language
    if not step.fixed:
        services.ask_reopen(told.case, step.message, by=told.reporter, at=at, language=language)
    elif step.message:
        by = told.reporter.id if told.reporter else None
        record(told.case, EventKind.CONFIRMED_FIXED, by=by, at=at, message=step.message, language=language)
    else:
        services.confirm_fixed(told.case, by=told.reporter, at=at)


def _act(told: Told, step: Step, at: datetime, world: World, drawn: Mapping[Picture, Stored]) -> None:
    case, language = told.case, told.complaint.language
    by = world.staff.acts_for(_department(told, world), is_integrity=case.is_integrity)
    if step.kind is StepKind.NOTE:
        services.note(case, step.message, by=by, at=at)
    elif step.kind is StepKind.UPDATE:
        services.update(case, by=by, at=at, message=step.message, language=language)
    elif step.kind is StepKind.TRANSFER:
        department = world.departments[str(step.department)]
        services.transfer(case, department, by=by, at=at, reason=step.message, language=language)
    elif step.kind is StepKind.EXTEND:
        _extend(told, step, by, at, world)
    elif step.move is Status.TRIAGED:
        triage = by if case.is_integrity else world.staff.triage
        services.move(case, Status.TRIAGED, by=triage, at=at, message=step.message, language=language)
    elif step.move is not None:
        _work(told, step, step.move, by, at, world, drawn)


def _work(
    told: Told,
    step: Step,
    to: Status,
    by: Account,
    at: datetime,
    world: World,
    drawn: Mapping[Picture, Stored],
) -> None:
    """Take the case in hand where nobody has, and move it."""
    case, language = told.case, told.complaint.language
    if case.assignee_id is None and to is not Status.CLOSED:
        services.assign(case, by, by=by, at=at)
    photos: list[Attachment] = []
    why = step.why_no_photo
    if step.photo:
        picture = _picture(told.complaint, 0, world.content, world.seed, after=True)
        photos = [pictures.attachment(drawn[picture], at=at)] if picture in drawn else []
        why = why or ("" if photos else TOO_DARK.get(language, TOO_DARK["en"]))
    services.move(
        case, to, by=by, at=at, message=step.message, language=language, outcome=step.outcome,
        photos=photos, why_no_photo=why,
    )  # fmt: skip


def _extend(told: Told, step: Step, by: Account, at: datetime, world: World) -> None:
    case = told.case
    before, after = case.due_at, world.days.calendar.add_working_days(case.due_at, step.days or 1)
    case.due_at = after
    case.extensions += 1
    dates = {"from": before.isoformat(), "to": after.isoformat()}
    record(case, EventKind.EXTENDED, by=by.id, at=at, message=step.message,
           language=told.complaint.language, data=dates)  # fmt: skip
    audit.record("extend-case", about=("case", case.reference), by=by.id, at=at,
                 changes={"due_at": [dates["from"], dates["to"]]})  # fmt: skip


def _department(told: Told, world: World) -> str:
    return world.department_codes[told.case.department_id]
