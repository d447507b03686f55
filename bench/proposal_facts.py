"""What the jobs need to know of a city's proposals. Chosen by a fixed seed."""

import random
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from cps.cases.models import Case
from cps.cases.rules import CaseKind, Status
from cps.core.db import db
from cps.core.paging import write_key
from cps.departments.models import Category

MANY = 200
STAGE = "answered"
"""The list of which a page in the middle is opened: the one that grows most."""


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """One city's proposals, all of them public."""

    number: int
    open_number: int
    """Of those, how many gather or wait for an answer."""
    references: list[str]
    """Of every age and stage, as they stand in addresses."""
    key_of_the_middle: str
    category: str
    words: str
    """Two words that stand together in some of them."""


def learn_proposals() -> ProposalFacts:
    """Read the facts; needs the application's context."""
    listed = (Case.is_listed, Case.kind == CaseKind.PROPOSAL)
    counted = select(func.count(), func.count().filter(Case.closed_at.is_(None))).where(*listed)
    number, open_number = db.session.execute(counted).one()
    references = db.session.scalars(select(Case.reference).where(*listed).order_by(Case.id)).all()
    title, category = db.session.execute(
        select(Case.title, Category.code)
        .join(Category, Category.id == Case.category_id)
        .where(*listed, Case.language == "en", Case.joined_to_id.is_(None))
        .order_by(Case.id)
        .limit(1)
    ).one()
    chosen = random.Random(3).sample(references, min(MANY, len(references)))
    return ProposalFacts(
        number=number,
        open_number=open_number,
        references=[f"{text[:4]}-{text[4:8]}-{text[8:]}" for text in chosen],
        key_of_the_middle=write_key(_row_in_the_middle(*listed)),
        category=category,
        words=" ".join(sorted(title.split(), key=len)[-2:]),
    )


def _row_in_the_middle(*listed: Any) -> tuple[Any, ...]:
    """Return the key of the row in the middle of the list of answered ones."""
    answered = (*listed, Case.status == Status(STAGE), Case.joined_to_id.is_(None))
    half = (db.session.scalar(select(func.count(Case.id)).where(*answered)) or 0) // 2
    rows = select(Case.closed_at, Case.id).where(*answered).order_by(Case.closed_at.desc(), Case.id.desc())
    return tuple(db.session.execute(rows.offset(half).limit(1)).one())
