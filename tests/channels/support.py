"""Ways in of the tests, and a gateway that hands messages over as `docs/channels.md` says."""

import json
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from cps.cases.models import Case
from cps.channels import services, wire
from cps.channels.models import IncomingMessage
from cps.channels.rules import WayKind
from cps.channels.services import Way
from cps.core import clock
from cps.core.db import db, transaction
from cps.notifications.models import TextMessage
from tests.support import factories

PHONE = "+821012345678"


@dataclass
class Gateway:
    """A gateway that knows the secret of its way."""

    app: Flask
    name: str
    kind: WayKind
    secret: str

    def hand(self, text: str, *, sender: str = PHONE, at: int | None = None, **more: Any) -> TestResponse:
        """Hand over a message; without an `id` among `more`, a new one."""
        told = {"id": f"m{factories.number()}", "from": sender, "text": text, **more}
        return self.send(json.dumps(told).encode(), at=at)

    def send(self, body: bytes, *, at: int | None = None, secret: str | None = None) -> TestResponse:
        """Send a body with its signature."""
        time = str(at if at is not None else int(clock.now().timestamp()))
        shown = wire.signature(secret or self.secret, time, body)
        return self.app.test_client().post(
            f"/channels/{self.kind}/{self.name}",
            data=body,
            headers={wire.TIME_HEADER: time, wire.SIGNATURE_HEADER: shown},
        )


def gateway(app: Flask, kind: WayKind = WayKind.SMS, name: str = "city-number", **more: Any) -> Gateway:
    """Add a way in, and return who hands messages over by it."""
    with transaction():
        secret = services.save_way(Way(name, kind, **more), at=clock.now())
    assert secret
    return Gateway(app, name, kind, secret)


def messages() -> list[IncomingMessage]:
    """Return what came in, in the order in which it came."""
    db.session.rollback()
    return list(db.session.scalars(db.select(IncomingMessage).order_by(IncomingMessage.id)))


def cases() -> list[Case]:
    """Return every case."""
    db.session.rollback()
    return list(db.session.scalars(db.select(Case).order_by(Case.id)))


def texts() -> list[str]:
    """Return what is to be sent by text message."""
    db.session.rollback()
    return [row.text for row in db.session.scalars(db.select(TextMessage).order_by(TextMessage.id))]
