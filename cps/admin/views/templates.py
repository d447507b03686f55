"""Reply templates: the list, and one template with its preview for a real case."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.admin import history, queries
from cps.admin.forms.templates import TemplateForm, template_form
from cps.admin.views.categories import languages
from cps.admin.views.saving import code_for, save
from cps.cases.reference import display
from cps.core import clock
from cps.core.errors import NotVisible
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.i18n import localized
from cps.core.security import Can, requires
from cps.departments import queries as departments
from cps.departments import services
from cps.departments.models import ReplyTemplate
from cps.departments.placeholders import PLACEHOLDERS
from cps.departments.specs import TemplateSpec
from cps.triage import replies
from cps.wards import queries as wards

bp = Blueprint("templates", __name__, url_prefix="/admin/templates")

LABELS = {
    "title": _l("Name"),
    "body": _l("Words"),
    "department_id": _l("Department"),
    "category_id": _l("Category"),
    "move": _l("When it is offered"),
    "is_active": _l("In use"),
}


@bp.get("")
@requires(Can.MANAGE_CITY)
def index() -> ResponseReturnValue:
    """Show every template with what it is for."""
    rows = [(row, _what_for(row)) for row in departments.all_templates()]
    return render_template("admin/templates.html", rows=rows)


@bp.get("/new")
@requires(Can.MANAGE_CITY)
def new() -> ResponseReturnValue:
    """Ask for a new template."""
    return _page(_offered(template_form(languages())(formdata=None)), None)


@bp.post("/new")
@requires(Can.MANAGE_CITY)
def create() -> ResponseReturnValue:
    """Make a template, or only look at it."""
    return _save(None)


@bp.get("/<int:template_id>")
@requires(Can.MANAGE_CITY)
def template(template_id: int) -> ResponseReturnValue:
    """Show a template to change it."""
    row = _get(template_id)
    form = _offered(template_form(languages())(formdata=None, version=row.version))
    form.show(_spec(row))
    return _page(form, row)


@bp.post("/<int:template_id>")
@requires(Can.MANAGE_CITY)
def change(template_id: int) -> ResponseReturnValue:
    """Change a template, or only look at the change."""
    return _save(template_id)


def _save(template_id: int | None) -> ResponseReturnValue:
    form = _offered(template_form(languages())())
    row = _get(template_id) if template_id else None
    if form.look.data:
        right = form.validate()
        status = HTTPStatus.OK if right else HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(form, row, form.spec("preview") if right else None), status

    def write() -> None:
        row = _get(template_id) if template_id else None
        words = str(form[f"title_{languages()[0]}"].data)
        code = code_for(form, row, words=words, others=departments.all_templates, kind="reply")
        services.save_template(form.spec(code), by=current_user.id, at=clock.now())

    return save(
        form,
        write,
        again=lambda: _page(form, _get(template_id) if template_id else None),
        leads_to=url_for(".index"),
        done=_("Saved. Officers can use it from now on."),
    )


def _page(form: TemplateForm, row: ReplyTemplate | None, looked_at: TemplateSpec | None = None) -> str:
    spec = looked_at or (_spec(row) if row else None)
    changed = queries.history(["template"], row.code) if row else ()
    return render_template(
        "admin/template.html",
        form=form,
        spoken=languages(),
        row=row,
        is_changed=looked_at is not None,
        preview=_preview(spec) if spec else None,
        placeholders=PLACEHOLDERS,
        history=history.in_words(changed, LABELS, show=_value),
    )


def _preview(spec: TemplateSpec) -> dict[str, Any] | None:
    """Return the words of a template for the newest public case that it is for; None where there is none."""
    catalogue = departments.catalogue()
    department = catalogue.department(spec.department or "")
    category = catalogue.category(spec.category or "")
    case = queries.newest_case(
        department_id=department.id if department else None, category_id=category.id if category else None
    )
    if case is None:
        return None
    row = ReplyTemplate(title=dict(spec.title), body=dict(spec.body))
    return {
        "reference": display(case.reference),
        "words": replies.filled(row, case, catalogue, wards.areas()),
    }


def _offered(form: TemplateForm) -> TemplateForm:
    catalogue = departments.catalogue()
    form.offer(
        [(one.code, localized(one.name)) for one in catalogue.departments.values()],
        [(one.code, localized(one.name)) for one in catalogue.offered()],
        list(replies.move_words().items()),
    )
    return form


def _spec(row: ReplyTemplate) -> TemplateSpec:
    catalogue = departments.catalogue()
    department = catalogue.departments.get(row.department_id or 0)
    category = catalogue.categories.get(row.category_id or 0)
    return TemplateSpec(
        code=row.code,
        title=row.title,
        body=row.body,
        department=department.code if department else None,
        category=category.code if category else "",
        move=row.move,
        is_active=row.is_active,
    )


def _what_for(row: ReplyTemplate) -> str:
    """Return for what a template is, in one line."""
    named = [_value(name, getattr(row, name)) for name in ("category_id", "department_id", "move")]
    return " · ".join(part for part in named if part) or _("Every department, every time")


def _value(field: str, value: Any) -> Any:
    """Return a value of a template as people know it."""
    catalogue = departments.catalogue()
    if field == "department_id" and value:
        return localized(catalogue.departments[value].name)
    if field == "category_id" and value:
        return localized(catalogue.categories[value].name)
    return replies.move_words().get(value, value) if field == "move" else value


def _get(template_id: int) -> ReplyTemplate:
    row = departments.template(template_id)
    if row is None:
        raise NotVisible(_("There is no such template."))
    return row
