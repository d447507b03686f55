"""What is done with a proposal of the demo city: each step by the service that does it in life."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert

from cps.accounts.models import Account
from cps.cases.rules import Outcome, Status
from cps.core.db import db
from cps.demo import shapes
from cps.demo.world import World
from cps.proposals import services
from cps.proposals.models import DeliveryVerdict, Proposal
from cps.proposals.queries.answers import delivery_of, milestones
from cps.proposals.rules import Settings, Verdict
from cps.proposals.services import AnswerSpec, DeliverySpec, MilestoneSpec, News, Point

DAY: Final = timedelta(days=1)
Step = Mapping[str, Any]


@dataclass(slots=True)
class Told:
    """A proposal that stands, with what is still to happen to it."""

    written: shapes.Proposal
    course: Mapping[str, Any]
    proposal: Proposal
    author: Account
    rng: random.Random
    backers: list[dict[str, Any]] = field(default_factory=list)

    @property
    def opened(self) -> datetime:
        """When it was opened."""
        return self.proposal.opened_at

    @property
    def language(self) -> str:
        """The language in which its author and the city write."""
        return self.written.language


def officer_of(told: Told, world: World) -> Account:
    """Return the officer of the department that has the proposal."""
    return world.staff.officers[world.department_codes[told.proposal.case.department_id]]


def _news(told: Told, step: Step) -> News:
    return News(step["message"], told.language)


def _add(told: Told, step: Step, at: datetime, *_: object) -> None:
    services.add(told.proposal, step["message"], by=told.author, at=at, language=told.language)


def _withdraw(told: Told, step: Step, at: datetime, *_: object) -> None:
    services.withdraw(told.proposal, step["message"], by=told.author, at=at, language=told.language)


def _lift(told: Told, step: Step, at: datetime, _told: object, world: World) -> None:
    if told.proposal.case.status is Status.GATHERING:
        by = officer_of(told, world)
        services.lift(told.proposal, step["message"], by=by, at=at, language=told.language)


def _draft(told: Told, step: Step, at: datetime, _told: object, world: World) -> None:
    if told.proposal.case.status is Status.ANSWER_DUE:
        services.draft_answer(told.proposal, _spec(told, step, world), by=officer_of(told, world), at=at)


def _answer(told: Told, step: Step, at: datetime, _told: object, world: World) -> None:
    by = officer_of(told, world)
    spec = _spec(told, step, world)
    services.draft_answer(told.proposal, spec, by=by, at=at - timedelta(hours=3))
    services.publish_answer(told.proposal, by=by, settings=Settings(), at=at)


def _spec(told: Told, step: Step, world: World) -> AnswerSpec:
    return AnswerSpec(
        Outcome(step["outcome"]),
        step["message"],
        told.language,
        points=[Point(*point) for point in step.get("points", ())],
        unit_id=world.departments[step["unit"]].id,
        whose=step.get("whose", ""),
        link=step.get("link", ""),
        reason=step.get("reason", ""),
    )


def _begin(told: Told, step: Step, at: datetime, _told: object, world: World) -> None:
    spec = DeliverySpec(
        world.departments[step["unit"]].id,
        (told.opened + step["due"] * DAY).date(),
        step["budget"],
        [
            MilestoneSpec(title, (told.opened + due * DAY).date(), told.language)
            for title, due in step["milestones"]
        ],
    )
    services.begin_delivery(
        told.proposal, spec, _news(told, step), by=officer_of(told, world), today=at.date(), at=at
    )


def _progress(told: Told, step: Step, at: datetime, _told: object, world: World) -> None:
    by, news, today = officer_of(told, world), _news(told, step), at.date()
    part = milestones(told.proposal.case_id)[step["done"]]
    services.complete_milestone(told.proposal, part.id, today, news, by=by, today=today, at=at)
    delivery = delivery_of(told.proposal.case_id)
    if delivery is not None:
        delivery.percent = step["percent"]  # told in the same words, so it has no news of its own


def _moved(told: Told, step: Step, at: datetime, _told: object, world: World) -> None:
    part = milestones(told.proposal.case_id)[step["milestone"]]
    day, by = (told.opened + step["to"] * DAY).date(), officer_of(told, world)
    services.move_milestone(told.proposal, part.id, day, _news(told, step), by=by, at=at)


def _deliver(told: Told, step: Step, at: datetime, _told: object, world: World) -> None:
    services.deliver(told.proposal, _news(told, step), by=officer_of(told, world), at=at)


def _verdicts(told: Told, step: Step, at: datetime, *_: object) -> None:
    """Let some of those who supported it say whether it is what they wanted."""
    said = [verdict for verdict in Verdict for _ in range(step[verdict.value])]
    rows = [
        {"case_id": told.proposal.case_id, "account_id": one["account_id"], "verdict": verdict, "at": at}
        for one, verdict in zip(told.backers, said, strict=False)
    ]
    db.session.execute(insert(DeliveryVerdict), rows)


def _join(told: Told, step: Step, at: datetime, all_told: Mapping[str, Told], world: World) -> None:
    into = all_told[step["into"]].proposal
    by = officer_of(told, world)
    services.join(told.proposal, into, step["message"], by=by, at=at, language=told.language)
    services.recount(into.case_id, at=at)


STEPS: Final[Mapping[str, Callable[..., None]]] = {
    "add": _add,
    "withdraw": _withdraw,
    "lift": _lift,
    "draft": _draft,
    "answer": _answer,
    "begin": _begin,
    "progress": _progress,
    "moved": _moved,
    "deliver": _deliver,
    "verdicts": _verdicts,
    "join": _join,
}
