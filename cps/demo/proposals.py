"""The proposals of the demo city: written, supported, discussed, answered and delivered by the services.

Each has a course of what happens so many days after it was opened. Everything is done in the order in which
it happened, with the time of that moment, so that stories, clocks and counts are as in a city that lives.
"""

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert

from cps.accounts.models import Account
from cps.cases.models import Follow, Support
from cps.cases.rules import Status
from cps.core import city as cities
from cps.core.db import db
from cps.core.upsert import insert_into
from cps.demo.filing import same_every_time
from cps.demo.ground import place_in
from cps.demo.proposal_steps import DAY, STEPS, Told, officer_of
from cps.demo.queries import Resident
from cps.demo.timing import filing_time
from cps.demo.world import World
from cps.departments import queries as departments
from cps.departments import services as furnishing
from cps.departments.models import Category
from cps.departments.rules import CategoryKind, TimeUnit
from cps.departments.specs import CategorySpec
from cps.moderation import queries as moderation
from cps.moderation import services as moderating
from cps.moderation.rules import FlagReason, Thing
from cps.moderation.services import Objection
from cps.proposals import services
from cps.proposals.rules import Goal, Stance
from cps.proposals.services import NewComment, NewProposal, ThresholdSpec

FOLDER: Final = Path(__file__).parent / "content"
FIRST_NUMBER: Final = 9_900_000
"""References of proposals are of numbers that complaints never reach."""

USUAL_RESIDENTS: Final = 150
"""For so many residents the numbers of supporters are written; a smaller city has fewer."""

WHY: Final = {
    "en": "Two in three of those who take part here. We began with twice as many: nothing got there.",
    "ko": "참여하는 사람 셋 가운데 둘쯤입니다. 처음에는 두 배였지만 아무 제안도 닿지 못했습니다.",
}
ENDS: Final = frozenset({"answer", "withdraw", "join"})
"""After these nobody supports any more."""

Act = tuple[datetime, int, Callable[[], object]]
"""When something happens, its place among what happens at the same moment, and how it is done."""


def make(world: World) -> None:
    """Set the goals, and play the course of every written proposal."""
    courses = json.loads((FOLDER / "proposal_courses.json").read_text(encoding="utf-8"))
    categories = _categories(world)
    _goals(world)
    told = {one.written.key: one for one in _propose(world, courses, categories)}
    acts = [act for one in told.values() for act in _acts(one, told, world)]
    for number, (_at, _place, act) in enumerate(sorted(acts, key=lambda act: act[:2])):
        act()
        if number % 50 == 0:
            db.session.flush()


def _categories(world: World) -> dict[str, Category]:
    rows = json.loads((FOLDER / "proposal_categories.json").read_text(encoding="utf-8"))
    for order, row in enumerate(rows):
        spec = CategorySpec(
            **row,
            kind=CategoryKind.PROPOSAL,
            service_time=20,
            service_time_unit=TimeUnit.WORKING_DAYS,
            ord=order,
        )
        furnishing.save_category(spec, by=None, at=world.now)
    return {one.code: one for one in departments.categories(CategoryKind.PROPOSAL)}


def _goals(world: World) -> None:
    """Set the goal of the city, and a lower one where few people live."""
    usual = max(10, min(100, len(world.residents) * 2 // 3))
    few = {"en": "Few people live on the cape.", "ko": "곶에는 사는 사람이 적습니다."}
    services.save_threshold(ThresholdSpec(Goal(usual), why=WHY), by=None, at=world.now)
    cape = ThresholdSpec(Goal(max(10, usual // 2)), ward_id=world.ward_ids["cape-aurel"], why=few)
    services.save_threshold(cape, by=None, at=world.now)


def _propose(world: World, courses: Mapping[str, Any], categories: Mapping[str, Category]) -> Iterator[Told]:
    for number, written in enumerate(world.content.proposals):
        rng = random.Random(f"proposal {written.key} {world.seed}")  # noqa: S311 - an invented city
        opened = filing_time(world.now - written.days_ago * DAY, world.days, rng)
        course = courses.get(written.key, {})
        author = db.session.get_one(Account, rng.choice(_speakers(world, written.language)).id)
        lat, lon = place_in(world.content.wards[written.ward], rng) if written.ward else (None, None)
        new = NewProposal(
            title=written.title,
            body=written.body,
            language=written.language,
            category=categories[course.get("category", "idea")],
            author=author,
            lat=lat,
            lon=lon,
            ward_id=world.ward_ids[written.ward] if written.ward else None,
            shows_author=rng.random() < 0.5,
        )
        proposal = services.propose(new, city=cities.get(), at=opened)
        same_every_time(proposal.case, FIRST_NUMBER + number, rng, world)
        told = Told(written, course, proposal, author, rng)
        told.backers = _backers(told, world)
        yield told


def _speakers(world: World, language: str) -> list[Resident]:
    return [one for one in world.signed_in[:45] if one.language == language] or world.signed_in[:45]


def _backers(told: Told, world: World) -> list[dict[str, Any]]:
    """Return who supports it and when, more of them soon after the beginning."""
    others = [one for one in world.residents if one.id != told.author.id]
    wanted = told.written.supports * min(len(world.residents), USUAL_RESIDENTS) // USUAL_RESIDENTS
    ended = [
        told.opened + step["after"] * DAY for step in told.course.get("course", ()) if step["kind"] in ENDS
    ]
    last = min([*ended, told.proposal.gathers_until, world.now])
    chosen = told.rng.sample(others, min(wanted, len(others)))
    times = sorted(told.opened + (last - told.opened) * told.rng.random() ** 2 * 0.98 for _ in chosen)
    return [
        {"case_id": told.proposal.case_id, "account_id": one.id, "at": at}
        for one, at in zip(chosen, times, strict=True)
    ]


def _acts(told: Told, all_told: Mapping[str, Told], world: World) -> Iterator[Act]:
    """Yield all that happens to a proposal; what lies ahead is left out."""
    yield from _supports(told, world)
    for step in told.course.get("course", ()):
        at = _at(told, step["after"], world)
        yield at, 1, partial(STEPS[step["kind"]], told, step, at, all_told, world)
    for comment in told.course.get("comments", ()):
        at = min(told.opened + comment["after"] * DAY, world.now)
        yield at, 0, partial(_discuss, told, comment, at, world)
    if told.proposal.gathers_until <= world.now:
        until = told.proposal.gathers_until
        yield until, 2, partial(services.end, told.proposal.case_id, language="en", at=until)


def _at(told: Told, after: float, world: World) -> datetime:
    """Return when staff act so many days after the beginning: in working time, by now."""
    wanted = told.opened + after * DAY
    return world.days.staff_time(wanted, after=told.opened, now=world.now, rng=told.rng)


def _supports(told: Told, world: World) -> Iterator[Act]:
    """Yield the supports in two parts: those that reach the goal, as the worker sees it, and the others."""
    needed = told.proposal.needed
    first, others = told.backers[:needed], told.backers[needed:]
    for part in (first, others):
        if part:
            at = min(part[-1]["at"] + timedelta(seconds=1), world.now)
            yield at, 0, partial(_support, told, part, at)


def _support(told: Told, part: Sequence[dict[str, Any]], at: datetime) -> None:
    db.session.execute(insert(Support), part)
    db.session.execute(insert_into(Follow).on_conflict_do_nothing(), part)
    if told.proposal.supported_at is None:
        told.proposal.supported_at = part[0]["at"]
    db.session.flush()
    services.recount(told.proposal.case_id, at=at)


def _discuss(told: Told, comment: Mapping[str, Any], at: datetime, world: World) -> None:
    """Let somebody say something, others answer, and some find it right."""
    if told.proposal.case.status not in {Status.GATHERING, Status.ANSWER_DUE}:
        return
    new = NewComment(comment["text"], comment["language"], Stance(comment["stance"]), shows_name=True)
    first = services.comment(
        told.proposal.case_id, new, by=_somebody(told, comment["language"], world), at=at
    )
    for number, (language, text, is_official) in enumerate(comment["replies"], 1):
        by = officer_of(told, world) if is_official else _somebody(told, language, world)
        reply = NewComment(text, language, parent_id=first.id, shows_name=True, is_official=is_official)
        services.comment(told.proposal.case_id, reply, by=by, at=min(at + number * DAY / 4, world.now))
    for one in told.rng.sample(world.residents, told.rng.randrange(12)):
        if one.id != first.account_id:
            services.back(first.id, by=db.session.get_one(Account, one.id), at=min(at + DAY, world.now))
    for reason in comment.get("flags", ()):
        objection = Objection(FlagReason.INSULT, reason)
        found = moderation.get(Thing.COMMENT, first.id)
        moderating.flag(found, objection, by=told.author, tag="", at=min(at + DAY, world.now))


def _somebody(told: Told, language: str, world: World) -> Account:
    others = [one for one in _speakers(world, language) if one.id != told.author.id]
    return db.session.get_one(Account, told.rng.choice(others).id)
