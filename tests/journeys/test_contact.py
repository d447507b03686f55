"""The whole way of a call: answered at once, a case by text message, the answer, the call back."""

from cps.cases.models import Case
from cps.cases.reference import display
from cps.cases.rules import Outcome, Status
from cps.cases.services import move
from cps.contact.models import CallBack, Contact
from cps.contact.rules import CallBackState, Ending
from cps.core import clock, worker
from cps.core.db import db, transaction
from cps.knowledge import services as answers
from cps.knowledge.rules import Move, Words
from cps.notifications.models import TextMessage
from tests.support import factories as make
from tests.support.site import Site

PHONE, E164 = "010-1234-5678", "+821012345678"


def texts() -> list[str]:
    worker.run_until_idle()
    found = db.select(TextMessage.text).where(TextMessage.phone == E164).order_by(TextMessage.id)
    return list(db.session.scalars(found))


def test_a_call_is_answered_filed_told_and_called_back(site: Site) -> None:
    agent, officer = make.make_agent(), make.make_officer(make.make_department("Lights"))
    lamp = make.make_category("Lamp", code="lamp", department=make.make_department("Lights"))
    make.make_complaint(title="Somebody else's")
    head = make.make_supervisor()
    with transaction():
        article = answers.begin("en", Words("Waste days", "On Tuesday."), by=agent, at=clock.now())
        answers.move(article, Move.SEND, by=agent, at=clock.now())
        answers.move(article, Move.PUBLISH, by=head, at=clock.now())

    # The telephone system opens the caller; the first question is answered from the answer base.
    desk = site.sign_in(agent)
    desk.get(f"/contact?phone={PHONE}&call=pbx-1&name=Mina+Mill")
    desk.submit(form="/contact", q="waste")
    desk.submit(form="/contact/answered")

    # The second matter of the same call is a case, filed by the rules of all.
    desk.get(f"/contact?phone={PHONE}&call=pbx-1")
    desk.follow("File a case")
    last = desk.submit(
        form="/contact/file", body="The lamp by the bridge is dark.", category=lamp.code, address="Mill Lane"
    )
    case = db.session.scalars(db.select(Case).order_by(Case.id.desc()).limit(1)).one()
    assert "Mina Mill" not in case.body
    (receipt,) = texts()
    assert display(case.reference) in receipt

    # She wants to be called when it is answered.
    desk.follow("Call back when it is answered")
    desk.submit(form="/contact/call-backs/new", about="When is it lit?")
    assert "once the case is answered" in desk.get("/contact/call-backs").text
    assert last.heading == "Filed. Read it back"

    # The department answers: she hears it by text message, and the call is on top of the list.
    with transaction():
        locked = db.session.get_one(Case, case.id, populate_existing=True)
        move(locked, Status.CLOSED, by=officer, at=clock.now(), message="Lit.", outcome=Outcome.ANSWERED)
    assert any("Lit." in text for text in texts())
    page = desk.get("/contact/call-backs")
    assert "once the case is answered" not in page.text
    call_back = db.session.scalars(db.select(CallBack)).one()
    desk.submit(page, form=f"/contact/call-backs/{call_back.id}/reached")

    db.session.expire_all()
    assert call_back.state is CallBackState.REACHED
    made = db.session.execute(
        db.select(Contact.ending, Contact.call_ref, Contact.matter).order_by(Contact.id)
    )
    assert [tuple(row) for row in made] == [
        (Ending.ANSWERED, "pbx-1", 1),
        (Ending.FILED, "pbx-1", 2),
        (Ending.CALL_BACK, "pbx-1", 3),
    ]
    assert "The lamp by the bridge" in desk.get(f"/contact?phone={PHONE}").text
