"""Mail over SMTP: what a mail looks like, one connection at a time, and what the server's answers mean."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from cps.notifications.server import Server, Tls, mail_address

TIMEOUT_SECONDS = 10.0
CLOSING_DOWN = 421
PERMANENT = 500
POLICY = "5.7."
"""How the enhanced status code (RFC 3463) begins of what a server refuses for reasons of its own."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message as it is handed to the server; `thread` is the same for all messages on one subject.

    `reply_to` is where its reader may answer it, `in_reply_to` the mail that it answers itself.
    """

    address: str
    subject: str
    text: str
    html: str
    language: str
    message_id: str
    thread: str
    unsubscribe: str
    at: datetime
    reply_to: str = ""
    in_reply_to: str = ""


class Unreachable(Exception):
    """The server, or our settings for it, are the trouble: nothing can be sent for now."""


class TryLater(Exception):
    """The server will not take this message now (4xx); others may pass."""


class Refused(Exception):
    """The server will never take this message (5xx), or it cannot be written as a mail."""


class NobodyThere(Refused):
    """The server takes no mail for this address, now or later; mere policy (5.7) is not that."""


def compose(envelope: Envelope, sender: Address) -> EmailMessage:
    """Return the mail with its headers; raises Refused where the address or a header cannot be written."""
    mail = EmailMessage(policy=policy.SMTP)
    try:
        mail["From"] = sender
        mail["To"] = mail_address(envelope.address)
        mail["Subject"] = envelope.subject
        mail["Date"] = format_datetime(envelope.at)
        mail["Message-ID"] = envelope.message_id
        if envelope.reply_to:
            mail["Reply-To"] = mail_address(envelope.reply_to)
        if envelope.in_reply_to:
            mail["In-Reply-To"] = envelope.in_reply_to
        if referred := " ".join(filter(None, (envelope.thread, envelope.in_reply_to))):
            mail["References"] = referred
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        if envelope.unsubscribe:
            mail["List-Unsubscribe"] = f"<{envelope.unsubscribe}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    except (ValueError, MessageError) as error:
        raise Refused(f"cannot be written as a mail: {type(error).__name__}") from error
    mail.set_content(envelope.text, cte=_encoding(envelope.text))
    if envelope.html:
        mail.add_alternative(envelope.html, subtype="html", cte=_encoding(envelope.html))
    mail["Content-Language"] = envelope.language
    return mail


@contextmanager
def connect(server: Server, own_name: str) -> Iterator[smtplib.SMTP]:
    """Open a connection, encrypted and signed in as the settings say; raises Unreachable."""
    try:
        smtp = _open(server, own_name)
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(_words(error)) from error
    try:
        yield smtp
    finally:
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()


def send(smtp: smtplib.SMTP, mail: EmailMessage) -> None:
    """Hand one mail to the server.

    Returns when the server has taken it. Raises Refused or TryLater for this message, Unreachable when the
    connection broke: then nobody knows whether the message was taken.
    """
    try:
        smtp.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _answer_for_address(code, words) from error
    except smtplib.SMTPSenderRefused as error:
        raise Unreachable(_words(error)) from error
    except smtplib.SMTPResponseException as error:
        raise _answer(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Refused(str(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(_words(error)) from error


def _open(server: Server, own_name: str) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.tls is Tls.IMPLICIT:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, own_name, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, own_name, timeout=TIMEOUT_SECONDS)
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.tls is Tls.REQUIRED or (server.tls is Tls.OFFERED and smtp.has_extn("starttls")):
            smtp.starttls(context=context)
            smtp.ehlo()
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _answer(code: int, words: bytes | str) -> Exception:
    said = f"{code} {_readable(words)}"
    if code == CLOSING_DOWN:
        return Unreachable(said)
    return Refused(said) if code >= PERMANENT else TryLater(said)


def _answer_for_address(code: int, words: bytes | str) -> Exception:
    answer = _answer(code, words)
    is_policy = POLICY in _readable(words)
    return NobodyThere(str(answer)) if isinstance(answer, Refused) and not is_policy else answer


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_readable(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _readable(words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return " ".join(text.split())


def _encoding(text: str) -> str:
    return "quoted-printable" if text.isascii() else "base64"
