"""What messages are about: an event of a case, a proposal, a poll, an account."""

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from cps.accounts.models import Account
from cps.cases.models import Case, CaseContact, CaseEvent
from cps.core.db import db
from cps.departments.models import Department
from cps.notifications import links
from cps.polls.models import Poll, TreeHead
from cps.proposals.models import Proposal


def event_with_case(event_id: int) -> CaseEvent | None:
    """Return the event with its case and department; None when it was taken back before it became public."""
    case = joinedload(CaseEvent.case)
    return db.session.scalars(
        select(CaseEvent)
        .where(CaseEvent.id == event_id)
        .options(case.joinedload(Case.department), case.joinedload(Case.joined_to))
    ).one_or_none()


def proposal_and_department(case_id: int) -> tuple[Proposal, Department] | None:
    """Return a proposal with its case, and the department that has it."""
    found = select(Proposal, Department).join(Proposal.case).options(contains_eager(Proposal.case))
    found = found.join(Department, Department.id == Case.department_id).where(Case.id == case_id)
    row = db.session.execute(found).one_or_none()
    return (row[0], row[1]) if row else None


def department_of(department_id: int) -> Department | None:
    """Return a department."""
    return db.session.get(Department, department_id)


def account_of(account_id: int) -> Account | None:
    """Return an account."""
    return db.session.get(Account, account_id)


def head_of(poll_id: int, batch: int) -> tuple[Poll, TreeHead] | None:
    """Return a poll and one of its signed heads."""
    poll, head = db.session.get(Poll, poll_id), db.session.get(TreeHead, (poll_id, batch))
    return (poll, head) if poll is not None and head is not None else None


def case_and_account(case_id: int, account_id: int) -> tuple[Case, Account] | None:
    """Return both, or None where one of them is gone."""
    case, account = db.session.get(Case, case_id), db.session.get(Account, account_id)
    return (case, account) if case is not None and account is not None else None


def case_of(case_id: int) -> Case | None:
    """Return a case."""
    return db.session.get(Case, case_id)


def case_address(case_id: int, *, to_reporter: bool) -> str:
    """Return the address of a case's page; for its reporter the one that opens it to them."""
    case, contact = db.session.get_one(Case, case_id), db.session.get(CaseContact, case_id)
    own = links.reporter_link(case, contact.secret_hash) if to_reporter and contact is not None else None
    return own or links.case_link(case)
