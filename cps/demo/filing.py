"""Filing the written complaints: by whom, when and where, with which photos, and who backs them."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zlib import crc32

from sqlalchemy import insert

from cps.accounts.models import Account
from cps.cases import reference as references
from cps.cases import services
from cps.cases.masking import searchable
from cps.cases.models import Case, CaseContact, Follow, Support
from cps.cases.rules import Channel, PhotoStage, Status
from cps.cases.services import Contact, NewCase
from cps.cases.services.filing import link_secret
from cps.core.db import db
from cps.core.keys import app_key
from cps.demo import pictures
from cps.demo.answering import answers_of, is_urgent
from cps.demo.ground import place_in
from cps.demo.numbers import reference_of
from cps.demo.pictures import Picture, Stored
from cps.demo.shapes import Complaint, Content
from cps.demo.timing import filing_time, step_times
from cps.demo.world import World

WITH_ACCOUNT: Final = 0.6
BY_HAND: Final = frozenset({Channel.PHONE, Channel.COUNTER})
WITHOUT_MAP: Final = frozenset({Channel.PAPER, Channel.MAIL})


@dataclass(frozen=True, slots=True)
class Dated:
    """A written complaint, when it came, and the chance by which all else about it is decided."""

    complaint: Complaint
    received: datetime
    rng: random.Random


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
        yield picture_of(complaint, number, content, seed)
    if any(step.photo for step in complaint.course):
        yield picture_of(complaint, 0, content, seed, after=True)


def picture_of(
    complaint: Complaint, number: int, content: Content, seed: int, *, after: bool = False
) -> Picture:
    """Return the photo of a complaint: equal numbers show one place, `after` shows it mended."""
    scene = complaint.photos[number] if complaint.photos else content.categories[complaint.category].photo
    return Picture(scene, crc32(f"{complaint.key} {number} {seed}".encode()), after)


def keys_of_first_resident(content: Content) -> set[str]:
    """Return two complaints of each status; they are resident@demo.test's, who so has some of everything."""
    taken: dict[Status, list[str]] = {}
    for complaint in content.complaints.values():
        keys = taken.setdefault(complaint.status, [])
        fits = complaint.language == "en" and complaint.channel is Channel.WEB
        if fits and not content.categories[complaint.category].integrity and len(keys) < 2:
            keys.append(complaint.key)
    return {key for keys in taken.values() for key in keys}


def file_all(world: World, drawn: Mapping[Picture, Stored]) -> list[Told]:
    """File every written complaint in the order in which they came."""
    of_first = keys_of_first_resident(world.content)
    told = []
    for number, dated in enumerate(sorted(dates(world), key=lambda dated: dated.received)):
        complaint = dated.complaint
        first = complaint.key in of_first
        reporter_id = world.residents[0].id if first else _reporter_id(complaint, dated.rng, world)
        told.append(file(number, dated, reporter_id, world, drawn))
    return told


def dates(world: World) -> Iterator[Dated]:
    """Yield each written complaint with when it came."""
    for complaint in world.content.complaints.values():
        rng = random.Random(f"{complaint.key} {world.seed}")  # noqa: S311 - an invented city
        hours = max((step.after_hours for step in complaint.course), default=0)
        latest = world.now - max(timedelta(days=complaint.days_ago), timedelta(hours=hours))
        yield Dated(complaint, filing_time(latest, world.days, rng), rng)


def file(
    number: int, dated: Dated, reporter_id: int | None, world: World, drawn: Mapping[Picture, Stored]
) -> Told:
    """File the n-th complaint of the city by a resident, or by nobody that is known."""
    complaint, received, rng = dated.complaint, dated.received, dated.rng
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
            is_urgent=is_urgent(complaint, world),
            contact=_contact(complaint, reporter, rng, world),
            reporter=reporter,
            filed_by=world.staff.agent if by_hand else None,
            received_at=received,
        ),
        zone=world.zone,
        at=received + timedelta(minutes=4) if by_hand else received,
    )
    same_every_time(filed.case, number, rng, world)
    before = [
        picture_of(complaint, place, world.content, world.seed) for place in range(len(complaint.photos))
    ]
    photos = [pictures.attachment(drawn[picture], at=received) for picture in before if picture in drawn]
    services.add_photos(filed.case, photos, PhotoStage.BEFORE)
    times = step_times(complaint.course, received, world.now, world.days, rng)
    return Told(complaint, filed.case, reporter, times, rng)


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


def same_every_time(case: Case, number: int, rng: random.Random, world: World) -> None:
    """Give the case the reference, link and PIN that this seed always gives it."""
    case.reference = reference_of(number, case.received_at, world.zone, seed=world.seed)
    case.external_id = case.reference
    case.search_text = searchable(case)
    contact = db.session.get_one(CaseContact, case.id)
    contact.secret_hash = references.hash_secret(link_secret(case.reference))
    pin = references.new_pin(rng.randrange)
    contact.pin_hash = references.hash_pin(pin, reference=case.reference, key=app_key("case-pin"))
    db.session.flush()


def back(told: Told, world: World) -> None:
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
