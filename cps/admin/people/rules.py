"""What somebody of the staff may be, and where; who may change it; no Flask, no database."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from cps.accounts.rules import Role

IN_DEPARTMENTS = frozenset({Role.OFFICER, Role.SUPERVISOR, Role.AGENT})
"""Roles that mean nothing without a department."""

INVITED_FOR = timedelta(days=7)
EXPIRED_KEPT = timedelta(days=30)
MOST_INVITATIONS = 200
LOOKED_UP = "account-found"
"""How it stands in the access log that an administrator found an account by its address or number."""

LOOK_LASTS = timedelta(minutes=30)
"""So long the page of a resident's account opens to who looked it up."""


class Fault(StrEnum):
    """Why roles and departments cannot be so."""

    NO_ROLE = "no-role"
    NO_DEPARTMENT = "no-department"
    OWN_ADMINISTRATION = "own-administration"
    OWN_INTEGRITY = "own-integrity"


@dataclass(frozen=True, slots=True)
class Access:
    """Roles besides resident, and the codes of the departments in which somebody works."""

    roles: frozenset[Role] = frozenset()
    departments: frozenset[str] = frozenset()

    @property
    def tidy(self) -> "Access":
        """The same without departments where no role works in one."""
        return self if self.roles & IN_DEPARTMENTS else Access(self.roles)


def fault_in(before: Access, wanted: Access, *, is_own: bool) -> Fault | None:
    """Return why somebody's access cannot become what is wanted; None where it can.

    Nobody takes away their own administrator's role, or lets themselves read complaints about staff.
    """
    if wanted.roles & IN_DEPARTMENTS and not wanted.departments:
        return Fault.NO_DEPARTMENT
    if is_own and Role.ADMINISTRATOR in before.roles - wanted.roles:
        return Fault.OWN_ADMINISTRATION
    if is_own and Role.INTEGRITY_OFFICER in wanted.roles - before.roles:
        return Fault.OWN_INTEGRITY
    return None
