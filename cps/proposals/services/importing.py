"""Writing the proposals of an earlier site. Nobody is told: no fact is stated, nobody follows.

What is not there is written. What is there stays, but for a number of supports that grew on the other site.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cps.cases import reference as references
from cps.cases.masking import searchable
from cps.cases.models import Case, CaseContact, CaseEvent
from cps.cases.queries import imports
from cps.cases.rules import CaseKind, Channel, EventKind, Status
from cps.cases.services.filing import link_secret
from cps.core import audit
from cps.core.db import db
from cps.core.keys import app_key
from cps.core.progress import Progress
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory
from cps.proposals import queries
from cps.proposals.importing.mapping import Ended, ProposalMapping
from cps.proposals.importing.rows import ProposalRow
from cps.proposals.models import Proposal, StepReached
from cps.proposals.queries.goals import GoalHere
from cps.proposals.rules import Step, ends, is_reached, rank
from cps.proposals.services.supporting import mark
from cps.proposals.wording import closing_words

CHUNK = 200


@dataclass(slots=True)
class Report:
    """What an import did, or would do."""

    new: int = 0
    more: int = 0
    """Those that are there and brought another number of supports."""
    same: int = 0


def compare(mapping: ProposalMapping, rows: Sequence[ProposalRow]) -> Report:
    """Return what `load` would do."""
    report = Report()
    for chunk in _chunks(rows):
        new, more = _sort(mapping, chunk)
        report.new += len(new)
        report.more += len(more)
        report.same += len(chunk) - len(new) - len(more)
    return report


def load(
    mapping: ProposalMapping,
    rows: Sequence[ProposalRow],
    *,
    zone: ZoneInfo,
    at: datetime,
    by: int | None,
    progress: Progress,
) -> Report:
    """Write everything of a file; the same file again writes nothing."""
    imports.lock_imports()
    report, writer = Report(), _Writer(mapping, zone, at)
    progress.begin("cases", len(rows))
    for chunk in _chunks(rows):
        new, more = _sort(mapping, chunk)
        writer.write(new)
        for case_id, row in more:
            writer.grow(case_id, row)
        report.new += len(new)
        report.more += len(more)
        report.same += len(chunk) - len(new) - len(more)
        progress.step(len(chunk))
    if report.new or report.more:
        told = {"source": [None, mapping.source], "new": [None, report.new], "more": [None, report.more]}
        audit.record("import-proposals", about=("city", 1), by=by, at=at, changes=told)
    return report


def _chunks(rows: Sequence[ProposalRow]) -> list[Sequence[ProposalRow]]:
    return [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]


def _sort(
    mapping: ProposalMapping, chunk: Sequence[ProposalRow]
) -> tuple[list[ProposalRow], list[tuple[int, ProposalRow]]]:
    """Return which rows are new, and which are there with another number of supports."""
    there = queries.imported(mapping.source, [row.external_id for row in chunk])
    new = [row for row in chunk if row.external_id not in there]
    more = [
        (there[row.external_id].case_id, row)
        for row in chunk
        if row.external_id in there and there[row.external_id].former_supports != row.supports
    ]
    return new, more


class _Writer:
    """Writes proposals with their story; what the city has is read once."""

    def __init__(self, mapping: ProposalMapping, zone: ZoneInfo, at: datetime) -> None:
        self.mapping, self.zone, self.at = mapping, zone, at
        self.categories = {one.code: one for one in departments.catalogue().categories.values()}
        self.calendar = departments.city_calendar(zone)
        self.pin_key = app_key("case-pin")
        self.goals: dict[str, GoalHere] = {}

    def write(self, rows: Sequence[ProposalRow]) -> None:
        """Write new proposals; their words are masked as those of every case."""
        for row, reference in zip(rows, self._references(rows), strict=True):
            self._write(row, reference)
        db.session.flush()
        db.session.expunge_all()

    def grow(self, case_id: int, row: ProposalRow) -> None:
        """Keep another number of former supports, and have it counted."""
        queries.hold_alone(case_id)
        proposal = queries.of_case(case_id)
        if proposal is not None:
            proposal.former_supports, proposal.former_site = row.supports, self.mapping.site
            mark(case_id, at=self.at)

    def _write(self, row: ProposalRow, reference: str) -> None:
        category = self.categories[row.category]
        here = self._goal(category)
        opened, until = self._time(row, here)
        status = self._status(row, here, until)
        case = self._case(row, reference, category, here, status, until)
        db.session.add(case)
        db.session.flush()
        db.session.add_all(self._rows_of(case, row, here, opened, until))
        if status is Status.ANSWER_DUE:
            db.session.flush()  # the proposal first, to which the step belongs
            db.session.add(StepReached(case_id=case.id, step=Step.ANSWER, at=self.at, supports=row.supports))

    def _goal(self, category: KnownCategory) -> GoalHere:
        if category.code not in self.goals:
            self.goals[category.code] = queries.goal_for(None, category)
        return self.goals[category.code]

    def _time(self, row: ProposalRow, here: GoalHere) -> tuple[datetime, datetime]:
        """Return from when until when it gathers, here or there."""
        until = row.ends or ends(here.goal, row.begins)
        if until <= self.at and self.mapping.ended is Ended.REOPEN:
            return self.at, ends(here.goal, self.at)
        return row.begins, until

    def _status(self, row: ProposalRow, here: GoalHere, until: datetime) -> Status:
        """Return where it stands: what reached the goal of this city is to be answered from now on."""
        if is_reached(here.goal.supports, 0, row.supports):
            return Status.ANSWER_DUE
        return Status.GATHERING if until > self.at else Status.EXPIRED

    def _case(
        self,
        row: ProposalRow,
        reference: str,
        category: KnownCategory,
        here: GoalHere,
        status: Status,
        until: datetime,
    ) -> Case:
        owed = status is Status.ANSWER_DUE
        due = self.calendar.now.add_working_days(self.at, here.goal.answer_days) if owed else until
        case = Case(
            reference=reference,
            kind=CaseKind.PROPOSAL,
            status=status,
            title=row.title,
            body=row.body,
            language=self.mapping.language,
            category_id=category.id,
            department_id=here.department_id,
            source=self.mapping.source,
            external_id=row.external_id,
            channel=Channel.IMPORT,
            received_at=row.begins,
            entered_at=self.at,
            promised_at=due,
            due_at=due,
            clock_started_at=self.at if owed else None,
            alarm_at=self.at if owed else None,
            suspensions_seen=self.calendar.newest,
            closed_at=until if status is Status.EXPIRED else None,
            updated_at=self.at,
            support_count=row.supports,
        )
        case.search_text = searchable(case)
        return case

    def _rows_of(
        self, case: Case, row: ProposalRow, here: GoalHere, opened: datetime, until: datetime
    ) -> list[Any]:
        rows: list[Any] = [
            CaseContact(
                case_id=case.id,
                secret_hash=references.hash_secret(link_secret(case.reference)),
                pin_hash=references.hash_pin(
                    references.new_pin(), reference=case.reference, key=self.pin_key
                ),
            ),
            Proposal(
                case=case,
                needed=here.goal.supports,
                answer_days=here.goal.answer_days,
                opened_at=opened,
                gathers_until=max(until, opened + timedelta(seconds=1)),
                former_supports=row.supports,
                former_site=self.mapping.site,
                supported_at=opened if row.supports else None,
                rank=rank(opened, row.supports),
            ),
            _event(case, EventKind.FILED, row.begins),
        ]
        if case.status is Status.EXPIRED:
            words = closing_words(self.mapping.language, total=row.supports, needed=here.goal.supports)
            data = {"total": row.supports, "needed": here.goal.supports}
            rows.append(_event(case, EventKind.MOVED, until, words, case.status, data))
        if case.status is Status.ANSWER_DUE:
            data = {"supports": row.supports, "needed": here.goal.supports}
            rows.append(_event(case, EventKind.MOVED, self.at, "", case.status, data))
        return rows

    def _references(self, rows: Sequence[ProposalRow]) -> list[str]:
        """Return a free reference for each, of the month in which it was written."""
        found: list[str] = []
        for row in rows:
            one = references.new_reference(row.begins, self.zone)
            while one in found or imports.taken_references([one]):
                one = references.new_reference(row.begins, self.zone)
            found.append(one)
        return found


def _event(
    case: Case,
    kind: EventKind,
    at: datetime,
    message: str = "",
    status: Status | None = None,
    data: dict[str, Any] | None = None,
) -> CaseEvent:
    return CaseEvent(
        case_id=case.id, kind=kind, at=at, public_from=at, message=message, language=case.language,
        status=status, data=data or {},
    )  # fmt: skip
