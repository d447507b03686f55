"""Reads of partners and of their links."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from cps.accounts.models import Account
from cps.cases import queries as cases
from cps.cases.models import Case, CaseEvent
from cps.core.db import db
from cps.core.errors import NotVisible, StaleVersion
from cps.core.i18n import gettext as _
from cps.core.keys import hashed_token
from cps.partners.models import Partner, PartnerLink


def all_partners() -> Sequence[Partner]:
    """Return every partner by name, those in use first."""
    return db.session.scalars(select(Partner).order_by(Partner.is_active.desc(), Partner.name)).all()


def offered(case_id: int) -> tuple[list[Partner], PartnerLink | None]:
    """Return the partners that a case may be sent to, and the link by which one has it, in one statement.

    The link may be one whose time is over, until it is ended.
    """
    theirs = and_(
        PartnerLink.partner_id == Partner.id, PartnerLink.case_id == case_id, PartnerLink.ended_at.is_(None)
    )
    found = select(Partner, PartnerLink).outerjoin(PartnerLink, theirs).order_by(Partner.name)
    rows = db.session.execute(found.where(or_(Partner.is_active, PartnerLink.id.is_not(None)))).all()
    link = next((link for _partner, link in rows if link is not None), None)
    return [partner for partner, _link in rows if partner.is_active], link


def active_partner(partner_id: int) -> Partner | None:
    """Return a partner that cases may be sent to."""
    found = db.session.get(Partner, partner_id)
    return found if found is not None and found.is_active else None


def get(partner_id: int) -> Partner:
    """Return a partner; raises NotVisible when there is none."""
    found = db.session.get(Partner, partner_id)
    if found is None:
        raise NotVisible(_("There is no such partner."))
    return found


def lock(partner_id: int, *, version: int | None) -> Partner:
    """Return a partner locked, as it was seen; raises StaleVersion when somebody changed it since."""
    found = db.session.get(Partner, partner_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotVisible(_("There is no such partner."))
    if found.version != version:
        raise StaleVersion(_("Somebody else changed this a moment ago. Look at it anew, then decide."))
    return found


def is_taken(name: str, *, but_id: int | None) -> bool:
    """Return whether another partner has this name."""
    others = select(Partner.id).where(Partner.name == name)
    if but_id is not None:
        others = others.where(Partner.id != but_id)
    return db.session.scalar(others.limit(1)) is not None


def open_link(case_id: int) -> PartnerLink | None:
    """Return the link by which a partner has a case; also one whose time is over, until it is ended."""
    found = select(PartnerLink).where(PartnerLink.case_id == case_id, PartnerLink.ended_at.is_(None))
    return db.session.scalars(found.options(joinedload(PartnerLink.partner))).one_or_none()


def link_of(token: str) -> PartnerLink:
    """Return the link of a token with its case and partner, read anew; raises NotVisible for no token."""
    found = db.session.scalars(
        select(PartnerLink)
        .where(PartnerLink.token_hash == hashed_token(token))
        .options(joinedload(PartnerLink.partner), joinedload(PartnerLink.case))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotVisible(_("This link opens nothing. Please copy it whole from the mail."))
    return found


class Reporter(NamedTuple):
    """How to reach who reported a case; what is not known is empty."""

    name: str
    email: str
    phone: str


def reporter_of(case: Case) -> Reporter:
    """Return what was left on a case, and for what was not, what the reporter's account says."""
    contact = cases.contact_of(case.id)
    account = db.session.get(Account, case.reporter_id) if case.reporter_id is not None else None

    def known(of_contact: str, of_account: str) -> str:
        return getattr(contact, of_contact, "") or getattr(account, of_account, "") or ""

    return Reporter(known("name", "display_name"), known("email", "email"), known("phone", "phone"))


def answer_of(link: PartnerLink) -> str:
    """Return what a partner wrote with its answer; empty where there is none."""
    event = db.session.get(CaseEvent, link.answer_event_id) if link.answer_event_id is not None else None
    return event.message if event is not None else ""


def link(link_id: int) -> PartnerLink | None:
    """Return a link."""
    return db.session.get(PartnerLink, link_id)
