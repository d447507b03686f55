"""A case that lay at many desks before it turned out to be about staff, and was handed over."""

from cps.accounts.models import Account
from cps.cases.models import Case, CaseNotice
from cps.cases.queries import lock_case
from cps.cases.rules import Channel
from cps.cases.services.about_staff import Finding, make_about_staff
from cps.cases.services.integrity import About
from cps.contact import services as calls
from cps.contact.rules import Call, Ending
from cps.contact.services import Came, Promise
from cps.core import clock
from cps.core.db import db, transaction
from cps.departments import queries as departments
from cps.departments.models import Category
from cps.triage.work.models import DeskActCase
from cps.triage.work.rules import CaseState
from tests.support import factories as make


def leave_traces(case: Case, *, notice_id: int, act_id: int, agent: Account) -> None:
    """Let a case be followed, called about, selected with others, hang under a notice and have a letter."""
    at = clock.now()
    with transaction():
        call = Call(Channel.PHONE, "en", phone="+821055500199", name="Somebody Else")
        calls.record(call, Came(Ending.FILED, case_id=case.id), by=agent, at=at)
        promise = Promise(call.phone, at, department_id=case.department_id, case_id=case.id)
        calls.promise_call(promise, by=agent, at=at)
    make.save(CaseNotice(case_id=case.id, notice_id=notice_id, at=at))
    make.save(DeskActCase(act_id=act_id, case_id=case.id, version_seen=1, state=CaseState.WAITING))
    make.make_incoming(case_id=case.id, text=f"More about {case.title}", subject=case.title)


def hand_over(case: Case, by: Account, *, reason: str = "", about: About | None = None) -> None:
    """Hand a case to the integrity officers, with the first category there is for it."""
    found = departments.catalogue().about_staff()[0]
    with transaction():
        finding = Finding(found, about or About(), reason or f"I found {case.title}")
        make_about_staff(lock_case(case.reference), finding, by=db.session.merge(by), at=clock.now())


def category_about_staff() -> Category:
    """Make the category that such cases get."""
    return make.make_category("Staff", is_integrity=True)
