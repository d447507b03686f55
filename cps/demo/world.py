"""The demo city as stories need it: its rows by the codes of the content, its people and its calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cps.demo import people, queries
from cps.demo.people import Staff
from cps.demo.plan import FEWEST_RESIDENTS
from cps.demo.queries import Resident
from cps.demo.shapes import Content
from cps.demo.timing import WorkDays
from cps.departments import queries as departments
from cps.departments.models import Category, Department
from cps.wards import queries as wards


@dataclass(frozen=True, slots=True)
class World:
    """A made city that has no cases yet; `now` is when its making began."""

    content: Content
    seed: int
    now: datetime
    zone: ZoneInfo
    days: WorkDays
    categories: Mapping[str, Category]
    departments: Mapping[str, Department]
    ward_ids: Mapping[str, int]
    staff: Staff
    residents: list[Resident]

    @property
    def signed_in(self) -> list[Resident]:
        """The residents one can sign in as, but for the first, who has cases of their own."""
        return self.residents[1:FEWEST_RESIDENTS]

    @property
    def danger_words(self) -> dict[str, tuple[str, ...]]:
        """The danger words by language."""
        return dict(self.content.danger_words)

    @property
    def department_codes(self) -> dict[int, str]:
        """The code of each department by its id."""
        return {department.id: code for code, department in self.departments.items()}


def read(content: Content, *, seed: int, now: datetime) -> World:
    """Read the made city from the database."""
    zone = ZoneInfo(content.city.zone)
    return World(
        content=content,
        seed=seed,
        now=now,
        zone=zone,
        days=WorkDays(departments.working_calendar(zone)),
        categories={category.code: category for category in departments.categories()},
        departments={department.code: department for department in departments.departments()},
        ward_ids={ward.code: ward.id for ward in wards.wards()},
        staff=people.find_staff(content),
        residents=queries.residents(),
    )
