"""Filing a complaint for a caller, by the rules that hold for everybody who files."""

from dataclasses import dataclass
from datetime import datetime

from cps.accounts.models import Account
from cps.cases import services as cases
from cps.cases.services import Filed, NewCase
from cps.contact.models import Contact
from cps.contact.rules import Call, Ending
from cps.contact.services.contacts import Came, record
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.i18n import OWN_NAMES
from cps.core.phone import takes_texts
from cps.core.text import detect_language
from cps.departments import danger
from cps.departments.catalogue import KnownCategory


@dataclass(frozen=True, slots=True)
class Told:
    """What a caller tells of their case. Texts are cleaned."""

    body: str
    category: KnownCategory
    answers: dict[str, list[str]]
    lat: float | None = None
    lon: float | None = None
    ward_id: int | None = None
    address: str = ""
    is_private: bool = False
    email: str = ""
    code_id: int | None = None


def file_for(call: Call, told: Told, *, city: CityFacts, by: Account, at: datetime) -> tuple[Filed, Contact]:
    """File a case for a caller and record the contact; the answer clock runs from when it was heard.

    The case names the agent. It has no account: that a number belongs to somebody nobody can hear. Of
    complaints about staff the contact does not name the caller.
    """
    filed = cases.file_case(
        NewCase(
            body=told.body,
            language=detect_language(told.body, OWN_NAMES) or call.language,
            category=told.category,
            channel=call.channel,
            answers=told.answers,
            lat=told.lat,
            lon=told.lon,
            ward_id=told.ward_id,
            address=told.address,
            is_private=told.is_private,
            is_urgent=danger.is_told(told.body, told.answers, told.category, city.danger_words),
            contact=cases.Contact(name=call.name, email=told.email, phone=call.phone, language=call.language),
            filed_by=by,
            received_at=call.received_at,
        ),
        zone=city.zone,
        at=at,
    )
    if call.phone and not takes_texts(call.phone):
        cases.stop_texts(filed.case.id, at=at)
    came = Came(
        Ending.FILED,
        case_id=filed.case.id,
        code_id=told.code_id,
        is_nameless=filed.case.is_integrity,
    )
    contact = record(call, came, by=by, at=at)
    db.session.flush()
    return filed, contact
