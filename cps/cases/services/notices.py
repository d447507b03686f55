"""Cases under a notice: hung there and taken off, and one update that answers all of them.

An update is written into the stories of some cases at a time, each once, by whoever posts it and then by the
worker. People are told once for all their cases, after the last story holds it (`Fact.NOTICE_UPDATED`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cps.accounts.models import Account
from cps.cases import queries
from cps.cases.models import Case, CaseNotice, CaseNoticeUpdate
from cps.cases.policy import works
from cps.cases.rules import Audience, CaseKind, EventKind, MoveRefused, Outcome, Refusal, Status
from cps.cases.services.moves import move
from cps.cases.services.steps import acknowledge, trace
from cps.cases.services.story import record
from cps.core import city as cities
from cps.core import outbox
from cps.core.db import db
from cps.core.i18n import gettext as _
from cps.core.upsert import insert_into
from cps.notices.models import Notice, NoticeUpdate
from cps.notices.rules import spoken

ANSWER_MORE = "notice-answer-more"
ANSWERED_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Closing:
    """How an update closes the cases under its notice; `why_no_photo` is for repairs called fixed."""

    outcome: Outcome
    why_no_photo: str = ""


def hang(cases: Sequence[Case], notice: Notice, *, by: Account, at: datetime) -> list[Case]:
    """Hang locked cases under a notice, which tells in each story what the city knows; returns those hung.

    What hangs under one already, is closed or concerns staff is left alone. People with several of the cases
    are told once.
    """
    hung = [case for case in cases if _can_hang(case) and _insert(case, notice, by, at)]
    for case in hung:
        _say(case, _whole_text(notice), by, at, {"notice": notice.id})
        trace(case, "hang-case-under-notice", by, at, {"notice_id": [None, notice.id]})
    if hung:
        outbox.state(outbox.Fact.NOTICE_KNOWN, notice.id, at=at, cases=[case.id for case in hung])
    return hung


def take_off(case: Case, *, by: Account, at: datetime) -> None:
    """Let a locked case hang under no notice any more; what was said in its story stays there."""
    hung = db.session.get(CaseNotice, case.id)
    if hung is None:
        return
    db.session.delete(hung)
    message = _("Taken off notice %(number)s.", number=hung.notice_id)
    record(case, EventKind.NOTED, by=by.id, at=at, message=message, audience=Audience.STAFF)
    trace(case, "take-case-off-notice", by, at, {"notice_id": [hung.notice_id, None]})


def answer_all(
    update: NoticeUpdate,
    *,
    by: Account,
    at: datetime,
    closing: Closing | None = None,
    limit: int = ANSWERED_AT_ONCE,
) -> bool:
    """Write an update into the stories of the next cases under its notice, and close them where it should.

    Those that cannot be closed keep the update, and why (`CaseNoticeUpdate.refusal`). Returns whether all are
    told by now; else a job goes on.
    """
    cases = queries.lock_untold(update, limit=limit)
    for case in cases:
        refusal = _answer(case, update, closing, by, at)
        db.session.add(CaseNoticeUpdate(update_id=update.id, case_id=case.id, refusal=refusal))
        db.session.flush()
    if len(cases) < limit:
        outbox.state(outbox.Fact.NOTICE_UPDATED, update.id, at=at, dedupe_key=str(update.id))
        return True
    _go_on_later(update, closing, by, at)
    return False


def _can_hang(case: Case) -> bool:
    return case.is_open and case.kind is CaseKind.COMPLAINT and not case.is_integrity and not case.is_hidden


def _insert(case: Case, notice: Notice, by: Account, at: datetime) -> bool:
    """Insert the row unless the case hangs under a notice; the key decides, also between two at once."""
    row = {"case_id": case.id, "notice_id": notice.id, "by_id": by.id, "at": at}
    statement = insert_into(CaseNotice).values(row).on_conflict_do_nothing().returning(CaseNotice.case_id)
    return db.session.execute(statement).first() is not None


def _answer(case: Case, update: NoticeUpdate, closing: Closing | None, by: Account, at: datetime) -> str:
    """Write the update into the story of one case; returns why it could not be closed, else nothing."""
    refusal = ""
    if closing is not None and case.is_open:
        try:
            _close(case, update, closing, by, at)
        except MoveRefused as refused:
            refusal = refused.reason.value
        else:
            return ""
    _say(case, dict(update.text), by, at, {"notice": update.notice_id, "update": update.id})
    return refusal


def _close(case: Case, update: NoticeUpdate, closing: Closing, by: Account, at: datetime) -> None:
    if not works(by, case):
        raise MoveRefused(Refusal.NOT_YOURS)
    message, language = _in_language_of(case, dict(update.text))
    move(
        case,
        Status.CLOSED,
        by=by,
        at=at,
        message=message,
        language=language,
        outcome=closing.outcome,
        why_no_photo=closing.why_no_photo,
        data={"notice": update.notice_id, "update": update.id},
        tells=False,
    )


def _say(case: Case, texts: dict[str, str], by: Account, at: datetime, data: dict[str, Any]) -> None:
    message, language = _in_language_of(case, texts)
    acknowledge(case, at)
    record(
        case, EventKind.UPDATED, by=by.id, at=at, message=message, language=language, data=data, tells=False
    )


def _in_language_of(case: Case, texts: dict[str, str]) -> tuple[str, str]:
    return spoken(texts, case.language, cities.get().default_language)


def _whole_text(notice: Notice) -> dict[str, str]:
    """Return title and text of a notice as one, in each language that it has."""
    languages = [*notice.title, *(code for code in notice.text if code not in notice.title)]
    default = cities.get().default_language
    whole = {}
    for code in languages:
        parts = (spoken(texts, code, default)[0] for texts in (notice.title, notice.text))
        whole[code] = "\n\n".join(part for part in parts if part)
    return whole


def _go_on_later(update: NoticeUpdate, closing: Closing | None, by: Account, at: datetime) -> None:
    outbox.enqueue(
        ANSWER_MORE,
        at=at,
        update_id=update.id,
        by_id=by.id,
        outcome=closing.outcome.value if closing else None,
        why_no_photo=closing.why_no_photo if closing else "",
    )
