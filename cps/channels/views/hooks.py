"""What gateways and chat services hand over; `docs/channels.md` describes the request and each answer.

Whoever asks shows that they know the secret of the way. A message that was taken is answered with 200, also
when it comes again: then nothing more happens.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from http import HTTPStatus

from flask import Blueprint, Response, abort, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue

from cps.cases import queries as cases
from cps.channels import queries, services, wire
from cps.channels.mail.reading import LONGEST_MAIL
from cps.channels.mail.receiving import receive
from cps.channels.models import IncomingMessage, WayIn
from cps.channels.orders import understood
from cps.channels.rules import WayKind, Why, received_at
from cps.channels.services import Arrived
from cps.channels.tags import external_tag, sender_tag, unsealed
from cps.channels.wire import BadMessage, Handed
from cps.core import clock, limits
from cps.core.db import transaction
from cps.core.errors import TooMany
from cps.core.http import machine
from cps.core.limits import Limit
from cps.core.phone import BadPhone, normal_phone
from cps.core.security import public
from cps.core.text import clean

bp = Blueprint("channel_hooks", __name__, url_prefix="/channels")

HOURLY = Limit("incoming", 20, timedelta(hours=1))
DAILY = Limit("incoming-daily", 60, timedelta(days=1))
PIECES = Limit("incoming-pieces", 40, timedelta(hours=1))
PIN_TRIES = Limit("case-pin", 5, timedelta(hours=1))
"""The same tries as on the page of the case."""


@bp.post("/<any(sms, chat):kind>/<code:name>")
@public
@machine
def take(kind: str, name: str) -> ResponseReturnValue:
    """Take a short message; 401 without the right signature, 400 for what cannot be read."""
    at = clock.now()
    way = _way(WayKind(kind), name)
    body = signed_body(way, wire.LONGEST_BODY, at)
    try:
        handed = wire.read(body)
    except BadMessage as bad:
        return jsonify(error=str(bad)), HTTPStatus.BAD_REQUEST
    if handed.piece is not None and way.kind is not WayKind.SMS:
        return jsonify(error="'part' is for text messages alone"), HTTPStatus.BAD_REQUEST
    arrived = _arrived(way, handed, at)
    if queries.taken(way.name, arrived.external_id) or queries.has_piece(way.name, arrived.external_id):
        return jsonify(state="taken", repeated=True)
    held = _held(arrived, handed, at)
    with transaction():
        row = _take(arrived, handed, at, held)
        state = row.state.value if row else "waiting" if handed.piece else "taken"
    return jsonify(state=state)


@bp.post("/mail/<code:name>")
@public
@machine
def take_mail(name: str) -> ResponseReturnValue:
    """Take a whole mail (RFC 5322), as a mail service hands it over."""
    at = clock.now()
    way = _way(WayKind.MAIL, name)
    return jsonify(state=receive(signed_body(way, LONGEST_MAIL, at), way, at=at))


def _take(arrived: Arrived, handed: Handed, at: datetime, held: Why | None) -> IncomingMessage | None:
    if handed.piece is not None:
        return services.take_piece(arrived, handed.piece, city=g.city, at=at, held=held)
    return services.take(arrived, city=g.city, at=at, held=held)


def _way(kind: WayKind, name: str) -> WayIn:
    way = queries.way(name)
    if way is None or way.kind is not kind or not way.is_on:
        abort(HTTPStatus.NOT_FOUND)
    return way


def signed_body(way: WayIn, longest: int, at: datetime) -> bytes:
    """Return the body of this request if its signature is right; else the request ends here."""
    if (request.content_length or 0) > longest:
        abort(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    request.max_content_length = longest  # of what comes without a length, too
    body = request.get_data(cache=False)
    shown = [request.headers.get(name, "") for name in (wire.TIME_HEADER, wire.SIGNATURE_HEADER)]
    if not wire.is_signed(unsealed(way.sealed_secret), shown[0], body, shown[1], at=at):
        told = jsonify(error="the signature is not right, or was not made within the last five minutes")
        abort(_with_status(told, HTTPStatus.UNAUTHORIZED))
    return body


def _with_status(response: Response, status: HTTPStatus) -> Response:
    response.status_code = status
    return response


def _arrived(way: WayIn, handed: Handed, at: datetime) -> Arrived:
    sender = clean(handed.sender)[: wire.LONGEST_SENDER]  # what is cleaned can grow
    if way.kind is WayKind.SMS:
        with suppress(BadPhone):  # a word or a short number is taken too, and gets no answer
            sender = normal_phone(sender, g.city.country)
    return Arrived(
        way=way.name,
        kind=way.kind,
        external_id=external_tag(handed.id),
        sender=sender,
        sender_tag=sender_tag(sender),
        text=clean(handed.text) if handed.piece is None else handed.text,
        language="",
        received_at=received_at(handed.sent_at, at),
    )


def _held(arrived: Arrived, handed: Handed, at: datetime) -> Why | None:
    """Count the message; what is too much of one sender, or of PINs for one case, is set apart."""
    uses = [(PIECES, arrived.sender_tag)]
    if handed.piece is None:
        uses = [(HOURLY, arrived.sender_tag), (DAILY, arrived.sender_tag), *_pin_tries(handed.text)]
    try:
        limits.count_each(uses, at=at, enabled=current_app.extensions["cps_config"].rate_limits)
    except TooMany:
        return Why.TOO_MANY
    return None


def _pin_tries(text: str) -> list[tuple[Limit, str]]:
    order = understood(text)
    case = cases.find_case(order.reference) if order.pin and order.reference else None
    return [(PIN_TRIES, order.reference)] if case is not None and not case.is_listed else []
