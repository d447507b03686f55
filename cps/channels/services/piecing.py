"""Pieces of text messages: kept until all are there, or until they have waited long enough."""

from collections.abc import Sequence
from datetime import datetime

from cps.channels import pieces, queries
from cps.channels.models import IncomingMessage, IncomingPart
from cps.channels.rules import WayKind, Why
from cps.channels.services import talking
from cps.channels.services.entering import Arrived
from cps.channels.wire import Piece
from cps.core.city import CityFacts
from cps.core.db import db


def take_piece(
    arrived: Arrived, piece: Piece, *, city: CityFacts, at: datetime, held: Why | None = None
) -> IncomingMessage | None:
    """Keep a piece, and take the message once it is whole; None where it waits, or was taken before.

    A phone uses its numbers again: where another text stands in the same place, or the others have waited
    too long, these are taken as they are, and a new message begins.
    """
    queries.lock_way(arrived.way)
    if queries.has_piece(arrived.way, arrived.external_id):
        return None
    if held is not None or queries.is_blocked(arrived.sender_tag):
        return talking.take(arrived, city=city, at=at, held=held)
    waiting = queries.waiting_pieces(arrived.way, arrived.sender_tag, piece.ref, piece.of)
    same = next((one for one in waiting if one.part == piece.number), None)
    if same is not None and same.text == arrived.text:
        return None
    if waiting and (same is not None or waiting[0].entered_at < at - pieces.WAIT):
        take_as_it_is(waiting, city=city, at=at)
        waiting = []
    together = [*waiting, _keep(arrived, piece, at)]
    return _take(together, city=city, at=at) if len(together) == piece.of else None


def take_as_it_is(waiting: Sequence[IncomingPart], *, city: CityFacts, at: datetime) -> None:
    """Take pieces whose others did not come, with marks where they miss."""
    row = _take(waiting, city=city, at=at)
    if row is not None and not row.reason:
        row.reason = Why.INCOMPLETE.value


def take_longest_waiting(*, city: CityFacts, at: datetime) -> bool:
    """Take the pieces that wait longest, if they have waited long enough; returns whether they had."""
    found = queries.longest_waiting(entered_before=at - pieces.WAIT)
    if found is None:
        return False
    queries.lock_way(found.way)
    together = queries.waiting_pieces(found.way, found.sender_tag, found.ref, found.of)
    if together:  # else somebody took them a moment ago
        take_as_it_is(together, city=city, at=at)
    return True


def _keep(arrived: Arrived, piece: Piece, at: datetime) -> IncomingPart:
    row = IncomingPart(
        way=arrived.way,
        external_id=arrived.external_id,
        sender_tag=arrived.sender_tag,
        sender=arrived.sender,
        ref=piece.ref,
        of=piece.of,
        part=piece.number,
        text=arrived.text,
        received_at=arrived.received_at,
        entered_at=at,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _take(together: Sequence[IncomingPart], *, city: CityFacts, at: datetime) -> IncomingMessage | None:
    """Take pieces as one message and let them go."""
    first = min(together, key=lambda one: one.part)
    whole = Arrived(
        way=first.way,
        kind=WayKind.SMS,
        external_id=first.external_id,
        sender=first.sender,
        sender_tag=first.sender_tag,
        text=pieces.joined({one.part: one.text for one in together}, first.of),
        language="",
        received_at=min(one.received_at for one in together),
        came_in_pieces=True,
    )
    row = talking.take(whole, city=city, at=at)
    known = row or queries.taken(whole.way, whole.external_id)
    for one in together:
        one.message_id = known.id if known else None
        one.text = one.sender = ""
    db.session.flush()
    return row
