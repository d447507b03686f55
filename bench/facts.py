"""What the jobs need to know of a city: which cases, filters and words it has. Chosen by a fixed seed."""

import itertools
import random
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bench.proposal_facts import ProposalFacts, learn_proposals
from cps.accounts.models import Account
from cps.cases.models import Case
from cps.cases.rules import CaseKind
from cps.cases.vocabulary import learn_words
from cps.core import clock
from cps.core.db import db
from cps.core.paging import write_key
from cps.departments.models import Category, Department, Staff
from cps.wards.geometry import PlaceKind
from cps.wards.models import Ward
from cps.wards.services import locate

PASSWORD = "try-the-demo-city"
OFFICER = "officer@demo.test"
MANY = 200


@dataclass(frozen=True, slots=True)
class Facts:
    """One city's facts."""

    cases: int
    open_cases: int
    references: list[str]
    """Of listed complaints of every age, as they stand in addresses."""
    own_references: list[str]
    """Of open complaints of the officer's department."""
    department: str
    status: str
    """The status that most open cases of the officer's department have."""
    key_of_the_middle: str
    """Opens the public list at the middle of all complaints."""
    category: str
    ward: str
    words: str
    """Two words that stand together in some complaints."""
    slip: str
    """The same words with two letters of one swapped."""
    area: str
    """Some streets around one of the places, as it stands in addresses."""
    places: list[tuple[float, float]]
    """Where listed complaints are, within a ward."""
    proposals: ProposalFacts

    @property
    def size(self) -> str:
        """How large the city is, in words."""
        return (
            f"{self.cases:,} cases ({self.open_cases:,} open),"
            f" of them {self.proposals.number:,} proposals ({self.proposals.open_number:,} open)"
        )


def learn() -> Facts:
    """Read the facts, and let the city learn its words; needs the application's context."""
    learn_words(clock.now())
    listed = (Case.is_listed, Case.kind == CaseKind.COMPLAINT)
    references = [_in_address(text) for text in db.session.scalars(select(Case.reference).where(*listed))]
    department = db.session.scalars(
        select(Department)
        .join(Staff, Staff.department_id == Department.id)
        .join(Account, Account.id == Staff.account_id)
        .where(Account.email == OFFICER)
    ).one()
    own = (Case.department_id == department.id, Case.closed_at.is_(None), Case.is_integrity.is_(False))
    status = db.session.execute(
        select(Case.status).where(*own).group_by(Case.status).order_by(func.count().desc()).limit(1)
    ).scalar_one()
    middle = _row_at(len(references) // 2)
    example = db.session.execute(
        select(Case.title, Category.code, Ward.code)
        .join(Category, Category.id == Case.category_id)
        .join(Ward, Ward.id == Case.ward_id)
        .where(*listed, Case.language == "en", Case.lat.is_not(None))
        .order_by(Case.id)
        .limit(1)
    ).one()
    words = " ".join(sorted(example[0].split(), key=len)[-2:])
    places = _places()
    return Facts(
        cases=_count(),
        open_cases=_count(Case.closed_at.is_(None)),
        references=random.Random(1).sample(references, min(MANY, len(references))),
        own_references=[
            _in_address(text)
            for text in db.session.scalars(select(Case.reference).where(*own).order_by(Case.id).limit(MANY))
        ],
        department=department.code,
        status=status.value,
        key_of_the_middle=write_key(middle),
        category=example[1],
        ward=example[2],
        words=words,
        slip=_with_slip(words),
        area=_around(*places[0]),
        places=places,
        proposals=learn_proposals(),
    )


def _with_slip(words: str) -> str:
    """Return words with two unlike neighbours swapped inside the last one."""
    start = words.rfind(" ") + 1
    at = next(n for n in range(start + 1, len(words) - 1) if words[n] != words[n + 1])
    return words[:at] + words[at + 1] + words[at] + words[at + 2 :]


def _count(*conditions: object) -> int:
    return db.session.execute(select(func.count(Case.id)).where(*conditions)).scalar_one()  # type: ignore[arg-type]


def _places() -> list[tuple[float, float]]:
    """Return places of cases within a ward; those of copied cases may have been moved over the border."""
    placed = select(Case.lat, Case.lon).where(Case.is_listed, Case.lat.is_not(None), Case.lon.is_not(None))
    rows = db.session.execute(placed.order_by(Case.id)).all()
    some = ((row[0] or 0.0, row[1] or 0.0) for row in random.Random(2).sample(rows, len(rows)))
    return list(itertools.islice((place for place in some if _is_inside(*place)), MANY))


def _around(lat: float, lon: float) -> str:
    return f"{lon - 0.01:.4f},{lat - 0.01:.4f},{lon + 0.01:.4f},{lat + 0.01:.4f}"


def _is_inside(lat: float, lon: float) -> bool:
    found = locate(lat, lon)
    return found is not None and found.kind is PlaceKind.INSIDE


def _row_at(offset: int) -> tuple[datetime, int]:
    row = db.session.execute(
        select(Case.received_at, Case.id)
        .where(Case.is_listed, Case.kind == CaseKind.COMPLAINT)
        .order_by(Case.received_at.desc(), Case.id.desc())
        .offset(offset)
        .limit(1)
    ).one()
    return row[0], row[1]


def _in_address(reference: str) -> str:
    return f"{reference[:4]}-{reference[4:8]}-{reference[8:]}"
