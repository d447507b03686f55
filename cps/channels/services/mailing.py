"""Mails: each is one row however often it comes; a reply lands in its case, what is new becomes one.

Only what a person wrote becomes something by itself, and only that is answered: what machines write is noted
or set apart, so that no two machines can write to each other for ever.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from cps.cases import queries as case_reads
from cps.cases.masking import masked
from cps.cases.models import Case
from cps.cases.reference import NotAReference, parse
from cps.cases.services import Contact
from cps.channels import queries, wording
from cps.channels.mail.machines import Bounce, Kind, bounces
from cps.channels.mail.reading import Mail
from cps.channels.models import IncomingMessage
from cps.channels.rules import DOUBLE_WITHIN, SHORTEST_REPORT, Incoming, Why
from cps.channels.services.entering import Arrived, enter, file, join, note_for_staff, tell_left_out
from cps.core import offline
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.i18n import gettext_in
from cps.core.text import detect_language
from cps.notifications import links
from cps.notifications import queries as notifications
from cps.notifications.services import note_bounced, note_late_bounce

SET_APART = {Kind.LIST: Why.MAILING_LIST, Kind.MACHINE: Why.AUTOMATIC, Kind.FORGED: Why.FORGED}
NOTED = {Kind.OWN: Why.OWN_MAIL, Kind.REPLY: Why.AUTOMATIC}
SEPARATORS = "[](){}<>#:,;."


@dataclass(frozen=True, slots=True)
class About:
    """The case that a mail answers; `is_proven` where it came to the address that its reporter was told."""

    case: Case
    is_proven: bool


def take_mail(
    arrived: Arrived, mail: Mail, kind: Kind, *, city: CityFacts, at: datetime, held: Why | None = None
) -> IncomingMessage | None:
    """Do what a mail asks for; None where it was taken before. `held` sets it apart for a person's look."""
    queries.lock_way(arrived.way)
    if queries.taken(arrived.way, arrived.external_id) is not None:
        return None
    if kind in NOTED:
        return enter(arrived, Incoming.NOTED, at=at, why=NOTED[kind])
    if kind is Kind.BOUNCE:
        return _note_bounces(arrived, bounces(mail.message), city, at)
    if queries.is_blocked(arrived.sender_tag):
        return enter(arrived, Incoming.REFUSED, at=at, why=Why.BLOCKED)
    spoken, about = replace(arrived, language=_language(arrived, city)), about_case(mail)
    if (why := held or _why_apart(arrived, kind)) is not None:
        if about is not None and about.case.is_integrity:
            return _keep_in_case(spoken, about.case, why, city, at)
        return enter(arrived, Incoming.QUARANTINED, at=at, why=why)
    return _report(spoken, mail, city, at) if about is None else _reply(spoken, about, city, at)


def about_case(mail: Mail) -> About | None:
    """Return the case that a mail answers: by the address it came to, what it refers to, its subject."""
    for address in mail.to:
        if case := _case(links.case_of_reply_address(address)):
            return About(case, is_proven=True)
    for message_id in mail.refers_to:
        if case := _case(links.case_of_thread(message_id)):
            return About(case, is_proven=False)
    for word in mail.subject.split():
        try:
            case = case_reads.find_case(parse(word.strip(SEPARATORS)))
        except NotAReference:
            continue
        if case is not None and not case.is_hidden:
            return About(case, is_proven=False)
    return None


def _case(case_id: int | None) -> Case | None:
    case = db.session.get(Case, case_id) if case_id is not None else None
    return None if case is None or case.is_hidden else case


def _why_apart(arrived: Arrived, kind: Kind) -> Why | None:
    if not arrived.sender:
        return Why.NO_SENDER
    says = sum(sign.isalpha() for sign in arrived.subject + arrived.text)
    if says < SHORTEST_REPORT and not arrived.photos:
        return Why.EMPTY
    return SET_APART.get(kind)


def _language(arrived: Arrived, city: CityFacts) -> str:
    found = detect_language(f"{arrived.subject}\n{arrived.text}", city.languages)
    return found or queries.last_language(arrived.sender_tag) or city.default_language


def _report(arrived: Arrived, mail: Mail, city: CityFacts, at: datetime) -> IncomingMessage:
    before = queries.said_before(arrived.sender_tag, arrived.text, since=at - DOUBLE_WITHIN)
    if before is not None and before.subject == arrived.subject:
        case = db.session.get(Case, before.case_id)
        return enter(arrived, Incoming.NOTED, at=at, why=Why.DOUBLE, case=case)
    contact = Contact(name=mail.name, email=arrived.sender, language=arrived.language)
    filed = file(arrived, contact, city=city, at=at)
    row = enter(arrived, Incoming.LANDED, at=at, case=filed.case)
    tell_left_out(filed.case, row, city=city, at=at)
    return row


def _reply(arrived: Arrived, about: About, city: CityFacts, at: datetime) -> IncomingMessage:
    """Put a reply into its case, if the reporter wrote it; what others write waits for a person."""
    reporter = notifications.reporter_of(about.case.id)
    is_theirs = reporter is not None and reporter.recipient.address == arrived.sender
    if not (about.is_proven or is_theirs):
        if about.case.is_integrity:
            return _keep_in_case(arrived, about.case, Why.NOT_REPORTER, city, at)
        return enter(arrived, Incoming.QUARANTINED, at=at, why=Why.NOT_REPORTER, case=about.case)
    said = arrived if arrived.text or arrived.photos else arrived.saying(arrived.subject)
    join(case_reads.lock_case(about.case.reference), said, at=at)
    row = enter(arrived, Incoming.JOINED, at=at, case=about.case)
    tell_left_out(about.case, row, city=city, at=at)
    return row


def _keep_in_case(arrived: Arrived, case: Case, why: Why, city: CityFacts, at: datetime) -> IncomingMessage:
    """Let the officers of a complaint about staff read what others would find set apart, as a note in it.

    Numbers and addresses in it are hidden: they may tell who reported it. Of a flood nothing is shown to
    anybody, for it would bury the case.
    """
    if why is Why.TOO_MANY:
        return enter(arrived, Incoming.REFUSED, at=at, why=why, case=case)
    with offline.speaking(city.default_language, city):
        because = str(wording.WHY[why])
    said = "\n\n".join(part for part in (arrived.subject, arrived.text, f"({because})") if part)
    held = case_reads.lock_case(case.reference)
    note_for_staff(held, masked(said, arrived.language), arrived.language, at=at)
    row = enter(arrived, Incoming.JOINED, at=at, why=why, case=case)
    tell_left_out(case, row, city=city, at=at)
    return row


def _note_bounces(arrived: Arrived, found: list[Bounce], city: CityFacts, at: datetime) -> IncomingMessage:
    """Write down what came back, in the case too where it was for its reporter; nothing is answered."""
    case = None
    for bounce in found:
        if bounce.is_for_good and (known := _case_of_bounce(bounce)) is not None:
            case = known
            _tell_bounce(known, bounce, city, at)
            if known.reporter_id is not None:
                note_bounced(known.reporter_id, bounce.recipient, at=at)
        elif bounce.is_for_good:
            note_late_bounce(bounce.recipient, bounce.refers_to, at=at)
    is_delay = bool(found) and not any(bounce.is_for_good for bounce in found)
    return enter(arrived, Incoming.NOTED, at=at, why=Why.DELAYED if is_delay else Why.BOUNCE, case=case)


def _case_of_bounce(bounce: Bounce) -> Case | None:
    """Return the case whose reporter a mail did not reach; the report must name both."""
    for name in bounce.refers_to:
        case = _case(links.case_of_reply_address(name) or links.case_of_thread(name))
        reporter = notifications.reporter_of(case.id) if case is not None else None
        if reporter is not None and reporter.recipient.address == bounce.recipient:
            return case
    return None


def _tell_bounce(case: Case, bounce: Bounce, city: CityFacts, at: datetime) -> None:
    """Let the story of a case say once, for staff, that mail to its reporter comes back."""
    if queries.bounce_is_noted(case.id):
        return
    says = gettext_in(
        city.default_language, "Mail to the reporter comes back (%(status)s). Reach them another way."
    )
    message = says % {"status": bounce.status or "?"}
    note_for_staff(case, message, city.default_language, at=at, data={"bounce": bounce.status})
