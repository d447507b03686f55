"""What narrows the list: the choices of the filter, and what is set as links that take it away."""

from typing import Any

from markupsafe import Markup

from cps.cases.rules import CaseKind
from cps.cases.wording import PRIORITIES, status_look
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import localized
from cps.core.rendering import remembered
from cps.departments.catalogue import Catalogue
from cps.triage.rules import AT_DESK
from cps.triage.views.address import Asked
from cps.wards.queries import Areas

KINDS = {CaseKind.COMPLAINT: _l("Complaints"), CaseKind.PROPOSAL: _l("Proposals")}

_desk_filter = remembered("components/desk.html", "desk_filter", keep=200)


def choices(wanted: Asked, catalogue: Catalogue, areas: Areas, many: bool) -> list[Markup]:
    """Return what can be chosen to narrow the list."""
    offered = {
        "kind": (_("What it is"), [(kind.value, str(word)) for kind, word in KINDS.items()]),
        "status": (_("State"), [(s.value, str(status_look(s).word)) for s in AT_DESK]),
        "category": (_("Category"), [(c.code, localized(c.name)) for c in catalogue.offered()]),
        "ward": (_("Ward"), [(w.code, localized(w.name)) for w in areas.wards.values()]),
        "priority": (_("Priority"), [(p.value, str(word)) for p, word in PRIORITIES.items()]),
    }
    if many:
        named = [(d.code, localized(d.name)) for d in catalogue.departments.values() if d.is_active]
        offered["department"] = (_("Department"), named)
    return [
        _desk_filter(name=name, label=label, choices=tuple(choices), chosen=wanted.filters.get(name, ""))
        for name, (label, choices) in offered.items()
    ]


def chips(wanted: Asked, catalogue: Catalogue, areas: Areas) -> list[dict[str, Any]]:
    """Return the filters that are set, each as a link that takes it away."""
    queue = wanted.queue
    category = catalogue.categories.get(queue.category_id or 0)
    department = catalogue.departments.get(queue.department_id or 0)
    words = {
        "q": f"“{queue.words}”",
        "kind": KINDS[queue.kind] if queue.kind else "",
        "status": status_look(queue.status).word if queue.status else "",
        "category": localized(category.name) if category else "",
        "department": localized(department.name) if department else "",
        "ward": localized(areas.names.get(queue.ward_id or 0)),
        "priority": PRIORITIES[queue.priority] if queue.priority else "",
    }
    return [
        {"text": words[name], "href": wanted.to_list(**{name: None, "after": None}), "removes": True}
        for name in wanted.filters
    ]
