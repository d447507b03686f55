"""The editors' pages: all articles, one with its texts and history, and moving it on."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.security import Can, allows, requires
from cps.departments import queries as departments
from cps.knowledge import presenting, prose, queries, services
from cps.knowledge.forms import FactsForm, MoveForm, ReviewedForm
from cps.knowledge.models import Article
from cps.knowledge.policy import WRITERS
from cps.knowledge.queries import Worked
from cps.knowledge.rules import AUTHORS_PUBLISH, ArticleStatus, Move, is_out_of_date, moves_from
from cps.knowledge.views.base import bp, today

SEE_OTHER, UNPROCESSABLE = HTTPStatus.SEE_OTHER, HTTPStatus.UNPROCESSABLE_ENTITY
NEXT_REVIEW = timedelta(days=180)
"""So far ahead the next reading of an article is proposed."""

OF_WRITERS = frozenset({Move.SEND, Move.RESUME})
"""Moves that need nobody who publishes."""


@bp.get("/edit")
@requires(Can.EDIT_ANSWERS)
def edit_list() -> ResponseReturnValue:
    """List all articles, those of one status, due for review, or with translations that are behind."""
    shows, words = request.args.get("shows", ""), request.args.get("q", "").strip()[:100]
    after = request.args.get("after")
    page = queries.worked(_asked(shows, words), after=after)
    counts, due = queries.count_by_status(today())
    kept: dict[str, Any] = {name: value for name, value in (("shows", shows), ("q", words)) if value}
    return render_template(
        "knowledge/edit_list.html",
        rows=page.rows,
        looks=presenting.STATUS_LOOKS,
        shows=shows,
        words=words,
        counts={status: counts.get(status, 0) for status in ArticleStatus},
        due=due,
        today=today(),
        next_address=url_for(".edit_list", after=page.next_key, **kept) if page.next_key else None,
        first_address=url_for(".edit_list", **kept) if after else None,
    )


def _asked(shows: str, words: str) -> Worked:
    return Worked(
        status=next((one for one in ArticleStatus if one.value == shows), None),
        words=words,
        due_by=today() if shows == "due" else None,
        is_behind=shows == "behind",
    )


@bp.get("/edit/<int:article_id>")
@requires(Can.EDIT_ANSWERS)
def edit(article_id: int) -> ResponseReturnValue:
    """Show an article to its editors: texts, what can be done, facts, history."""
    return _article_page(queries.get(article_id))


def _article_page(article: Article, *, facts: FactsForm | None = None, moved: MoveForm | None = None) -> str:
    texts = queries.texts_of(article.id)
    own = texts[article.language]
    languages = dict.fromkeys((article.language, *g.city.languages, *texts))
    next_on = today() + NEXT_REVIEW
    return render_template(
        "knowledge/edit.html",
        article=article,
        own=own,
        parts=prose.read(own.body),
        look=presenting.STATUS_LOOKS[article.status],
        texts=[(code, presenting.language_name(code), texts.get(code)) for code in languages],
        behind={code for code, one in texts.items() if is_out_of_date(one.of_edition, own.edition)},
        facts=facts or _facts_form(article),
        move_form=moved or MoveForm(formdata=None, data={"version": article.version}),
        moves=_moves(article),
        needs_other=_needs_other(article),
        may_publish=allows(current_user, Can.PUBLISH_ANSWERS),
        reviewed=ReviewedForm(formdata=None, data={"version": article.version, "next_on": next_on}),
        helped=queries.helped(article.id),
        story=queries.story(article.id),
        happened=presenting.HAPPENED,
        today=today(),
    )


def _moves(article: Article) -> list[tuple[str, str, str]]:
    """Return (move, words, icon) of what this editor may do now, what leads on first."""
    open_to = [
        move
        for move in moves_from(article.status)
        if (move in OF_WRITERS or allows(current_user, Can.PUBLISH_ANSWERS))
        and not (move is Move.PUBLISH and _needs_other(article))
    ]
    order = (Move.PUBLISH, Move.SEND, Move.RESUME, Move.RETURN, Move.RETIRE)
    words = presenting.MOVE_WORDS
    return [(one.value, str(words[one][0]), words[one][1]) for one in sorted(open_to, key=order.index)]


def _needs_other(article: Article) -> bool:
    """Say whether somebody else has to publish it, because this editor wrote a part of it."""
    if article.status is not ArticleStatus.IN_REVIEW or g.city.settings.get(AUTHORS_PUBLISH):
        return False
    return current_user.id in queries.writers_since_published(article.id)


def _facts_form(article: Article | None = None) -> FactsForm:
    """Return the form with what can be chosen: as an article has it, or as it was sent."""
    catalogue = departments.catalogue()
    form = FactsForm(formdata=None, obj=article) if article is not None else FactsForm()
    if article is not None:
        category = catalogue.categories.get(article.category_id or 0)
        department = catalogue.departments.get(article.department_id or 0)
        form.category.data = category.code if category else ""
        form.department.data = department.code if department else ""
        form.owner.data = str(article.owner_id or "")
    form.offer(
        [(one.code, localized(one.name)) for one in catalogue.categories.values()],
        [(one.code, localized(one.name)) for one in catalogue.departments.values()],
        [(str(key), name) for key, name in queries.names_of_roles(WRITERS)],
    )
    return form


@bp.post("/edit/<int:article_id>/facts")
@requires(Can.EDIT_ANSWERS)
def set_facts(article_id: int) -> ResponseReturnValue:
    """Set category, department, owner, validity and review date."""
    form, catalogue = _facts_form(), departments.catalogue()
    if not form.validate():
        return _article_page(queries.get(article_id), facts=form), UNPROCESSABLE
    facts = form.facts(
        {one.code: key for key, one in catalogue.categories.items()},
        {one.code: key for key, one in catalogue.departments.items()},
    )
    try:
        with transaction():
            article = queries.lock(article_id, version=form.version.data)
            _refuse_writers_what_is_read(article)
            services.set_facts(article, facts, by=current_user, at=clock.now())
    except RuleViolation as error:
        form.form_errors.append(error.message)
        return _article_page(queries.get(article_id), facts=form), UNPROCESSABLE
    flash(_("Saved."))
    return redirect(url_for(".edit", article_id=article_id), SEE_OTHER)


def _refuse_writers_what_is_read(article: Article) -> None:
    if article.published_at is not None and not allows(current_user, Can.PUBLISH_ANSWERS):
        raise RuleViolation(_("Readers see this article. A supervisor changes where and how long it stands."))


@bp.post("/edit/<int:article_id>/<code:step>")
@requires(Can.EDIT_ANSWERS)
def move(article_id: int, step: str) -> ResponseReturnValue:
    """Move an article on: send, return, publish, retire, resume."""
    way = next((one for one in Move if one.value == step), None)
    if way is None or (way not in OF_WRITERS and not allows(current_user, Can.PUBLISH_ANSWERS)):
        abort(HTTPStatus.NOT_FOUND)
    form = MoveForm()
    try:
        _move(article_id, way, form)
    except RuleViolation as error:
        form.form_errors.append(error.message)
    if form.errors:
        return _article_page(queries.get(article_id), moved=form), UNPROCESSABLE
    flash(_("Done."))
    return redirect(url_for(".edit", article_id=article_id), SEE_OTHER)


def _move(article_id: int, way: Move, form: MoveForm) -> None:
    if not form.validate():
        return
    may = bool(g.city.settings.get(AUTHORS_PUBLISH))
    message = form.message.data or ""
    with transaction():
        article = queries.lock(article_id, version=form.version.data)
        services.move(article, way, by=current_user, at=clock.now(), message=message, authors_may=may)


@bp.post("/edit/<int:article_id>/reviewed")
@requires(Can.PUBLISH_ANSWERS)
def reviewed(article_id: int) -> ResponseReturnValue:
    """Note that an article was read and is right."""
    form = ReviewedForm()
    with transaction():
        article = queries.lock(article_id, version=form.version.data)
        services.mark_reviewed(article, form.next_on.data, by=current_user, at=clock.now())
    flash(_("Noted. It leaves the list of what is due until then."))
    return redirect(url_for(".edit", article_id=article_id), SEE_OTHER)
