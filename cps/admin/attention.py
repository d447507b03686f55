"""What administrators should look at first: facts that are cheap to ask and that somebody must act on."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cps.accounts import queries as accounts
from cps.accounts.rules import Role
from cps.admin.offices import queries as offices
from cps.admin.offices.queries import Count
from cps.admin.people import queries as people
from cps.core import leases, offline
from cps.core.i18n import gettext as _
from cps.core.i18n import localized, ngettext
from cps.core.models import Job, OutboxFact
from cps.departments import queries as departments
from cps.notifications import queries as messages
from cps.open311.outgoing import queries as systems
from cps.open311.outgoing.wording import trouble_words


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing to look at: what is so, and the page where it is mended (an endpoint and its values)."""

    text: str
    endpoint: str
    values: Mapping[str, int] = field(default_factory=dict)


def found(at: datetime) -> list[Attention]:
    """Return what to look at, what residents feel first."""
    looks: tuple[Callable[[], Iterator[Attention]], ...] = (
        lambda: _work(at),
        lambda: _mail(at),
        _systems,
        _categories,
        _departments,
        _administrators,
        lambda: _invitations(at),
    )
    return [one for look in looks for one in look()]


def _work(at: datetime) -> Iterator[Attention]:
    """Work that nobody does: no worker runs, or some failed for good."""
    known = [leases.counts(table, at=at) for table in (OutboxFact, Job)]
    if any(one.late for one in known):
        text = _(
            "Work is late: mail and dates may stand still. Whoever runs the server should start a worker."
        )
        yield Attention(text, "deliveries.show")
    if number := sum(one.failed for one in known):
        text = ngettext(
            "%(num)s piece of work failed for good. Tell whoever runs the server.",
            "%(num)s pieces of work failed for good. Tell whoever runs the server.",
            number,
        )
        yield Attention(text, "deliveries.show")


def _mail(at: datetime) -> Iterator[Attention]:
    config = offline.settings()
    if config.is_production and config.smtp_url is None:
        yield Attention(_("No mail leaves: no server for it is set."), "previews.index")
    if number := messages.counts(at).failed:
        text = ngettext("%(num)s message did not arrive.", "%(num)s messages did not arrive.", number)
        yield Attention(text, "deliveries.show")


def _systems() -> Iterator[Attention]:
    """Systems of departments that are in trouble, and cases that did not arrive there."""
    for system, department, number in systems.troubles():
        name, values = localized(department.name), {"department_id": department.id}
        if number:
            text = ngettext(
                "%(num)s case did not arrive at the system of “%(name)s”.",
                "%(num)s cases did not arrive at the system of “%(name)s”.",
                number,
                name=name,
            )
        else:
            text = _("The system of “%(name)s” does not answer: %(why)s", name=name,
                     why=trouble_words(system.trouble))  # fmt: skip
        yield Attention(text, "open311_systems.show", values)


def _categories() -> Iterator[Attention]:
    known = [one for one in departments.catalogue().categories.values() if one.is_active]
    if not known:
        yield Attention(_("There is no category, so nobody can report anything."), "categories.index")
    for one in known:
        if not one.department.is_active:
            text = _("“%(name)s” leads to a department that is closed.", name=localized(one.name))
            yield Attention(text, "categories.show", {"category_id": one.id})


def _departments() -> Iterator[Attention]:
    """Departments that have work and nobody to do it, or nobody who is told what is late."""
    counts, without_head = offices.counts(), []
    for one in departments.catalogue().departments.values():
        count, name = counts.get(one.id, Count()), localized(one.name)
        if not one.is_active or not (count.categories or count.open_cases or one.is_triage):
            continue
        if not count.staff:
            text = _("Nobody works in “%(name)s”.", name=name)
            yield Attention(text, "offices.show", {"department_id": one.id})
        elif not count.supervisors and not one.is_triage:
            without_head.append(name)
    if without_head:
        yield Attention(_("Nobody supervises: %(names)s.", names=", ".join(without_head)), "offices.index")


def _administrators() -> Iterator[Attention]:
    if accounts.count_with_role(Role.ADMINISTRATOR) == 1:
        text = _("You are the only administrator. Invite a second one, for the day you are ill.")
        yield Attention(text, "people.invite")
    if not accounts.count_with_role(Role.INTEGRITY_OFFICER):
        yield Attention(_("Nobody reads complaints about staff. Give somebody the role."), "people.index")


def _invitations(at: datetime) -> Iterator[Attention]:
    if number := people.count_ended(at):
        text = ngettext(
            "%(num)s invitation ended before it was accepted.",
            "%(num)s invitations ended before they were accepted.",
            number,
        )
        yield Attention(text, "people.index")
