"""What `cps doctor` looks for among messages."""

from datetime import datetime

from cps.core import city as cities
from cps.core import offline
from cps.core.doctor import Wrong, check, told_work
from cps.core.leases import Counts
from cps.notifications import costs, queries
from cps.notifications.gateway import Gateway
from cps.notifications.models import Message, TextMessage
from cps.notifications.server import Server


@check("mail server")
def _mail_server(_at: datetime) -> str:
    config = offline.settings()
    if config.smtp_url is not None:
        server = Server.from_url(config.smtp_url)
        return f"{server.host}:{server.port}, TLS {server.tls.value}, from {server.sender.addr_spec}"
    if config.is_production:
        raise Wrong("none, so messages wait. Set CPS_SMTP_URL")
    return "none: messages stay in the demo's mailbox"


@check("SMS gateway")
def _sms_gateway(at: datetime) -> str:
    config = offline.settings()
    city = cities.find()
    if city is not None:
        spent = [left.name for left in costs.now(city, at) if left.is_spent]
        if spent:
            raise Wrong(f"spent: {'; '.join(spent)}. Codes go by mail; see /admin/sms")
    if config.sms_url is not None:
        gateway = Gateway.from_url(config.sms_url)
        tls = "on" if gateway.uses_tls else "off"
        return f"{gateway.name}, TLS {tls}, from {gateway.sender or 'the gateway’s own sender'}"
    if config.is_production:
        return "none: people come in by mail only"
    return "none: text messages stay in the demo's mailbox"


@check("text messages")
def _text_messages(at: datetime) -> str:
    found = queries.text_counts(at)
    waiting = told_work(TextMessage, at, Counts(found.waiting, found.late, failed=0))
    return waiting if not found.failed else f"{found.waiting} waiting, {found.failed} could not be delivered"


@check("messages")
def _messages(at: datetime) -> str:
    found = queries.counts(at)
    waiting = told_work(Message, at, Counts(found.waiting, found.late, failed=0))
    return waiting if not found.failed else f"{found.waiting} waiting, {found.failed} could not be delivered"
