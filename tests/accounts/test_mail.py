"""The code reaches the person: from the form over the worker to the words of the mail."""

import re

from cps.core import worker
from cps.core.db import db
from cps.notifications.models import Message
from tests.support.factories import make_resident
from tests.support.site import Site

ANN = "ann@example.org"


def mail_to(address: str) -> Message:
    worker.run_until_idle()
    return db.session.scalars(db.select(Message).where(Message.address == address)).one()


def code_in(mail: Message) -> str:
    found = re.search(r"\b\d{3} ?\d{3}\b", mail.body_text)
    assert found, mail.body_text
    return found[0]


def test_the_code_of_a_mail_signs_in(site: Site) -> None:
    site.submit("/accounts/register", email=ANN)

    site.submit("/accounts/code", code=code_in(mail_to(ANN)))

    assert site.get("/accounts/me").path == "/accounts/me"


def test_who_has_an_account_is_told_so_by_mail_and_can_use_its_code(site: Site) -> None:
    make_resident(email=ANN, display_name="Ann")
    site.submit("/accounts/register", email=ANN)

    mail = mail_to(ANN)
    site.submit("/accounts/code", code=code_in(mail))

    assert "account" in mail.body_text
    assert site.get("/accounts/me").heading == "Ann"


def test_a_mail_comes_in_the_language_of_the_page(site: Site) -> None:
    site.client.set_cookie("lang", "ko")
    site.submit("/accounts/prove", email=ANN)

    assert mail_to(ANN).language == "ko"
