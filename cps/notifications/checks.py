"""What `cps doctor` looks for among messages."""

from datetime import datetime

from cps.core import offline
from cps.core.doctor import Wrong, check, told_work
from cps.core.leases import Counts
from cps.notifications import queries
from cps.notifications.models import Message
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


@check("messages")
def _messages(at: datetime) -> str:
    found = queries.counts(at)
    waiting = told_work(Message, at, Counts(found.waiting, found.late, failed=0))
    return waiting if not found.failed else f"{found.waiting} waiting, {found.failed} could not be delivered"
