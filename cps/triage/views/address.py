"""The box, the filters and the order, which live in the address of every page of the desk."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, request
from flask_login import current_user

from cps.cases import reference as references
from cps.cases.queries.addresses import place_called
from cps.core.paging import read_key
from cps.core.rendering import address
from cps.departments.catalogue import Catalogue
from cps.triage import queries
from cps.triage.queries.orders import order_of
from cps.triage.reading import ADDRESS, FILTERS, Here, read
from cps.triage.rules import first_box
from cps.triage.wanted import Queue
from cps.wards.queries import Areas

NO_REFERENCE = "0" * references.LENGTH


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: only what exists, and a sentence for each value that does not."""

    queue: Queue
    values: dict[str, str]
    after: str | None
    problems: tuple[str, ...] = ()

    @property
    def filters(self) -> dict[str, str]:
        """The filters, without the box, the order and the page."""
        return {name: self.values[name] for name in FILTERS if name in self.values}

    @property
    def whole_box(self) -> dict[str, str]:
        """The box without filters."""
        return {"box": self.queue.box.value}

    def without(self, *names: str) -> dict[str, str]:
        """Return everything asked for but these, for forms that ask for them."""
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
        return address(f"triage.{act.replace('-', '_')}", reference=reference, **self._with({}))

    def to_filters(self) -> str:
        """Return the address of the page with every filter, filled with these."""
        return address("triage.filters", **self.values)

    def to(self, endpoint: str, **values: Any) -> str:
        """Return the address of another page of the desk, which leads back to the same page of the list."""
        return address(endpoint, **values, **self._with({}))

    def _with(self, changes: dict[str, str | None]) -> dict[str, Any]:
        values = {**self.values, "after": self.after, **changes}
        return {name: value for name, value in values.items() if value}


def asked(catalogue: Catalogue, areas: Areas) -> Asked:
    """Read the address of this request; the bare address of the desk shows what its owner begins with."""
    given: Mapping[str, str] = request.args
    if not any(name in given for name in ADDRESS) and request.endpoint == "triage.index":
        given = queries.start_of(current_user)
    found = read(given, here(catalogue, areas), usual=first_box(current_user.roles))
    after = request.args.get("after")
    known = read_key(after, *order_of(found.queue).key_types) is not None
    return Asked(found.queue, found.values, after if known else None, found.problems)


def here(catalogue: Catalogue, areas: Areas) -> Here:
    """Return what names mean in this city."""
    return Here(catalogue, areas, g.city.zone, place_called)
