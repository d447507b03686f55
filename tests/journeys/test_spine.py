"""The whole way: a resident complains, an officer answers, the resident sees it and has the last word."""

from cps.cases import queries
from cps.cases.models import Case
from cps.cases.reference import display
from cps.cases.rules import Outcome, Status
from cps.core import worker
from cps.core.db import db
from cps.notifications.models import Message
from tests.complaints.steps import go_to_check, photo, send, tell_place
from tests.support.factories import make_category, make_complaint, make_department, make_officer, make_ward
from tests.support.fixtures import Clock
from tests.support.site import Site

NEW = "/complaints/new"


def mails_to(address: str) -> list[str]:
    worker.run_until_idle()
    found = db.session.scalars(db.select(Message).where(Message.address == address).order_by(Message.id))
    return [f"{m.subject}\n{m.body_text}" for m in found]


def test_a_complaint_is_filed_answered_doubted_and_fixed(site: Site, clock: Clock) -> None:
    make_complaint(title="Another one, which must not change")
    roads = make_department("Roads")
    lamp = make_category("Street lamp", department=roads, is_repair=True)
    make_ward("hill")
    officer = make_officer(roads)

    # The resident: a photo, a place, words, a mail address, and no account.
    site.submit(f"{NEW}/photos", form=f"{NEW}/photos", photos=(photo(), "lamp.jpg"))
    tell_place(site, address="Mill Lane, by the bridge", ward="hill")
    go_to_check(site, lamp, "The lamp by the bridge is dark since Monday.", email="mina@testford.test")
    last = send(site)
    case = db.session.scalars(db.select(Case).order_by(Case.id.desc()).limit(1)).one()
    reference, path = case.reference, f"/complaints/{display(case.reference)}"
    assert last.has(display(reference))
    assert last.has("Roads")
    (receipt,) = mails_to("mina@testford.test")
    assert display(reference) in receipt

    # Anybody: follows it by its number.
    page = site.another().get(f"/track?reference={reference}")
    assert page.path == path
    assert page.text_of(".status") == "Received"
    assert not page.has("mina")

    # The officer: takes it, and closes it with words and a photo.
    desk = site.another().sign_in(officer)
    assert desk.get("/desk").has("The lamp by the bridge is dark")
    desk.submit(f"/desk/{display(reference)}", form=f"/desk/{display(reference)}/take")
    clock.move(hours=5)
    desk.submit(
        f"/desk/{display(reference)}",
        form=f"/desk/{display(reference)}/close",
        outcome="fixed",
        message="A new lamp is in.",
        photos=(photo("gold"), "after.jpg"),
    )
    closed = queries.get_case(reference)
    assert (closed.status, closed.outcome) == (Status.CLOSED, Outcome.FIXED)
    clock.move(seconds=10)  # the officer may undo it until then
    assert "A new lamp is in." in mails_to("mina@testford.test")[-1]

    # The resident: reads it, says no, and the case is open again.
    page = site.get(path)
    assert page.text_of(".status") == "Fixed"
    page = site.submit(page, form=f"{path}/not-fixed", message="It is dark again.")
    assert page.text_of(".status") == "Not fixed yet"
    assert desk.get("/desk?box=reopened").has("The lamp by the bridge is dark")
