"""What letters of alerts tell: what is due for whom, as far as everybody may still see it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from cps.alerts.models import Alert, AlertNews
from cps.alerts.rules import NewsKind
from cps.cases.models import Case, CaseContact, CaseEvent
from cps.core.db import db
from cps.moderation import rules as moderation
from cps.moderation.models import Act
from cps.notices.models import Notice
from cps.notices.queries import known
from cps.notices.rules import KnownNotice
from cps.notifications.models import Message

LETTERS = "alert:%"
"""Pattern of the dedupe keys of these letters."""

Thing = tuple[NewsKind, int]
"""What is told: its kind and number."""


@dataclass(frozen=True, slots=True)
class Known:
    """What letters may tell, by its number. `contacts` are addresses that reporters of cases left."""

    filed: Mapping[int, Case]
    answered: Mapping[int, CaseEvent]
    notices: Mapping[int, KnownNotice]
    contacts: Mapping[int, str]

    def case(self, thing: Thing) -> Case | None:
        """Return the case that something is about; None of a notice, and where it may not be told."""
        kind, about_id = thing
        if kind is NewsKind.ANSWERED:
            return self.answered[about_id].case if about_id in self.answered else None
        return self.filed.get(about_id) if kind is NewsKind.FILED else None


def accounts_due(at: datetime, *, after: int, limit: int) -> Sequence[int]:
    """Return up to `limit` accounts behind `after` for whom something is due."""
    return db.session.scalars(
        select(AlertNews.account_id)
        .where(*_due(at), AlertNews.account_id > after)
        .distinct()
        .order_by(AlertNews.account_id)
        .limit(limit)
    ).all()


def due_news(account_ids: Sequence[int], at: datetime) -> dict[int, list[AlertNews]]:
    """Return what is due by account, locked: of two workers one finds it told."""
    found: dict[int, list[AlertNews]] = defaultdict(list)
    rows = db.session.scalars(
        select(AlertNews)
        .where(*_due(at), AlertNews.account_id.in_(account_ids))
        .order_by(AlertNews.account_id, AlertNews.kind, AlertNews.about_id, AlertNews.alert_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for row in rows:
        found[row.account_id].append(row)
    return found


def told_already(news: Mapping[int, Sequence[AlertNews]]) -> set[tuple[int, NewsKind, int]]:
    """Return (account, kind, number) of what is due and was told by another alert before."""
    numbers = {row.about_id for rows in news.values() for row in rows}
    return {
        (account_id, kind, about_id)
        for account_id, kind, about_id in db.session.execute(
            select(AlertNews.account_id, AlertNews.kind, AlertNews.about_id).where(
                AlertNews.account_id.in_(news),
                AlertNews.about_id.in_(numbers),
                AlertNews.told_at.is_not(None),
            )
        )
    }


def known_things(things: Sequence[Thing], at: datetime) -> Known:
    """Return those of these things that everybody may see and that are still so.

    A case that was hidden, made private or taken up again since is left out, and so is a notice that is over.
    """
    numbers: dict[NewsKind, set[int]] = {kind: set() for kind in NewsKind}
    for kind, about_id in things:
        numbers[kind].add(about_id)
    filed = db.session.scalars(_listed().where(Case.id.in_(numbers[NewsKind.FILED]))).all()
    answered = db.session.scalars(
        select(CaseEvent)
        .join(CaseEvent.case)
        .options(contains_eager(CaseEvent.case).options(joinedload(Case.category), joinedload(Case.ward)))
        .where(
            CaseEvent.id.in_(numbers[NewsKind.ANSWERED]), Case.is_listed.is_(True), Case.outcome.is_not(None)
        )
    ).all()
    notices = db.session.scalars(
        select(Notice).where(Notice.id.in_(numbers[NewsKind.NOTICE]), Notice.ends_at > at)
    ).all()
    cases = [*filed, *(event.case for event in answered)]
    return Known(
        {one.id: one for one in filed},
        {one.id: one for one in answered},
        {one.id: known(one) for one in notices},
        _contacts([case.id for case in cases]),
    )


def alerts(alert_ids: Sequence[int]) -> dict[int, Alert]:
    """Return these alerts by id."""
    return {one.id: one for one in db.session.scalars(select(Alert).where(Alert.id.in_(alert_ids)))}


def outdated_letters(keys: Sequence[int]) -> Sequence[Message]:
    """Return those of these waiting messages that name a case which not everybody may see any more.

    Or by words that a moderator blacked out since, or by the name of a reporter who is forgotten since.
    """
    return db.session.scalars(
        select(Message)
        .where(
            Message.id.in_(keys),
            Message.dedupe_key.like(LETTERS),
            Message.done_at.is_(None),
            select(AlertNews.about_id)
            .join(Case, _is_of_case())
            .where(
                AlertNews.account_id == Message.account_id,
                AlertNews.letter == Message.dedupe_key,
                or_(Case.is_listed.is_(False), _is_blacked_out(), _is_forgotten()),
            )
            .exists(),
        )
        .with_for_update()
    ).all()


def _is_blacked_out() -> ColumnElement[bool]:
    acts = select(Act.id).where(Act.thing == moderation.Thing.CASE, Act.thing_id == Case.id)
    return acts.where(Act.what == moderation.ActKind.REDACT, Act.at > Message.created_at).exists()


def _is_forgotten() -> ColumnElement[bool]:
    contacts = select(CaseContact.case_id).where(CaseContact.case_id == Case.id)
    return contacts.where(CaseContact.anonymised_at > Message.created_at).exists()


def _is_of_case() -> ColumnElement[bool]:
    answered = select(CaseEvent.case_id).where(CaseEvent.id == AlertNews.about_id).scalar_subquery()
    return or_(
        and_(AlertNews.kind == NewsKind.FILED, Case.id == AlertNews.about_id),
        and_(AlertNews.kind == NewsKind.ANSWERED, Case.id == answered),
    )


def _due(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (AlertNews.told_at.is_(None), AlertNews.due_at <= at)


def _listed() -> Select[Case]:
    return (
        select(Case).where(Case.is_listed.is_(True)).options(joinedload(Case.category), joinedload(Case.ward))
    )


def _contacts(case_ids: Sequence[int]) -> dict[int, str]:
    left = select(CaseContact.case_id, CaseContact.email).where(
        CaseContact.case_id.in_(case_ids), CaseContact.email != ""
    )
    return {case_id: email.casefold() for case_id, email in db.session.execute(left)}
