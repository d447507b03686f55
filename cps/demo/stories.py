"""The written complaints of the demo city, filed and answered through the program's own services."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, update

from cps.accounts.models import Account
from cps.cases import services
from cps.cases.models import Attachment
from cps.cases.rules import EventKind, Outcome, Status
from cps.cases.services import MoreTime
from cps.cases.services.story import record
from cps.core.db import db
from cps.core.models import OutboxFact
from cps.demo import filing, pictures, voices
from cps.demo.course import MEANWHILE
from cps.demo.filing import Told
from cps.demo.pictures import Picture, Stored
from cps.demo.shapes import Step, StepKind
from cps.demo.voices import Spoken
from cps.demo.world import World

NEWS_FOR: Final = timedelta(days=3)
"""What happened longer ago has been told; only later news is left for the worker to send."""

TOO_DARK: Final = {
    "en": "It was done at night, too dark for a photo.",
    "ko": "밤에 작업해서 사진을 찍지 못했습니다.",
}
"""Why there is no photo of work done, where none was drawn."""


def tell(world: World, drawn: Mapping[Picture, Stored], spoken: Spoken) -> int:
    """File every complaint, let people back it, and play its course; returns how many there are."""
    told = filing.file_all(world, drawn)
    voices.speak(told, world, spoken)
    for one in told:
        filing.back(one, world)
    play(told, world, drawn)
    return len(told)


def leave_news_only(now: datetime) -> None:
    """Forget facts that were told long ago; the worker sends the others, which are due from now on."""
    db.session.execute(delete(OutboxFact).where(OutboxFact.stated_at < now - NEWS_FOR))
    db.session.execute(update(OutboxFact).where(OutboxFact.run_at < now).values(run_at=now))


def play(told: list[Told], world: World, drawn: Mapping[Picture, Stored]) -> None:
    """Do every step of every course in the order in which it happened."""
    by_key = {one.complaint.key: one for one in told}
    acts = [
        (max(at, _earliest(step, by_key)), number, step, one)
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


def _earliest(step: Step, by_key: Mapping[str, Told]) -> datetime:
    """Return from when on a step can be done: a case is joined to one that has come."""
    return by_key[step.joined_to].case.entered_at if step.joined_to else datetime.min.replace(tzinfo=UTC)


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
        _extend(told, step, by, at)
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
        picture = filing.picture_of(told.complaint, 0, world.content, world.seed, after=True)
        photos = [pictures.attachment(drawn[picture], at=at)] if picture in drawn else []
        why = why or ("" if photos else TOO_DARK.get(language, TOO_DARK["en"]))
    services.move(
        case, to, by=by, at=at, message=step.message, language=language, outcome=step.outcome,
        photos=photos, why_no_photo=why,
    )  # fmt: skip


def _extend(told: Told, step: Step, by: Account, at: datetime) -> None:
    """Promise a later date, before the one that was promised has passed."""
    language = told.complaint.language
    more = MoreTime(step.days or 1, step.message, MEANWHILE.get(language, MEANWHILE["en"]), language)
    services.extend(told.case, more, by=by, at=min(at, told.case.due_at))


def _department(told: Told, world: World) -> str:
    return world.department_codes[told.case.department_id]
