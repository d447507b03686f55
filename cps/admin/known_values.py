"""Values of audit rows as people know them: departments, people and roles by their names."""

from typing import Any

from cps.accounts.queries import names_of
from cps.accounts.rules import Role
from cps.accounts.wording import ROLE_NAMES
from cps.admin.exports.wording import EXPORTS
from cps.admin.imports.wording import KINDS as FILES
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.departments import queries as departments


def known_value(field: str, value: Any) -> Any:
    """Return the value of a field as people know it; what has no name stays as it is."""
    catalogue = departments.catalogue()
    if field in {"department_id", "successor_id"} and value in catalogue.departments:
        return localized(catalogue.departments[value].name)
    if field == "department" and isinstance(value, str) and (found := catalogue.department(value)):
        return localized(found.name)
    if field in {"account_id", "officer_id"} and isinstance(value, int):
        return names_of([value]).get(value, _("a deleted account"))
    if field == "imported" and value in list(FILES):
        return str(FILES[value].title)
    if field == "exported" and value in EXPORTS:
        return str(EXPORTS[value])
    if field == "role":
        return [_role(one) for one in value] if isinstance(value, list) else _role(value)
    return value


def _role(value: Any) -> Any:
    return str(ROLE_NAMES[Role(value)]) if value in list(Role) else value
