"""The questions of a category: made, changed, looked at, ordered, taken away."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.admin import category_words
from cps.admin.forms.questions import QuestionForm, question_form
from cps.admin.views.categories import bp, get_category, languages
from cps.admin.views.saving import as_seen, save
from cps.cases.queries import answered
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import NotVisible, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.departments import services
from cps.departments.models import Category, Question
from cps.departments.specs import QuestionSpec, code_from
from cps.departments.specs_of import question_spec


@bp.get("/<int:category_id>/questions/new")
@requires(Can.MANAGE_CITY)
def new_question(category_id: int) -> ResponseReturnValue:
    """Ask for a new question."""
    row = get_category(category_id)
    return _page(question_form(languages(), 1)(formdata=None, version=row.version), row, None)


@bp.post("/<int:category_id>/questions/new")
@requires(Can.MANAGE_CITY)
def create_question(category_id: int) -> ResponseReturnValue:
    """Make a question, asked after all others, or only look at it."""
    return _save(category_id, None)


@bp.get("/<int:category_id>/questions/<int:question_id>")
@requires(Can.MANAGE_CITY)
def question(category_id: int, question_id: int) -> ResponseReturnValue:
    """Show a question to change it."""
    row = get_category(category_id)
    found = _get(row, question_id)
    form = question_form(languages(), len(found.choices))(formdata=None, version=row.version)
    form.show(question_spec(found))
    return _page(form, row, found)


@bp.post("/<int:category_id>/questions/<int:question_id>")
@requires(Can.MANAGE_CITY)
def change_question(category_id: int, question_id: int) -> ResponseReturnValue:
    """Change a question, or only look at the change."""
    return _save(category_id, question_id)


@bp.post("/<int:category_id>/questions/<int:question_id>/move")
@requires(Can.MANAGE_CITY)
def move_question(category_id: int, question_id: int) -> ResponseReturnValue:
    """Ask a question one place earlier, or later where the button says so."""
    step = 1 if request.form.get("to") == "down" else -1
    with transaction():
        row = get_category(category_id)
        code = _get(row, question_id).code
        services.move_question(row, code, step, by=current_user.id, at=clock.now())
    flash(_("The order is changed."), "success")
    return redirect(f"{_home(category_id)}#questions", HTTPStatus.SEE_OTHER)


@bp.post("/<int:category_id>/questions/<int:question_id>/remove")
@requires(Can.MANAGE_CITY)
def remove_question(category_id: int, question_id: int) -> ResponseReturnValue:
    """Ask a question no more, where no case answers it."""
    with transaction():
        row = get_category(category_id)
        code = _get(row, question_id).code
        if answered.answered_questions(row.id, [code]):
            raise RuleViolation(_("Cases answer this question, so it stays. Let it not be required instead."))
        services.remove_question(row, code, by=current_user.id, at=clock.now())
    flash(_("The question is gone."))
    return redirect(f"{_home(category_id)}#questions", HTTPStatus.SEE_OTHER)


def _save(category_id: int, question_id: int | None) -> ResponseReturnValue:
    row = get_category(category_id)
    found = _get(row, question_id) if question_id else None
    form = question_form(languages(), _rows_sent())()
    if form.look.data:
        right = form.validate()
        status = HTTPStatus.OK if right else HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(form, row, found, _spec(form, row, found) if right else None), status

    def write() -> None:
        now = get_category(category_id)
        as_seen(form, now.version)
        spec = _spec(form, now, _get(now, question_id) if question_id else None)
        services.save_question(now, spec, by=current_user.id, at=clock.now())

    return save(
        form,
        write,
        again=lambda: _page(form, get_category(category_id), found),
        leads_to=f"{_home(category_id)}#questions",
        done=_("Saved. Residents are asked so from now on."),
    )


def _rows_sent() -> int:
    """Return how many answers the form had, without those that are spare."""
    return max(0, sum(name.startswith("key") for name in request.form) - 2)


def _spec(form: QuestionForm, row: Category, found: Question | None) -> QuestionSpec:
    if found is not None:
        return form.spec(found.code, [choice["key"] for choice in found.choices])
    label = str(form[f"label_{form.languages[0]}"].data)
    return form.spec(code_from(label, {one.code for one in row.questions}, "question"), [])


def _page(
    form: QuestionForm, row: Category, found: Question | None, looked_at: QuestionSpec | None = None
) -> str:
    shown = looked_at or (question_spec(found) if found else None)
    return render_template(
        "admin/question.html",
        form=form,
        spoken=languages(),
        row=row,
        question=found,
        asked=category_words.as_asked([shown]) if shown else [],
        is_changed=looked_at is not None,
    )


def _get(row: Category, question_id: int) -> Question:
    found = next((one for one in row.questions if one.id == question_id), None)
    if found is None:
        raise NotVisible(_("There is no such question."))
    return found


def _home(category_id: int) -> str:
    return url_for(".show", category_id=category_id)
