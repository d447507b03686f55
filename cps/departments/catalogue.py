"""Departments, categories and their questions as plain values that pages read; no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cps.departments.rules import CategoryKind, Datatype, Needs, TimeUnit

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KnownDepartment:
    """What pages need of a department."""

    id: int
    code: str
    name: Texts
    about: Texts
    is_triage: bool
    is_active: bool
    phone: str = ""


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question of a category; `choices` and `stops` are as in its row."""

    code: str
    datatype: Datatype
    label: Texts
    help: Texts
    is_required: bool
    choices: list[dict[str, Any]]
    stops: dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class KnownCategory:
    """What pages and filing need of a category, with its department and questions.

    Compared by identity, so that what was made of one can be kept with it.
    """

    id: int
    code: str
    kind: CategoryKind
    group_name: Texts
    name: Texts
    description: Texts
    keywords: Mapping[str, list[str]]
    icon: str
    department_id: int
    department: KnownDepartment
    service_time: int
    service_time_unit: TimeUnit
    acknowledge_hours: int | None
    is_repair: bool
    is_private_by_default: bool
    is_integrity: bool
    is_active: bool
    needs: Needs
    questions: tuple[KnownQuestion, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """All departments and categories by id, in the order in which pages list them.

    Compared by identity, so that what was made of one can be kept with it.
    """

    departments: Mapping[int, KnownDepartment]
    categories: Mapping[int, KnownCategory]

    def offered(self, kind: CategoryKind = CategoryKind.COMPLAINT) -> list[KnownCategory]:
        """Return the active categories of a kind."""
        return [one for one in self.categories.values() if one.is_active and one.kind is kind]

    def offer(self, code: str, kind: CategoryKind = CategoryKind.COMPLAINT) -> KnownCategory | None:
        """Return the category of this code if it is among those offered."""
        return next((one for one in self.offered(kind) if one.code == code), None)

    def about_staff(self) -> list[KnownCategory]:
        """Return the active categories of complaints about staff or corruption."""
        return [one for one in self.offered() if one.is_integrity]

    def category(self, code: str) -> KnownCategory | None:
        """Return the category of this code, also when it is no longer offered."""
        return next((one for one in self.categories.values() if one.code == code), None)

    def department(self, code: str) -> KnownDepartment | None:
        """Return the department of this code, also when it is no longer active."""
        return next((one for one in self.departments.values() if one.code == code), None)
