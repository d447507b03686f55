"""The page of supervisors: who has how much, what is late and why, what waits for them, a sample to check."""

from datetime import datetime, time, timedelta
from http import HTTPStatus
from typing import Any

from flask import flash, g, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries as cases
from cps.cases import reference as references
from cps.cases.policy import reach_of
from cps.cases.wording import status_look
from cps.core import clock, i18n
from cps.core.db import transaction
from cps.core.errors import NotVisible, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.rendering import address
from cps.core.security import Can, requires
from cps.departments import queries as departments
from cps.triage.views.desk import bp
from cps.triage.work import queries, services
from cps.triage.work.forms import CheckForm
from cps.triage.work.rules import sample, week_before
from cps.triage.work.views.doubted import photo_parts
from cps.triage.work.wording import AGE_WORDS, causes


@bp.get("/supervisor")
@requires(Can.SUPERVISE)
def supervisor() -> ResponseReturnValue:
    """Show the departments that a supervisor works in, complaints about staff left out."""
    return page()


def page(sent: CheckForm | None = None, about: str = "") -> str:
    """Render the page; with a form that was sent, open and with its errors at what it is about."""
    now, reach = clock.now(), reach_of(current_user)
    ages = queries.ages(reach, now=now)
    late = causes(queries.late_by_cause(reach, now=now))
    return render_template(
        "triage/supervisor.html",
        load=queries.load(reach, now=now),
        late=[_bar(why, number) for why, number in late],
        late_number=sum(number for _why, number in late),
        ages=[_bar(str(words), number) for words, number in zip(AGE_WORDS, ages, strict=True)],
        ages_total=max(1, sum(ages)),
        ends=queries.ends_to_see(reach, current_user.id),
        unclear=queries.count_unclear(reach),
        asked_for_time=queries.asked_for_time(reach),
        answers=queries.answers_to_read(reach),
        doubted=photo_parts(),
        closed=_sample(now),
        week=_start_of_week(now),
        form=CheckForm(formdata=None),
        sent=sent,
        about=about,
        display=references.display,
    )


def _bar(text: str, number: int) -> dict[str, Any]:
    return {"text": text, "value": number, "words": i18n.number(number)}


def _today(now: datetime) -> Any:
    return now.astimezone(g.city.zone).date()


def _start_of_week(now: datetime) -> datetime:
    return datetime.combine(week_before(_today(now)), time(), g.city.zone)


def _sample(now: datetime) -> list[tuple[str, list[Any]]]:
    """Return (department, cases to check), by chance and the same all week long."""
    week = week_before(_today(now))
    chosen = {key for ids in _by_department(now).values() for key in sample(ids, week)}
    names = departments.catalogue().departments
    parts: dict[str, list[Any]] = {}
    for row in queries.to_check(sorted(chosen), week.isoformat()):
        look = status_look(row.status, row.outcome)
        parts.setdefault(localized(names[row.department_id].name), []).append((row, look))
    return list(parts.items())


def _by_department(now: datetime) -> dict[int, list[int]]:
    start = _start_of_week(now)
    end = datetime.combine(start.date() + timedelta(days=7), time(), g.city.zone)
    closed: dict[int, list[int]] = {}
    for case_id, department_id in queries.closed_between(reach_of(current_user), start, end):
        closed.setdefault(department_id, []).append(case_id)
    return closed


@bp.post("/supervisor/<reference:reference>/check")
@requires(Can.SUPERVISE)
def check_closed(reference: str) -> ResponseReturnValue:
    """Keep what was found at a closed case of the sample."""
    form, now = CheckForm(), clock.now()
    week = week_before(_today(now))
    case = cases.get_case(reference)
    if all(case.id not in sample(ids, week) for ids in _by_department(now).values()):
        raise NotVisible(_("This case is not in this week’s sample."))
    if not form.validate():
        return page(form, reference), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction():
            is_new = services.check(cases.lock_case(reference), week, is_good=form.found.data == "good",
                                    note=form.note.data or "", by=current_user, at=now)  # fmt: skip
    except RuleViolation as refusal:
        form.note.errors = [refusal.message]
        return page(form, reference), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Saved.") if is_new else _("Somebody has checked this case already."))
    return redirect(address("triage.supervisor") + "#sample", HTTPStatus.SEE_OTHER)
