"""The box and the filters, which live in the address of every page of the desk."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request

from cps.cases import reference as references
from cps.cases.rules import CaseKind, Priority, Status
from cps.core import text
from cps.core.paging import read_key
from cps.core.rendering import address
from cps.departments.catalogue import Catalogue
from cps.triage.queries import KEY, Queue
from cps.triage.rules import AT_DESK, Box
from cps.wards.queries import Areas

LONGEST_WORDS = 200
NO_REFERENCE = "0" * references.LENGTH
FILTERS = ("q", "kind", "status", "category", "department", "ward", "priority")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: only what exists, so that a wrong link shows the whole box."""

    queue: Queue
    values: dict[str, str]
    after: str | None

    @property
    def filters(self) -> dict[str, str]:
        """The filters, without the box and the page."""
        return {name: self.values[name] for name in FILTERS if name in self.values}

    @property
    def whole_box(self) -> dict[str, str]:
        """The box without filters."""
        return {"box": self.queue.box.value}

    def without(self, *names: str) -> dict[str, str]:
        """Return the box and the filters but these, for forms that ask for them."""
        return {name: value for name, value in self.values.items() if name not in names}

    def to_list(self, **changes: str | None) -> str:
        """Return the address of the list, with what is changed; None takes a value away."""
        return address("triage.index", **self._with(changes))

    def to_case(self, reference: str) -> str:
        """Return the address of a case beside the same page of the list."""
        return address("triage.show", reference=reference, **self._with({}))

    def to_cases(self) -> Callable[[str], str]:
        """Return the same as a function for many cases, which builds the address once."""
        before, after = self.to_case(NO_REFERENCE).split(references.display(NO_REFERENCE))
        return lambda reference: f"{before}{references.display(reference)}{after}"

    def to_act(self, act: str, reference: str) -> str:
        """Return the address that takes an act on a case."""
        return address(f"triage.{act}", reference=reference, **self._with({}))

    def _with(self, changes: dict[str, str | None]) -> dict[str, Any]:
        values = {**self.values, "after": self.after, **changes}
        return {name: value for name, value in values.items() if value}


def asked(catalogue: Catalogue, areas: Areas) -> Asked:
    """Read the address of this request."""
    raw = {name: request.args.get(name, "") for name in ("box", *FILTERS)}
    words = text.one_line(raw["q"][: 2 * LONGEST_WORDS])[:LONGEST_WORDS]
    category = catalogue.category(raw["category"])
    department = catalogue.department(raw["department"])
    ward = areas.wards.get(raw["ward"])
    queue = Queue(
        box=Box(raw["box"]) if raw["box"] in list(Box) else Box.NEW,
        words=words,
        kind=CaseKind(raw["kind"]) if raw["kind"] in list(CaseKind) else None,
        status=Status(raw["status"]) if raw["status"] in AT_DESK else None,
        category_id=category.id if category else None,
        department_id=department.id if department else None,
        ward_id=ward.id if ward else None,
        priority=Priority(raw["priority"]) if raw["priority"] in list(Priority) else None,
    )
    values = {
        "box": queue.box.value,
        "q": words,
        "kind": queue.kind or "",
        "status": queue.status or "",
        "category": category.code if category else "",
        "department": department.code if department else "",
        "ward": ward.code if ward else "",
        "priority": queue.priority or "",
    }
    after = request.args.get("after")
    known = read_key(after, *KEY) is not None
    return Asked(queue, {k: str(v) for k, v in values.items() if v}, after if known else None)
