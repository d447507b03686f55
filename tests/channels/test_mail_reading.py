"""Mails as people and machines write them: read, told apart, freed of what is quoted."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.channels.mail.machines import Kind, bounces, kind_of
from cps.channels.mail.quotes import own_words
from cps.channels.mail.reading import read

OWN, HOST = frozenset({"city@testford.example"}), "hear.testford.example"


DEEP = b"From: a@example.org\nSubject: Deep\n" + b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(3_000)
)


def written(text: str = "The lamp is out.", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Kim Minji <Minji@Example.org>"
    mail["To"] = "city@testford.example"
    mail["Subject"] = "Lamp"
    mail["Message-ID"] = "<one@example.org>"
    for name, value in headers.items():
        del mail[name.replace("_", "-")]
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def kind(mail: EmailMessage) -> Kind:
    return kind_of(read(mail.as_bytes()), own=OWN, host=HOST)


def test_a_mail_is_read_with_its_people_words_and_files() -> None:
    mail = written(
        "가로등이 꺼졌어요", Subject="가로등 고장", References="<a@x.org> <b@x.org>", In_Reply_To="<b@x.org>"
    )
    mail.add_attachment(b"\xff\xd8photo", maintype="image", subtype="jpeg", filename="램프 1.jpg")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="../../letter.pdf")

    found = read(mail.as_bytes())

    assert (found.sender, found.name, found.message_id) == (
        "minji@example.org",
        "Kim Minji",
        "<one@example.org>",
    )
    assert (found.subject, found.text) == ("가로등 고장", "가로등이 꺼졌어요")
    assert found.refers_to == ("<b@x.org>", "<b@x.org>", "<a@x.org>")
    assert [(one.name, one.data[:4]) for one in found.files] == [
        ("램프 1.jpg", b"\xff\xd8ph"), (".._.._letter.pdf", b"%PDF"),
    ]  # fmt: skip


def test_of_html_alone_the_words_are_taken_and_nothing_that_runs() -> None:
    mail = written()
    mail.set_content(
        "<style>p{}</style><p>The lamp&nbsp;&amp; the <b>bench</b></p><script>x</script><div>are gone</div>",
        subtype="html",
    )

    assert read(mail.as_bytes()).text == "The lamp & the bench\n\nare gone"


def test_logos_inside_a_mail_are_no_attachments() -> None:
    mail = written()
    mail.add_alternative("<p>The lamp</p><img src='cid:logo'>", subtype="html")
    mail.get_payload()[1].add_related(b"\x89PNG", "image", "png", cid="<logo>")

    found = read(mail.as_bytes())

    assert (found.text, found.files) == ("The lamp is out.", ())


@given(st.binary(max_size=2_000))
def test_no_bytes_are_too_broken_to_be_read(noise: bytes) -> None:
    head = (
        b"From: =?x?b?!?= <a@\r\nSubject: =?utf-8?q?=ff?=\r\nContent-Type: multipart/report; boundary=b\r\n"
    )

    for raw in (noise, head + noise, b"Content-Type: " + noise, written().as_bytes()[:200] + noise):
        found = read(raw)
        assert kind_of(found, own=OWN, host=HOST) in Kind
        bounces(found.message)
        own_words(found.text, is_reply=True)


def test_of_parts_inside_parts_without_end_the_head_is_read() -> None:
    found = read(DEEP)

    assert (found.sender, found.subject) == ("a@example.org", "Deep")
    assert kind_of(found, own=OWN, host=HOST) is Kind.PERSON
    assert bounces(found.message) == []


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, Kind.PERSON),
        ({"Auto_Submitted": "no"}, Kind.PERSON),
        ({"Auto_Submitted": "auto-replied (vacation)"}, Kind.REPLY),
        ({"Precedence": "auto_reply"}, Kind.REPLY),
        ({"Auto_Submitted": "auto-generated"}, Kind.MACHINE),
        ({"From": "no-reply@shop.example"}, Kind.MACHINE),
        ({"List_Id": "<news.shop.example>"}, Kind.LIST),
        ({"Precedence": "bulk"}, Kind.LIST),
        ({"Return_Path": "<>"}, Kind.BOUNCE),
        ({"From": "MAILER-DAEMON@mx.example"}, Kind.BOUNCE),
        ({"From": "City <city@testford.example>"}, Kind.OWN),
        ({"X_Loop": "city@testford.example"}, Kind.OWN),
        ({"Message_ID": f"<abc@{HOST}>"}, Kind.OWN),
        ({"Authentication_Results": "mx; spf=fail; dmarc=fail (p=reject)"}, Kind.FORGED),
    ],
)
def test_what_no_person_wrote_is_told_apart(headers: dict[str, str], expected: Kind) -> None:
    assert kind(written(**headers)) is expected


REPORT = b"""From: MAILER-DAEMON@mx.example
To: city@testford.example
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; Minji@Example.org
Action: %(action)s
Status: %(status)s

--b
Content-Type: text/rfc822-headers

From: city@testford.example
Reply-To: city+2a-0123456789abcdef@testford.example
References: <2a-ffff@hear.testford.example>
--b--
"""


@pytest.mark.parametrize(
    ("action", "status", "for_good"), [(b"failed", b"5.1.1", True), (b"delayed", b"4.4.1", False)]
)
def test_a_report_says_whom_a_mail_did_not_reach_and_which(
    action: bytes, status: bytes, for_good: bool
) -> None:
    mail = read(REPORT % {b"action": action, b"status": status})

    (bounce,) = bounces(mail.message)

    assert (bounce.recipient, bounce.status, bounce.is_for_good) == (
        "minji@example.org",
        status.decode(),
        for_good,
    )
    assert bounce.refers_to == (
        "city+2a-0123456789abcdef@testford.example", "<2a-ffff@hear.testford.example>",
    )  # fmt: skip


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, 16 Nov 2026 at 10:00, Testford <city@testford.example> wrote:\n> Which lamp?\n> We look.",
        "On Mon, 16 Nov 2026 at 10:00, Testford\n<city@testford.example> wrote:\n\n> Which lamp?",
        "2026년 11월 16일 (월) 오전 10:00, 시험시 <city@testford.example>님이 작성:\n> 어느 가로등인가요?",
        "El lun, 16 nov 2026 a las 10:00, Ciudad escribió:\n> ¿Cuál?",
        "-----Original Message-----\nFrom: Testford\nSent: Monday\n\nWhich lamp?",
        "From: Testford <city@testford.example>\nSent: Monday\nTo: Kim\nSubject: Lamp\n\nWhich lamp?",
        "> Which lamp?",
        "\n-- \nKim Minji\n010-0000-0000",
        "\nSent from my phone",
    ],
)
def test_what_is_quoted_at_the_end_and_a_signature_are_left_out(quoted: str) -> None:
    assert (
        own_words(f"The second one.\nBy the gate.\n\n{quoted}", is_reply=True)
        == "The second one.\nBy the gate."
    )


@pytest.mark.parametrize(
    "text",
    [
        "On Monday a man wrote:\nthe wall is theirs now. It is still there.",
        "Before that, on Sunday, my neighbour wrote:\n> it is broken\nand he is right.",
        "From: the gate to: the tree, all lamps are out.",
    ],
)
def test_words_that_only_look_like_a_quotation_are_kept(text: str) -> None:
    kept = own_words(text, is_reply=True)

    assert kept == "\n".join(line for line in text.split("\n") if not line.startswith(">"))


def test_a_reply_of_quotation_alone_and_a_mail_that_is_forwarded_are_kept_whole() -> None:
    assert own_words("> Which lamp?", is_reply=True) == "> Which lamp?"
    forwarded = "See below\n-----Original Message-----\nFrom: Landlord\nThe lamp is out"
    assert own_words(forwarded, is_reply=False) == forwarded


def test_a_report_with_what_no_program_reads_is_read() -> None:
    inside = b"Content-Type: text/plain; charset=none-such\nSubject: \xff\xfe\n\n\xff\xfe"
    kind = b"multipart/report; boundary=x; report-type=delivery-status"
    head = b"From: <mailer-daemon@x.org>\nContent-Type: " + kind
    report = b"\n\n--x\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@x.org\n"
    deep = b"Content-Type: message/rfc822\n\n" * 300 + inside

    for wrong in (inside, deep):
        mail = head + report + b"\n--x\nContent-Type: message/rfc822\n\n" + wrong + b"\n--x--\n"
        assert len(bounces(read(mail).message)) <= 1


def test_of_a_report_about_thousands_only_some_are_looked_at() -> None:
    ids = b" ".join(b"<1-%x@x.org>" % number for number in range(1_000))
    recipients = b"".join(b"\nFinal-Recipient: rfc822; a%d@x.org\n" % number for number in range(1_000))
    kind = b"multipart/report; boundary=x; report-type=delivery-status"
    report = b"--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n" + recipients
    quoted = b"\n--x\nContent-Type: message/rfc822\n\nReferences: " + ids + b"\n\nHello\n--x--\n"

    mail = b"From: <postmaster@x.org>\nContent-Type: " + kind + b"\n\n" + report + quoted
    found = bounces(read(mail).message)

    assert (len(found), len(found[0].refers_to)) == (20, 20)
