"""From the count to the final result: bundle, receipts, objections, the decision, the end of the keys."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import BinaryIO
from zoneinfo import ZoneInfo

from cps.accounts.models import Account
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import date_time
from cps.core.i18n import gettext as _
from cps.core.upsert import insert_into
from cps.departments import queries as departments
from cps.polls import ballot, bundle, queries, tree
from cps.polls.key_ring import specification_of
from cps.polls.keys import WorkerKeys
from cps.polls.models import Poll, PollObjection, PublishedBallot
from cps.polls.pieces import Pieces
from cps.polls.rules import PollEventKind, PollState
from cps.polls.services import counting
from cps.polls.services.events import move, record
from cps.polls.services.turnouts import kept, turnout_of

Receipt = dict[str, object]
"""A row of published ballots."""


def bundle_key(slug: str, kind: bundle.Kind = bundle.Kind.PUBLIC) -> str:
    """Return under which key a bundle of a poll is stored; that of its witnesses only until the keys end."""
    return f"polls/{slug}/bundle.zip" if kind is bundle.Kind.PUBLIC else f"polls/{slug}/witnesses.zip"


def bundles_of(poll: Poll) -> list[bundle.Kind]:
    """Return which bundles a poll has: its witnesses get one of their own where only they get the ballots."""
    specification = specification_of(poll)
    for_witnesses = (
        specification.witnesses
        and not specification.sensitive
        and not bundle.holds_ballots(specification, bundle.Kind.PUBLIC)
    )
    return [bundle.Kind.PUBLIC, *[bundle.Kind.OBSERVER] * bool(for_witnesses)]


def ask_to_publish(poll: Poll, *, by: Account, at: datetime) -> None:
    """Let the worker prepare the bundle and publish the result; raises RuleViolation where it may not yet."""
    if poll.state is not PollState.TALLIED or poll.publish_asked_at is not None:
        raise RuleViolation(_("Only a result that is counted and not yet published can be published."))
    specification = specification_of(poll)
    if json.loads(poll.result_json)["tie"] and specification.draw and not poll.draw:
        raise RuleViolation(_("Hold the draw that was announced and enter its order first."))
    poll.publish_asked_at = at
    poll.updated_at = at
    record(poll, PollEventKind.PUBLISH_ASKED, by=by, at=at)


def write(poll: Poll, worker: WorkerKeys, file: BinaryIO, kind: bundle.Kind, *, at: datetime) -> Pieces[str]:
    """Write a bundle of a counted poll into an open file, rewound afterwards; returns its SHA-256.

    The same moment gives the same bytes, whoever writes it and however often. Opens every ballot where the
    bundle has them.
    """
    yield from bundle.write_bundle(
        file,
        specification=poll.spec_json.encode(),
        heads=(line.encode() for line in queries.head_lines(poll.id)),
        leaves=(bytes.fromhex(leaf) for leaf in queries.leaves(poll.id)),
        ballots=counting.lines(poll, worker),
        result=poll.result_json.encode(),
        turnout=turnout_of(poll).as_csv().encode(),
        public_key=worker.heads_public,
        kind=kind,
        made_at=at,
    )
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    return digest


def receipts(poll: Poll, worker: WorkerKeys) -> Iterator[list[Receipt]]:
    """Yield what voters find under their codes, some thousands at a time, in the order of the ledger."""
    specification, poll_id = specification_of(poll), poll.id
    shows_choice = bundle.holds_ballots(specification, bundle.Kind.PUBLIC)
    lines = counting.lines(poll, worker)

    def receipt_of(line: bytes) -> Receipt:
        read = ballot.parse_line(line, specification)
        return {
            "poll_id": poll_id,
            "code_sha256": code_hash(read.code),
            "leaf": tree.leaf_hash(line).hex(),
            "choice": list(read.choice) if shows_choice else None,
        }

    while rows := [receipt_of(line) for line in islice(lines, counting.BALLOTS_AT_ONCE)]:
        yield rows


def keep_receipts(rows: Sequence[Receipt]) -> None:
    """Keep what voters find; nobody sees it before the poll is published. What is there already stays.

    A million of them in the transaction that publishes would keep all other writers waiting for too long.
    """
    db.session.execute(insert_into(PublishedBallot).on_conflict_do_nothing(), rows)


def code_hash(code: str) -> str:
    """Return what stands for a receipt code among the published ballots."""
    return hashlib.sha256(code.encode()).hexdigest()


def publish(poll: Poll, bundles: Mapping[bundle.Kind, str], *, zone: ZoneInfo, at: datetime) -> None:
    """Publish a locked poll whose bundles and receipts are kept: provisional, while one may object.

    `bundles` are their SHA-256 by kind; the event keeps them, so that witnesses see that all got the same.
    """
    move(poll, PollState.PUBLISHED, at=at)
    calendar = departments.working_calendar(zone)
    poll.published_at = at
    poll.turnout = {**poll.turnout, **kept(turnout_of(poll))}
    poll.bundle_sha256 = bundles[bundle.Kind.PUBLIC]
    poll.objections_until = calendar.add_working_days(at, poll.objection_days)
    poll.decision_due_at = calendar.add_working_days(at, poll.decision_days)
    digests = {kind.value: digest for kind, digest in bundles.items()}
    record(poll, PollEventKind.PUBLISHED, by=None, at=at, **digests)


def object_to(poll: Poll, case_id: int, *, at: datetime) -> None:
    """Hang an objection, filed as a case, on a provisional result; raises RuleViolation when too late."""
    if not takes_objections(poll, at):
        raise RuleViolation(_("The time for objections to this result is over."))
    db.session.add(PollObjection(case_id=case_id, poll_id=poll.id))
    record(poll, PollEventKind.OBJECTED, by=None, at=at)


def takes_objections(poll: Poll, at: datetime) -> bool:
    """Say whether an objection to the result may still be filed."""
    until = poll.objections_until
    return poll.state is PollState.PUBLISHED and until is not None and at <= until


def decide(poll: Poll, text: dict[str, str], *, by: Account, at: datetime) -> None:
    """Say what the city decided and why; said again, it replaces the words and the trace stays."""
    if poll.state not in {PollState.PUBLISHED, PollState.FINAL}:
        raise RuleViolation(_("The city decides once the result is published."))
    if not any(words.strip() for words in text.values()):
        raise RuleViolation(_("Say what the city decided, and why."))
    poll.decision = text
    poll.decided_at = poll.decided_at or at
    poll.updated_at = at
    record(poll, PollEventKind.DECIDED, by=by, at=at, text=next(iter(text.values())))


def may_be_final(poll: Poll, at: datetime) -> bool:
    """Say whether `finalise` would go through now."""
    return poll.state is PollState.PUBLISHED and not why_not_final(poll, at)


def why_not_final(poll: Poll, at: datetime) -> str:
    """Return in words why a published result cannot be final yet; "" where nothing is in the way."""
    if takes_objections(poll, at) and (until := poll.objections_until):
        return _("Anybody may object until %(date)s. Then the result becomes final.", date=date_time(until))
    if any(case.is_open for case in queries.objection_cases(poll.id)):
        return _("Answer every objection first.")
    return ""


def finalise(poll: Poll, *, by: Account, at: datetime) -> None:
    """Declare the result final once nobody can object any more and every objection is answered.

    The worker and the web servers then destroy the keys that they hold.
    """
    if words := why_not_final(poll, at):
        raise RuleViolation(words)
    move(poll, PollState.FINAL, at=at)
    poll.final_at = at
    record(poll, PollEventKind.FINAL, by=by, at=at)


def keys_are_gone(poll: Poll, *, at: datetime) -> None:
    """Note publicly that the keys of a final poll were destroyed."""
    if poll.keys_destroyed_at is None:
        poll.keys_destroyed_at = at
        record(poll, PollEventKind.KEYS_DESTROYED, by=None, at=at)
