"""The mail server's address, the mail itself, and what the server's answers mean."""

import ssl
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from cps.core.errors import ConfigurationError
from cps.notifications import mail
from cps.notifications.mail import Envelope
from cps.notifications.server import Server, Tls
from tests.notifications.mail_server import Mailbox, free_port, hanging, self_signed, serving, smtp_url

LETTER = Envelope(
    address="kim@example.test",
    subject="Fixed – 가로등",
    text="A text.\nWith two lines.\n",
    html="<p>A text.</p>",
    language="ko",
    message_id="<abc@city.example>",
    thread="<case@city.example>",
    unsubscribe="https://city.example/stop",
    at=datetime(2026, 11, 18, 1, 0, tzinfo=UTC),
)
SENDER = Server.from_url("smtp://mail.city.example?from=City%20<no-reply@city.example>").sender


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("smtp://mail.test?from=a@b.test", 587, Tls.OFFERED),
        ("smtp://mail.test:25?from=a@b.test&starttls=off", 25, Tls.OFF),
        ("smtp://mail.test?from=a@b.test&starttls=required", 587, Tls.REQUIRED),
        ("smtps://mail.test?from=a@b.test", 465, Tls.IMPLICIT),
        ("smtp://me:secret@mail.test?from=a@b.test", 587, Tls.REQUIRED),
        ("smtp://me:secret@mail.test?from=a@b.test&starttls=offered", 587, Tls.OFFERED),
        ("smtp://me:secret@localhost?from=a@b.test", 587, Tls.OFFERED),
    ],
)
def test_an_address_says_port_and_secrecy(url: str, port: int, tls: Tls) -> None:
    server = Server.from_url(url)

    assert (server.port, server.tls) == (port, tls)


def test_user_and_password_may_hold_any_sign() -> None:
    server = Server.from_url("smtps://city%40mail:p%3A%2F%40@mail.test?from=a@b.test")

    assert (server.user, server.password) == ("city@mail", "p:/@")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.test",
        "http://mail.test?from=a@b.test",
        "smtp://mail.test",
        "smtp://mail.test?from=nobody",
        "smtp://?from=a@b.test",
        "smtp://mail.test:99999?from=a@b.test",
        "smtp://mail.test?from=a@b.test&starttls=maybe",
        "smtp://mail.test?from=a@b.test%0d%0aBcc:%20x@y.test",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_by_name(url: str) -> None:
    with pytest.raises(ConfigurationError, match="CPS_SMTP_URL"):
        Server.from_url(url)


def test_a_mail_says_who_when_what_and_that_no_person_wrote_it() -> None:
    written = mail.compose(LETTER, SENDER)

    assert written["From"] == "City <no-reply@city.example>"
    assert written["To"] == "kim@example.test"
    assert written["Subject"] == "Fixed – 가로등"
    assert written["Message-ID"] == "<abc@city.example>"
    assert written["References"] == "<case@city.example>"
    assert written["Date"] == "Wed, 18 Nov 2026 01:00:00 +0000"
    assert written["Auto-Submitted"] == "auto-generated"
    assert written["Content-Language"] == "ko"


def test_a_mail_has_the_same_words_as_text_and_as_html() -> None:
    text, html = mail.compose(replace(LETTER, text="불이 꺼졌습니다.\n"), SENDER).iter_parts()

    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().strip() == "불이 꺼졌습니다."


def test_a_mail_to_a_follower_can_be_stopped_with_one_press() -> None:
    written = mail.compose(LETTER, SENDER)
    other = mail.compose(replace(LETTER, unsubscribe=""), SENDER)

    assert written["List-Unsubscribe"] == "<https://city.example/stop>"
    assert written["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in other


def test_every_line_of_a_mail_is_short_enough_for_every_server() -> None:
    long = replace(LETTER, text="word " * 5_000, html=f"<p>{'단어 ' * 5_000}</p>", subject="가" * 140)

    lines = mail.compose(long, SENDER).as_bytes().split(b"\r\n")

    assert max(map(len, lines)) <= 998


@pytest.mark.parametrize(
    "field", [{"subject": "Hello\r\nBcc: x@y.test"}, {"address": "a@b.test\nBcc: x@y.test"}, {"address": "a"}]
)
def test_nobody_can_write_a_header_of_their_own(field: dict[str, str]) -> None:
    with pytest.raises(mail.Refused):
        mail.compose(replace(LETTER, **field), SENDER)  # type: ignore[arg-type]


def test_two_recipients_cannot_be_made_of_one_address() -> None:
    written = mail.compose(replace(LETTER, address="a,c@b.test"), SENDER)

    assert [address.addr_spec for address in written["To"].addresses] == ['"a,c"@b.test']


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


def send(port: int, letter: Envelope = LETTER) -> None:
    server = Server.from_url(smtp_url(port))
    with mail.connect(server, "city.example") as smtp:
        mail.send(smtp, mail.compose(letter, server.sender))


def test_a_mail_arrives_whole(box: Mailbox) -> None:
    with serving(box) as server:
        send(server.port)

    (arrived,) = box.received
    text = arrived.get_body(("plain",))
    assert isinstance(text, EmailMessage)
    assert text.get_content().splitlines() == ["A text.", "With two lines."]
    assert box.recipients == ["kim@example.test"]
    assert box.senders == ["no-reply@testford.test"]


@pytest.mark.parametrize(
    ("command", "answer", "meaning"),
    [
        ("RCPT", "550 5.1.1 no such user", mail.Refused),
        ("RCPT", "450 4.2.0 greylisted, try later", mail.TryLater),
        ("DATA", "554 5.7.1 looks like spam", mail.Refused),
        ("DATA", "451 4.3.0 try again", mail.TryLater),
        ("DATA", "421 4.3.2 closing down", mail.Unreachable),
    ],
)
def test_the_servers_answer_decides_whether_to_try_again(
    box: Mailbox, command: str, answer: str, meaning: type[Exception]
) -> None:
    box.answers[command].append(answer)

    with serving(box) as server, pytest.raises(meaning, match=answer[:3]):
        send(server.port)
    assert box.received == []


def test_a_refused_mail_does_not_spoil_the_connection(box: Mailbox) -> None:
    box.answers["RCPT"].append("550 5.1.1 no such user")
    with serving(box) as running:
        server = Server.from_url(running.url)
        written = mail.compose(LETTER, server.sender)
        with mail.connect(server, "city.example") as smtp:
            with pytest.raises(mail.Refused):
                mail.send(smtp, written)
            mail.send(smtp, written)

    assert len(box.received) == 1


def test_a_connection_that_breaks_off_leaves_it_open_whether_the_mail_was_taken(box: Mailbox) -> None:
    box.break_after = 1

    with serving(box) as server, pytest.raises(mail.Unreachable):
        send(server.port)
    assert len(box.received) == 1


def test_nobody_listening_is_the_servers_fault() -> None:
    with pytest.raises(mail.Unreachable):
        send(free_port())


def test_a_silent_server_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.3)

    with hanging() as port, pytest.raises(mail.Unreachable, match=r"[Tt]ime"):
        send(port)


def test_a_server_without_tls_is_refused_where_tls_is_required(box: Mailbox) -> None:
    with serving(box) as running:
        server = replace(Server.from_url(running.url), tls=Tls.REQUIRED)
        with pytest.raises(mail.Unreachable), mail.connect(server, "city.example"):
            pass


def test_a_password_is_never_said_to_a_server_whose_certificate_is_unknown(
    box: Mailbox, tmp_path: Path
) -> None:
    context, _certificate = self_signed(tmp_path)
    with serving(box, tls_context=context) as running:
        server = replace(Server.from_url(running.url), user="me", password="secret")
        with pytest.raises(mail.Unreachable, match="CERTIFICATE"), mail.connect(server, "city.example"):
            pass


def test_a_connection_is_turned_into_tls_where_the_server_offers_it(
    box: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, certificate = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serving(box, tls_context=context) as running:
        with mail.connect(Server.from_url(running.url), "city.example") as smtp:
            assert isinstance(smtp.sock, ssl.SSLSocket)
        send(running.port)

    assert len(box.received) == 1
