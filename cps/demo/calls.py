"""Calls of the demo city: who called, what came of it, whom to call back; the same for the same seed."""

import random
from datetime import timedelta
from typing import Final

from cps.cases.models import Case
from cps.cases.rules import CaseKind, Channel
from cps.contact import services
from cps.contact.rules import Call, Ending
from cps.contact.services import Came, Promise
from cps.core.db import db
from cps.demo import queries
from cps.demo.plan import DOMAIN
from cps.demo.world import World

CODES: Final = (
    ("street", {"en": "Streets and lights", "ko": "도로와 가로등"}),
    ("waste", {"en": "Waste and collection days", "ko": "쓰레기와 수거일"}),
    ("water", {"en": "Water", "ko": "수도"}),
    ("papers", {"en": "Papers and offices", "ko": "서류와 부서"}),
    ("how-it-stands", {"en": "How a case stands", "ko": "민원 진행 상황"}),
    ("else", {"en": "Something else", "ko": "기타"}),
)

CALLERS: Final = (
    ("Sunhee Marsh", "+821055500101", "ko"),
    ("Oskar Quayle", "+821055500102", "en"),
    ("Minjun Harbour", "+821055500103", "ko"),
    ("Ayu Lantern", "+821055500104", "id"),
    ("Rosa Fields", "+821055500105", "es"),
    ("Thanh Kiln", "+821055500106", "vi"),
    ("Grandmother Orchard", "+82595550177", "ko"),
    ("Jun Causeway", "+821055500108", "en"),
)
"""Name, number and language; one has a fixed line, which no text message reaches."""

NOTES: Final = (
    ("waste", Ending.ANSWERED, "Asked when the green bin is emptied."),
    ("papers", Ending.ANSWERED, "Asked which papers to bring for a new parking card."),
    ("water", Ending.ANSWERED, "Brown water: told what the notice says."),
    ("street", Ending.HANDED_OVER, "A crew stands in front of the gate and must move."),
    ("how-it-stands", Ending.INFORMED, ""),
    ("else", Ending.BROKEN_OFF, ""),
)

CONTACTS: Final = 60
SPREAD: Final = timedelta(days=6)


def take(world: World) -> None:
    """Let agents of the demo city take calls over some days, and promise to call back."""
    agent = queries.account(f"agent@{DOMAIN}")
    codes = {
        code: services.save_code(code, name, order=10 * at, by=None, at=world.now).id
        for at, (code, name) in enumerate(CODES)
    }
    chance = random.Random(world.seed)  # noqa: S311 - a made city, not a secret
    cases = _told_cases()
    gaps = sorted(chance.random() for _ in range(CONTACTS))
    for share in gaps:
        name, phone, language = chance.choice(CALLERS)
        code, ending, note = chance.choice(NOTES)
        at = world.now - SPREAD * (1 - share) - timedelta(minutes=1)
        call = Call(
            channel=Channel.COUNTER if chance.random() < 0.15 else Channel.PHONE,
            language=language,
            phone=phone,
            name=name,
            waited_seconds=chance.randrange(5, 150),
        )
        came = Came(
            ending,
            case_id=chance.choice(cases).id if ending is Ending.INFORMED and cases else None,
            department_id=world.departments["roads"].id if ending is Ending.HANDED_OVER else None,
            code_id=codes[code],
            note=note,
        )
        services.record(call, came, by=agent, at=at)
    _promise(world, cases)


def _promise(world: World, cases: list[Case]) -> None:
    """Promise four calls: one is late, one is due soon, one is a department's, one waits for an answer."""
    agent = queries.account(f"agent@{DOMAIN}")
    made = world.now - timedelta(hours=5)
    roads = world.departments["roads"].id
    told = cases[0] if cases else None
    wanted = (
        (CALLERS[1], timedelta(hours=4), "Wants to know whether the market moves on Sunday.", None, None),
        (CALLERS[4], timedelta(hours=7), "Asks which form a street party needs.", None, None),
        (CALLERS[7], timedelta(hours=9), "Offers the key of the yard to the crew.", roads, None),
        (CALLERS[6], timedelta(days=3), "Cannot read text messages: please call.", None, told),
    )
    for (name, phone, language), after, about, department_id, case in wanted:
        call = Call(Channel.PHONE, language, phone=phone, name=name)
        contact = services.record(call, Came(Ending.CALL_BACK, note=about), by=agent, at=made)
        services.promise_call(
            Promise(
                phone=phone,
                due_at=made + after,
                name=name,
                language=language,
                about=about,
                caller_id=contact.caller_id,
                contact_id=contact.id,
                case_id=case.id if case else None,
                department_id=department_id,
                waits_for_answer=case is not None,
            ),
            by=agent,
            at=made,
        )


def _told_cases() -> list[Case]:
    """Return some open complaints that everybody may see."""
    seen = Case.is_listed.is_(True), Case.closed_at.is_(None), Case.kind == CaseKind.COMPLAINT
    return list(db.session.scalars(db.select(Case).where(*seen).order_by(Case.id).limit(10)))
