"""Categories: the list in its order, and one category with its preview, questions, uses and history."""

from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.admin import category_words, history, queries
from cps.admin.forms.base import ordered
from cps.admin.forms.categories import KINDS, CategoryForm, NewCategoryForm, category_form
from cps.admin.views.saving import as_seen, save
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import NotVisible, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.security import Can, requires
from cps.departments import queries as departments
from cps.departments import services
from cps.departments.models import Category
from cps.departments.promising import PromiseTrial, try_promises
from cps.departments.rules import CategoryKind
from cps.departments.specs import CategorySpec
from cps.departments.specs_of import category_spec

bp = Blueprint("categories", __name__, url_prefix="/admin/categories")


@bp.get("")
@requires(Can.MANAGE_CITY)
def index() -> ResponseReturnValue:
    """Show all categories in their order."""
    catalogue = departments.catalogue()
    rows = [
        (one, category_words.promise(one.service_time, one.service_time_unit))
        for one in catalogue.categories.values()
    ]
    parts = [(name, [row for row in rows if row[0].kind is kind]) for kind, name in KINDS.items()]
    return render_template("admin/categories.html", parts=[part for part in parts if part[1]])


@bp.get("/new")
@requires(Can.MANAGE_CITY)
def new() -> ResponseReturnValue:
    """Ask for a new category."""
    return _new_page(_form(is_new=True, empty=True))


@bp.post("/new")
@requires(Can.MANAGE_CITY)
def create() -> ResponseReturnValue:
    """Make a category, listed after all others."""
    form = _form(is_new=True)
    if not isinstance(form, NewCategoryForm):
        raise TypeError
    last = max((row.ord for row in departments.all_categories()), default=0) + 1

    def write() -> None:
        spec = form.new_spec(last)
        if departments.category_by_code(spec.code) is not None:
            raise RuleViolation(_("There is a category with this code already. Choose another code."))
        services.save_category(spec, by=current_user.id, at=clock.now())

    return save(
        form,
        write,
        again=lambda: _new_page(form),
        leads_to=url_for(".index"),
        done=_("The category is made. Residents can choose it now."),
    )


@bp.get("/<int:category_id>")
@requires(Can.MANAGE_CITY)
def show(category_id: int) -> ResponseReturnValue:
    """Show a category: as residents see it, to change it, its questions, what uses it, what was changed."""
    row = get_category(category_id)
    form = _form(empty=True, version=row.version)
    form.show(category_spec(row))
    return _page(form, row)


@bp.post("/<int:category_id>")
@requires(Can.MANAGE_CITY)
def change(category_id: int) -> ResponseReturnValue:
    """Change a category, or only look at the change."""
    form = _form()
    if form.look.data:
        return _look(form, get_category(category_id))

    def write() -> None:
        row = get_category(category_id)
        as_seen(form, row.version)
        services.save_category(form.spec(category_spec(row)), by=current_user.id, at=clock.now())

    return save(
        form,
        write,
        again=lambda: _page(form, get_category(category_id)),
        leads_to=url_for(".show", category_id=category_id),
        done=_("Saved. It holds for cases from now on; dates that were promised stay."),
    )


@bp.post("/<int:category_id>/move")
@requires(Can.MANAGE_CITY)
def move(category_id: int) -> ResponseReturnValue:
    """Put a category one place up, or down where the button says so."""
    step = 1 if request.form.get("to") == "down" else -1
    with transaction():
        services.move_category(category_id, step, by=current_user.id, at=clock.now())
    flash(_("The order is changed."), "success")
    return redirect(f"{url_for('.index')}#category-{category_id}", HTTPStatus.SEE_OTHER)


def get_category(category_id: int) -> Category:
    """Return a category, in use or not; raises NotVisible."""
    row = departments.category(category_id)
    if row is None:
        raise NotVisible(_("There is no such category."))
    return row


def languages() -> tuple[str, ...]:
    """Return the languages of the city, its own first."""
    return ordered(g.city.languages, g.city.default_language)


def _look(form: CategoryForm, row: Category) -> ResponseReturnValue:
    """Show a change as residents would see it; nothing is saved."""
    if not form.validate():
        return _page(form, row), HTTPStatus.UNPROCESSABLE_ENTITY
    before = category_spec(row)
    after = form.spec(before)
    return _page(form, row, after, _tried(row, before, after))


def _tried(row: Category, before: CategorySpec, after: CategorySpec) -> PromiseTrial | None:
    """Return what another service time would have made of last month's promises; None where none differs."""
    times = [(spec.service_time, spec.service_time_unit) for spec in (before, after)]
    if times[0] == times[1] or row.kind is not CategoryKind.COMPLAINT:
        return None
    calendar = departments.working_calendar(g.city.zone)
    return try_promises(
        queries.past_promises(clock.now() - queries.TRIED, row.id),
        lambda past: services.due_at(before, past.came_at, calendar),
        lambda past: services.due_at(after, past.came_at, calendar),
    )


def _form(*, is_new: bool = False, empty: bool = False, version: int | None = None) -> CategoryForm:
    kind = category_form(languages(), is_new=is_new)
    form = kind(formdata=None, version=version) if empty else kind()
    active = [one for one in departments.catalogue().departments.values() if one.is_active]
    form.offer([(one.code, localized(one.name)) for one in active])
    return form


def _new_page(form: CategoryForm) -> str:
    return render_template("admin/category_new.html", form=form, spoken=languages())


def _page(
    form: CategoryForm,
    row: Category,
    looked_at: CategorySpec | None = None,
    trial: PromiseTrial | None = None,
) -> str:
    spec = looked_at or category_spec(row)
    changed = queries.history(["category"], row.code)
    return render_template(
        "admin/category.html",
        form=form,
        spoken=languages(),
        row=row,
        shown=replace(spec, questions=()),
        is_changed=looked_at is not None,
        trial=trial,
        days=queries.TRIED.days,
        asked=category_words.as_asked(spec.questions),
        promise=category_words.promise(spec.service_time, spec.service_time_unit),
        questions=category_spec(row).questions,
        uses=queries.uses_of(row.id, row.code),
        history=history.in_words(
            changed,
            category_words.LABELS,
            show=category_words.shower(departments.catalogue()),
        ),
    )
