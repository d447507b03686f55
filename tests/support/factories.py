"""Makers of rows for tests: every argument may be left out, every row is valid, and is committed at once.

They write models directly, so that a test of a service starts from rows that the service did not make. They
need the application's context, which the `app` fixture pushes around a test.
"""

import itertools
import secrets
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from flask import current_app

from cps.accounts.models import Account, Identity, RoleGrant
from cps.accounts.queries import lock_account
from cps.accounts.rules import IdentityKind, Role
from cps.alerts.models import Alert
from cps.alerts.rules import Wish
from cps.alerts.services import begin as begin_alert
from cps.cases.models import Case, CaseContact, CaseEvent, Follow, Support
from cps.cases.reference import hash_pin, hash_secret, new_reference
from cps.cases.rules import DECIDED, OPEN, CaseKind, Channel, EventKind, Outcome, Status
from cps.cases.services.filing import CELL_ZOOM, link_secret
from cps.channels.models import IncomingMessage, WayIn
from cps.channels.rules import Incoming, WayKind, Why
from cps.core import clock
from cps.core.db import Model, db, transaction
from cps.core.keys import app_key, identity_key, keyed_tag
from cps.core.models import City
from cps.departments.models import (
    Category,
    DeclineReason,
    Department,
    OpeningHours,
    Question,
    ReplyTemplate,
    RoutingRule,
    Staff,
    WorkSuspension,
)
from cps.departments.rules import Datatype, TimeUnit
from cps.helpers.models import HelperConsent
from cps.helpers.rules import ConsentHow, HelperScope
from cps.notices.models import Notice
from cps.notifications.models import MessageWish
from cps.notifications.rules import Pace, Topic
from cps.open311.outgoing.models import OtherSystem, SentCase
from cps.open311.outgoing.queries import system_of
from cps.open311.outgoing.rules import Stage
from cps.wards.geometry import grid_cell
from cps.wards.models import Ward

ZONE = ZoneInfo("Asia/Seoul")
PASSWORD = "a long password of the tests"
PIN = "4711"
WEST, SOUTH, WARD_SIZE = 129.5, 36.0, 0.02
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

Row = TypeVar("Row", bound=Model)

_numbers = itertools.count(1)


def make_city() -> None:
    """Fill an empty database: the city, its working week and the department that sorts what comes in."""
    save(
        City(
            name={"en": "Testford", "ko": "시험시"},
            zone=ZONE.key,
            country="KR",
            languages=["en", "ko"],
            default_language="en",
            currency="KRW",
            phone="+82 59-555-0100",
            emergency_phone="112",
            welcome={"en": "Tell the city.", "ko": "시에 알려 주세요."},
            danger_words={"en": ["gas leak", "live wire"], "ko": ["가스 냄새", "감전"]},
        ),
        *(OpeningHours(weekday=day, opens=time(9), closes=time(18)) for day in range(5)),
        Department(code="front-desk", name={"en": "Front desk", "ko": "민원실"}, is_triage=True),
    )


def save(first: Row, *more: Model) -> Row:
    """Write rows in a transaction of their own; returns the first."""
    with transaction() as session:
        session.add_all([first, *more])
    return first


def number() -> int:
    """Return a number that no other row of this process has."""
    return next(_numbers)


def make_ward(code: str = "", *, geometry: dict[str, Any] | None = None, **columns: Any) -> Ward:
    """Make a ward: without a geometry a square of about 2 km, each east of the one before."""
    place = db.session.scalar(db.select(db.func.count(Ward.id))) or 0
    code = code or f"ward-{number()}"
    west = WEST + place * WARD_SIZE
    columns.setdefault("name", {"en": f"Ward {place + 1}", "ko": f"제{place + 1}동"})
    return save(Ward(code=code, geometry=geometry or square(west, SOUTH, WARD_SIZE), **columns))


def square(west: float, south: float, size: float) -> dict[str, Any]:
    """Return a square in degrees as a GeoJSON polygon."""
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def middle(ward: Ward) -> tuple[float, float]:
    """Return latitude and longitude of the middle of a ward that `square` made."""
    assert ward.geometry
    west, south = ward.geometry["coordinates"][0][0]
    return south + WARD_SIZE / 2, west + WARD_SIZE / 2


def make_department(name: str = "Roads", **columns: Any) -> Department:
    """Make a department that works on cases."""
    columns.setdefault("code", f"{name.lower().replace(' ', '-')}-{number()}")
    return save(Department(name={"en": name, "ko": f"{name}과"}, **columns))


def triage_department() -> Department:
    """Return the department that sorts what comes in."""
    return db.session.scalars(db.select(Department).filter_by(is_triage=True)).one()


def make_category(
    name: str = "Pothole",
    *,
    department: Department | None = None,
    questions: Iterable[Question] = (),
    **columns: Any,
) -> Category:
    """Make a category of complaints, answered within three working days by a department of its own."""
    columns.setdefault("code", f"{name.lower().replace(' ', '-')}-{number()}")
    columns.setdefault("service_time", 3)
    columns.setdefault("service_time_unit", TimeUnit.WORKING_DAYS)
    return save(
        Category(
            name={"en": name, "ko": f"{name} 신고"},
            group_name={"en": "Streets", "ko": "도로"},
            department_id=(department or make_department()).id,
            questions=list(questions),
            **columns,
        )
    )


def question(code: str = "depth", datatype: Datatype = Datatype.STRING, **columns: Any) -> Question:
    """Return an extra question for `make_category`; choices are given as `{key: English name}`.

    `dangers` are the keys of those that say that somebody is in danger.
    """
    choices, dangers = columns.pop("choices", {}), columns.pop("dangers", ())
    columns["choices"] = [
        {"key": key, "name": {"en": name}, **({"danger": True} if key in dangers else {})}
        for key, name in dict(choices).items()
    ]
    columns.setdefault("label", {"en": f"What about the {code}?"})
    return Question(code=code, datatype=datatype, **columns)


def make_account(
    *roles: Role,
    email: str | None = None,
    password: str = "",
    departments: Iterable[Department] = (),
    **columns: Any,
) -> Account:
    """Make an account whose address is proven; roles besides resident, and where they work.

    Signing in needs no password here (`Site.sign_in`); give one (`PASSWORD`) where the form is tested.
    """
    at = clock.now()
    email = f"person{number()}@testford.test" if email is None else email
    columns.setdefault("display_name", f"Person {number()}")
    columns.setdefault("created_at", at)
    account = Account(
        email=email,
        email_verified_at=at if email else None,
        password_hash=QUICK.hash(password) if password else "",
        grants=[RoleGrant(role=role, granted_at=at) for role in roles],
        **columns,
    )
    with transaction() as session:
        session.add(account)
        session.flush()
        if email:
            session.add(
                Identity(kind=IdentityKind.EMAIL, tag=email_tag(email), account_id=account.id, verified_at=at)
            )
        session.add_all(Staff(account_id=account.id, department_id=d.id) for d in departments)
    return account


def email_tag(address: str) -> str:
    """Return the tag under which an address is known."""
    key = identity_key(current_app.extensions["cps_config"].keys_dir)
    return keyed_tag(key, "email", address.lower())


def make_resident(**columns: Any) -> Account:
    """Make an account with no role but resident."""
    return make_account(**columns)


def make_officer(department: Department | None = None, **columns: Any) -> Account:
    """Make an officer of a department, without one of a new one."""
    return make_account(Role.OFFICER, departments=[department or make_department()], **columns)


def make_supervisor(department: Department | None = None, **columns: Any) -> Account:
    """Make a supervisor of a department, without one of a new one."""
    return make_account(Role.SUPERVISOR, departments=[department or make_department()], **columns)


def make_agent(**columns: Any) -> Account:
    """Make an agent of the contact centre, who works in the triage department."""
    return make_account(Role.AGENT, departments=[triage_department()], **columns)


def make_moderator(**columns: Any) -> Account:
    """Make a moderator."""
    return make_account(Role.MODERATOR, **columns)


def make_integrity_officer(**columns: Any) -> Account:
    """Make an integrity officer."""
    return make_account(Role.INTEGRITY_OFFICER, **columns)


def make_administrator(**columns: Any) -> Account:
    """Make an administrator."""
    return make_account(Role.ADMINISTRATOR, **columns)


def make_complaint(
    status: Status = Status.RECEIVED,
    *,
    outcome: Outcome | None = None,
    category: Category | None = None,
    department: Department | None = None,
    ward: Ward | None = None,
    reporter: Account | None = None,
    assignee: Account | None = None,
    at: datetime | None = None,
    message: str = "We looked at it.",
    contact: dict[str, Any] | None = None,
    **columns: Any,
) -> Case:
    """Make a complaint with its story: filed, and moved to `status` where that is not the first one.

    Its PIN is `PIN`, its secret link ends in `secret_of(case)`. `contact` are columns of its contact row.
    """
    at = at or clock.now()
    category = category or make_category(department=department)
    decided = status in DECIDED
    case = Case(
        reference=columns.pop("reference", None) or new_reference(at, ZONE),
        kind=CaseKind.COMPLAINT,
        status=status,
        outcome=(outcome or Outcome.FIXED) if decided else None,
        category_id=category.id,
        department_id=(department or category.department).id,
        reporter_id=reporter.id if reporter else None,
        assignee_id=assignee.id if assignee else None,
        **_place(ward, columns),
        **_times(at, status, columns),
        **{**_words(), **columns},
    )
    case.external_id = case.external_id or case.reference
    case.search_text = case.search_text or _search_text(case)
    with transaction() as session:
        session.add(case)
        session.flush()
        session.add(_contact(case, contact or {}))
        session.add_all(_story(case, at, message))
    return case


def secret_of(case: Case) -> str:
    """Return the secret in the link of a case that `make_complaint` made."""
    return link_secret(case.reference)


def make_event(case: Case, kind: EventKind = EventKind.UPDATED, **columns: Any) -> CaseEvent:
    """Add something that happened to a case, readable at once."""
    at = columns.setdefault("at", clock.now())
    columns.setdefault("public_from", at)
    columns.setdefault("language", "en")
    return save(CaseEvent(case_id=case.id, kind=kind, **columns))


def make_support(case: Case, *accounts: Account) -> None:
    """Let residents back a case, counted as the program counts."""
    with transaction() as session:
        session.add_all(Support(case_id=case.id, account_id=a.id, at=clock.now()) for a in accounts)
        row = session.get_one(Case, case.id)
        row.support_count += len(accounts)


def make_help(resident: Account, helper: Account, scope: HelperScope = HelperScope.FILED) -> HelperConsent:
    """Let one account help another, as both wanted it."""
    now = clock.now()
    named = {"helper_name": "Mina Helping", "scope": scope, "how": ConsentHow.CODE}
    return save(
        HelperConsent(resident_id=resident.id, helper_id=helper.id, asked_at=now, given_at=now, **named)
    )


def make_follow(case: Case, *accounts: Account, pace: Pace | None = Pace.AT_ONCE) -> None:
    """Let residents follow a case who want to hear of what they follow at once; without a pace, as usual."""
    with transaction() as session:
        session.add_all(Follow(case_id=case.id, account_id=a.id, at=clock.now()) for a in accounts)
        for account in accounts if pace else ():
            session.merge(MessageWish(account_id=account.id, topic=Topic.FOLLOWED, pace=pace))


def make_alert(account: Account, wish: Wish, **columns: Any) -> Alert:
    """Let somebody be told what is new; the wish may name a ward that its circle lies in."""
    with transaction():
        alert, _is_new = begin_alert(wish, by=lock_account(account.id), at=clock.now())
        for name, value in columns.items():
            setattr(alert, name, value)
    return alert


def make_way(kind: WayKind = WayKind.SMS, name: str = "city-number", **columns: Any) -> WayIn:
    """Make a way in besides the site, without a secret: nobody can hand anything over by it."""
    return save(WayIn(name=name, kind=kind, **columns))


def make_incoming(way: str = "post", **columns: Any) -> IncomingMessage:
    """Make a mail that was set apart, with its whole in the store."""
    key = f"mail/{secrets.token_hex(16)}.eml"
    current_app.extensions["cps_storage"].put(key, b"Subject: Lamp\n\nIt is out.", "message/rfc822")
    values: dict[str, Any] = {
        "external_id": token()[:64],
        "sender": "minji@example.org",
        "sender_tag": "a" * 64,
        "received_at": clock.now(),
        "entered_at": clock.now(),
        "text": "The lamp is out.",
        "language": "en",
        "state": Incoming.QUARANTINED,
        "reason": Why.TOO_MANY.value,
        "original_key": key,
        **columns,
    }
    return save(IncomingMessage(way=way, **values))


def make_notice(title: str = "No water", *, hours: float = 8, **columns: Any) -> Notice:
    """Make a notice for the whole city that runs from now on for some hours."""
    at = clock.now()
    columns.setdefault("starts_at", at)
    columns.setdefault("ends_at", columns["starts_at"] + timedelta(hours=hours))
    columns.setdefault("text", {"en": "We know. A pipe is being changed.", "ko": "알고 있습니다."})
    return save(Notice(title={"en": title, "ko": f"{title} 안내"}, created_at=at, updated_at=at, **columns))


def make_system(department: Department, **columns: Any) -> OtherSystem:
    """Connect a department to another system, whose services are known; it is asked for nothing."""
    known: dict[str, Any] = {
        "base_url": "https://reports.county.example/open311/v2",
        "services": [
            {"code": "hole", "name": "Potholes", "asks": False, "attributes": []},
            {"code": "lamp", "name": "Street lamps", "asks": False, "attributes": []},
        ],
        "routes": {"*": "hole"},
        "looked_at": clock.now(),
        "run_at": clock.now(),
        **columns,
    }
    return save(OtherSystem(department_id=department.id, **known))


def make_not_arrived(case: Case) -> int:
    """Let a case not have arrived at the system of its department; returns the key of what was sent."""
    now = clock.now()
    system = system_of(case.department_id) or make_system(case.department)
    row = SentCase(case_id=case.id, system_id=system.id, asked_at=now, run_at=now, failed_at=now)
    row.attempts, row.last_error = 1, "refused 400 attribute depth is missing"
    return save(row).id


def make_done_there(case: Case) -> int:
    """Let the system of a case's department say that it is done; returns the key of what was sent."""
    now = clock.now()
    system = system_of(case.department_id) or make_system(case.department, is_on=True)
    times = {"asked_at": now, "run_at": now + timedelta(hours=6), "sent_at": now, "changed_at": now}
    row = SentCase(case_id=case.id, system_id=system.id, stage=Stage.CLOSED, number="26-0815", **times)
    return save(row).id


def make_suspension(start: datetime | None = None, *, hours: float = 9, **columns: Any) -> WorkSuspension:
    """Enter a suspension of work, from now on for some hours."""
    start = start or clock.now()
    columns.setdefault("reason", {"en": "A typhoon.", "ko": "태풍입니다."})
    columns.setdefault("entered_at", clock.now())
    return save(WorkSuspension(starts_at=start, ends_at=start + timedelta(hours=hours), **columns))


def make_reason(code: str = "no-money", *endings: str, is_active: bool = True) -> DeclineReason:
    """Save a reason for a no, in English and Korean; without `endings` for what cannot be done."""
    texts = {"en": f"Reason {code}.", "ko": f"이유 {code}."}
    kept = list(endings or ("cannot-be-done",))
    return save(DeclineReason(code=code, text=texts, endings=kept, ord=number(), is_active=is_active))


def make_routing_rule(
    department: Department | None = None, name: str = "Lamps go elsewhere", **columns: Any
) -> RoutingRule:
    """Save a rule of routing, after all others; without `conditions` it fits every complaint."""
    columns = {"position": number(), "conditions": {}, **columns}
    return save(RoutingRule(name=name, department_id=department.id if department else None, **columns))


def make_template(
    department: Department | None = None, body: str = "Thank you for {reference}.", **columns: Any
) -> ReplyTemplate:
    """Save a reply template, of every department where none is given."""
    columns = {
        "code": f"reply-{number()}",
        "title": {"en": "Thank you"},
        "updated_at": clock.now(),
        **columns,
    }
    key = department.id if department else None
    return save(ReplyTemplate(department_id=key, body={"en": body}, **columns))


def _words() -> dict[str, Any]:
    return {
        "title": f"Hole in the road no. {number()}",
        "body": "There is a deep hole in front of the bakery.",
        "language": "en",
        "channel": Channel.WEB,
    }


def _place(ward: Ward | None, columns: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of the place: in a ward its middle, where no other is given, and always its cell."""
    if ward is not None and "lat" not in columns:
        columns["lat"], columns["lon"] = middle(ward)
    if columns.get("lat") is not None:
        x, y = grid_cell(columns["lat"], columns["lon"], CELL_ZOOM)
        columns.setdefault("cell_x", x)
        columns.setdefault("cell_y", y)
    return {"ward_id": ward.id if ward else None}


def _times(at: datetime, status: Status, columns: dict[str, Any]) -> dict[str, Any]:
    due = columns.pop("due_at", at + timedelta(days=5))
    closed = columns.pop("closed_at", None if status in OPEN else at)
    return {
        "received_at": at,
        "clock_started_at": columns.pop("clock_started_at", at),
        "entered_at": columns.pop("entered_at", at),
        "promised_at": columns.pop("promised_at", due),
        "due_at": due,
        "updated_at": columns.pop("updated_at", at),
        "answered_at": columns.pop("answered_at", closed),
        "closed_at": closed,
    }


def _contact(case: Case, columns: dict[str, Any]) -> CaseContact:
    pin = columns.pop("pin", PIN)
    return CaseContact(
        case_id=case.id,
        secret_hash=hash_secret(secret_of(case)),
        pin_hash=hash_pin(pin, reference=case.reference, key=app_key("case-pin")),
        **{"language": "en", **columns},
    )


def _story(case: Case, at: datetime, message: str) -> list[CaseEvent]:
    common = {"case_id": case.id, "at": at, "public_from": at}
    story = [CaseEvent(kind=EventKind.FILED, status=Status.RECEIVED, actor_id=case.reporter_id, **common)]
    if case.status is not Status.RECEIVED:
        moved = CaseEvent(
            kind=EventKind.MOVED, status=case.status, outcome=case.outcome, message=message, language="en"
        )
        for column, value in common.items():
            setattr(moved, column, value)
        story.append(moved)
    return story


def _search_text(case: Case) -> str:
    from cps.core.search import search_text

    return search_text(case.title, case.body, case.address)


def token() -> str:
    """Return a random token."""
    return secrets.token_urlsafe(24)
