"""What the pages of an act on many cases show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask_login import current_user

from cps.cases import reference as references
from cps.cases.wording import PRIORITIES, status_look
from cps.core import clock
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.departments import queries as departments
from cps.triage.queries import names_of
from cps.triage.views.address import Asked
from cps.triage.work import queries
from cps.triage.work.models import DeskAct
from cps.triage.work.rules import BulkAct, CaseState, Wanted
from cps.triage.work.wording import ACTS, why_in_words

SHOWN = 10
"""Cases that a page names; of more it says how many."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Cases that are left out for one reason."""

    why: str
    number: int
    cases: Sequence[Any]


def selected(act: DeskAct, wanted: Asked) -> dict[str, Any]:
    """Return what every page of an act has in common: what was selected and where it leads."""
    counts = queries.count_parts(act.id)
    return {
        "act": act,
        "asked": wanted,
        "selected": sum(counts.values()),
        "counts": {state.value: counts.get(state, 0) for state in CaseState},
        "display": references.display,
    }


def preview(act: DeskAct, asked: Asked) -> str:
    """Render what will happen to how many, which are skipped and why, and the message they read."""
    wanted = Wanted.of_json(act.wanted)
    return render_template(
        "triage/bulk_preview.html",
        **selected(act, asked),
        what=ACTS[wanted.act],
        to=_to(wanted),
        wanted=wanted,
        changed=queries.shown_parts(act.id, [CaseState.WAITING], current_user, limit=SHOWN),
        left_out=_left_out(act.id, CaseState.SKIPPED),
    )


def result(act: DeskAct, asked: Asked) -> str:
    """Render what became of it, with the button that undoes it as long as that is possible."""
    wanted, now = Wanted.of_json(act.wanted), clock.now()
    can_undo = act.undone_at is None and act.public_from is not None and now < act.public_from
    return render_template(
        "triage/bulk_result.html",
        **selected(act, asked),
        what=ACTS[wanted.act],
        to=_to(wanted),
        done=queries.shown_parts(act.id, [CaseState.DONE, CaseState.UNDONE], current_user, limit=SHOWN),
        left_out=_left_out(act.id, CaseState.SKIPPED),
        kept=_left_out(act.id, CaseState.KEPT),
        seconds=(act.public_from - now).total_seconds() if can_undo and act.public_from else 0,
    )


def _left_out(act_id: int, state: CaseState) -> list[LeftOut]:
    return [
        LeftOut(
            why_in_words(why),
            number,
            queries.shown_parts(act_id, [state], current_user, why=why, limit=SHOWN),
        )
        for why, number in queries.count_reasons(act_id, state)
    ]


def _to(wanted: Wanted) -> str:
    """Return where the act leads, in words."""
    known = departments.catalogue()
    if wanted.act is BulkAct.ASSIGN:
        given = wanted.to_account
        return names_of([given]).get(given, "") if given is not None else _("Nobody: back to the department")
    if wanted.category_id is not None:
        return localized(known.categories[wanted.category_id].name)
    if wanted.department_id is not None:
        return localized(known.departments[wanted.department_id].name)
    if wanted.priority is not None:
        return str(PRIORITIES[wanted.priority])
    if wanted.status is not None:
        return str(status_look(wanted.status, wanted.outcome).word)
    into = queries.cases_by_id([wanted.into_id]) if wanted.into_id is not None else {}
    return "".join(
        f"{references.display(case.reference)} · {case.title}"
        for case in into.values()
        if not case.is_integrity
    )
