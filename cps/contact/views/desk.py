"""The first page: one box finds callers, cases, answers and addresses; a number opens its caller."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries as cases
from cps.contact import queries, services
from cps.contact.forms import EndForm, NameForm, ReasonForm
from cps.contact.rules import Asked, AskedKind, Call, Ending, WarningStep, may_limit, read_asked, standing
from cps.contact.views.base import (
    account_of,
    asked_call,
    bp,
    caller_of,
    department_choices,
    filled,
    frame,
    of_caller,
    trace_look,
    values_of,
)
from cps.contact.wording import ENDINGS, STEPS
from cps.core import clock
from cps.core.db import transaction
from cps.core.forms import OnceForm
from cps.core.http import origin_only
from cps.core.i18n import current_language, html_language
from cps.core.i18n import gettext as _
from cps.core.search import LONGEST_QUERY
from cps.core.security import Can, requires
from cps.departments import danger
from cps.knowledge import presenting as answers
from cps.knowledge import queries as knowledge

MOST_ANSWERS, MOST_OFFERED = 5, 3


@bp.get("")
@requires(Can.ANSWER_CALLS)
def index() -> ResponseReturnValue:
    """Show what one box finds; a number, also one that a telephone system opens, leads to its caller."""
    call = asked_call()
    asked = read_asked(request.args.get("q", ""), g.city.country)
    if asked.kind in {AskedKind.CASE, AskedKind.MISTYPED}:
        return _to_case(asked.text, call)
    if asked.kind is AskedKind.PHONE:
        return redirect(url_for(".index", **values_of(call) | {"phone": asked.text}), HTTPStatus.SEE_OTHER)
    if asked.kind is AskedKind.WORDS:
        return _found(asked, call)
    if call.phone or call.caller_id is not None or call.call_ref:
        return caller_page(call)
    return _start(is_wrong="phone" in request.args)


def _start(*, is_wrong: bool) -> str:
    now = clock.now()
    return render_template(
        "contact/start.html",
        is_wrong=is_wrong,
        newest=queries.newest_of_agent(current_user.id, most=8),
        due=queries.waiting()[:5],
        endings=ENDINGS,
        today=queries.of_day_so_far(now, g.city.zone),
        **frame("calls"),
    )


def _to_case(reference: str, call: Call) -> ResponseReturnValue:
    case = cases.find_case(reference)
    if case is None or not queries.may_be_told(case):
        flash(_("There is no case with this number. Read it back to the caller, digit by digit."), "warning")
        return redirect(
            url_for(".index", **values_of(call) | {"typed": request.args["q"]}), HTTPStatus.SEE_OTHER
        )
    return redirect(url_for(".case", reference=reference, **values_of(call)), HTTPStatus.SEE_OTHER)


def _found(asked: Asked, call: Call) -> str:
    return render_template(
        "contact/found.html",
        words=asked.text,
        call=call,
        form=OnceForm(),
        callers=queries.callers_called(asked.text) if call.caller_id is None else [],
        cases=queries.near_words(asked.text),
        answers=_answers(asked.text),
        **frame("calls"),
    )


@bp.post("/answers/offered")
@requires(Can.ANSWER_CALLS)
@origin_only
def offered() -> ResponseReturnValue:
    """Give what may answer the words that an agent types just now: a piece of a page, for its script.

    It comes by POST, so that what a caller tells stands in no address and no log; nothing is changed.
    """
    words = request.form.get("title", "")[:LONGEST_QUERY]
    return {
        "piece": render_template(
            "contact/answers.html",
            answers=_offers(words, is_case="inside" in request.args),
            call=asked_call(),
            form=OnceForm(formdata=None),
            found=False,
            inside="inside" in request.args,
        ).strip()
    }


def _offers(words: str, *, is_case: bool) -> list[answers.AnswerCard]:
    """Return what may answer a search, or the words of a case: nothing where somebody may be in danger."""
    if danger.in_words(words, g.city.danger_words):
        return []
    if is_case:
        rows = knowledge.offered(words, day=_today(), language=html_language(current_language()))
        return answers.cards(rows, whole=True)
    is_search = read_asked(words, g.city.country).kind is AskedKind.WORDS
    return _answers(words, most=MOST_OFFERED) if is_search else []


def _answers(words: str, *, most: int = MOST_ANSWERS) -> list[answers.AnswerCard]:
    found = knowledge.answers(words, day=_today(), language=html_language(current_language()), most=most)
    return answers.cards(found.rows, whole=True)


def _today() -> date:
    return clock.now().astimezone(g.city.zone).date()


def caller_page(call: Call, *, end: EndForm | None = None, reason: ReasonForm | None = None) -> str:
    """Render who calls: their cases, what they called about before, what can be done now."""
    now = clock.now()
    caller = caller_of(call)
    call = of_caller(call, caller)
    account_id = account_of(call.phone)
    trace_look(account_id, now)
    ends = end or EndForm(formdata=None)
    if end is None:
        filled(ends, call)
    ends.offer_codes(queries.codes())
    ends.offer_departments(department_choices())
    return render_template(
        "contact/caller.html",
        call=call,
        who=caller,
        has_account=account_id is not None,
        cases=queries.cases_of(call.caller_id, call.phone, account_id),
        contacts=queries.contacts_of(caller.id) if caller else [],
        call_backs=queries.call_backs_of(caller.id) if caller else [],
        endings=ENDINGS,
        end=ends,
        ending_values=Ending,
        name_form=NameForm(formdata=None, name=call.name),
        **_of_warnings(caller.id if caller else None, now, reason),
        **frame("calls"),
    )


def _of_warnings(caller_id: int | None, now: datetime, reason: ReasonForm | None) -> dict[str, Any]:
    steps = queries.warnings_of(caller_id) if caller_id else []
    found = standing(steps, now)
    return {
        "warnings": steps,
        "standing": found,
        "is_limited": found is not None and found.step is WarningStep.LIMITED,
        "may_limit": may_limit(steps, now),
        "step_words": STEPS,
        "reason": reason or ReasonForm(formdata=None),
    }


@bp.post("/callers/<int:caller_id>/name")
@requires(Can.ANSWER_CALLS)
def rename(caller_id: int) -> ResponseReturnValue:
    """Correct the name of a caller."""
    form = NameForm()
    if form.validate():
        with transaction():
            services.name_caller(queries.lock_caller(caller_id), form.name.data or "")
        flash(_("The name is corrected."))
    else:
        flash(form.problems()[0][1], "warning")
    return redirect(url_for(".index", caller=caller_id), HTTPStatus.SEE_OTHER)
