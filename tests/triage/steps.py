"""What the tests of the desk share: opening a case, doing one act, looking at what became of it."""

from typing import Any

from sqlalchemy import select

from cps.cases import queries as cases
from cps.cases.models import Case, CaseEvent
from cps.cases.reference import display
from cps.cases.rules import EventKind
from cps.core.db import db
from cps.core.models import AuditRow
from tests.support.page import Page
from tests.support.site import Site

WORDS = "We come on Tuesday.\n\nThank you."


def at(case: Case, act: str = "", query: str = "") -> str:
    """Return the address of a case at the desk, or of an act on it."""
    return f"/desk/{display(case.reference)}{'/' + act if act else ''}{query}"


def now(case: Case) -> Case:
    """Return the case as it stands in the database."""
    db.session.rollback()
    return cases.get_case(case.reference)


def events(case: Case, kind: EventKind) -> list[CaseEvent]:
    """Return what of this kind happened to the case, oldest first."""
    found = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.kind == kind)
    return list(db.session.scalars(found.order_by(CaseEvent.id)))


def audited(case: Case) -> list[str]:
    """Return the actions of staff on the case, oldest first."""
    found = select(AuditRow.action).where(AuditRow.object_id == case.reference).order_by(AuditRow.id)
    return list(db.session.scalars(found))


def do(site: Site, case: Case, act: str, *, query: str = "", **fields: Any) -> Page:
    """Open the case as a person would, fill the form of the act and send it."""
    page = site.get(at(case, query=query))
    return site.submit(page, form=at(case, act), **fields)


def sent(case: Case, **fields: Any) -> dict[str, Any]:
    """Return what a form of this case sends, also what nobody could have typed into it."""
    return {"form_key": "key", "version": case.version, **fields}
