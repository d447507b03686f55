"""The answer base as everybody sees it: search, and the page of one answer."""

from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from cps.core import clock, limits
from cps.core.db import transaction
from cps.core.errors import TooMany
from cps.core.http import origin_only
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.keys import app_key, keyed_tag
from cps.core.limits import Limit
from cps.core.rendering import cacheable
from cps.core.search import LONGEST_QUERY
from cps.core.security import Can, allows, public
from cps.core.text import one_line
from cps.departments import queries as departments
from cps.knowledge import presenting, prose, queries, services
from cps.knowledge.services import Told
from cps.knowledge.views.base import bp, page_language, today

TOLD = Limit("answer-told", 60, timedelta(hours=1))
"""So often one network address says whether an answer helped; more is not counted."""


MOST_CATEGORIES = 8
"""So many of the fullest are shown: the search finds the rest."""


def asked() -> str:
    """Return the question of the address, in one line of a length that is searched."""
    return one_line(request.args.get("q", "")[:LONGEST_QUERY])


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """Search the answers; without words list the newest and the categories."""
    if question := asked():
        return _found(question)
    after = request.args.get("after")
    category = departments.catalogue().category(request.args.get("category", ""))
    page = queries.newest(
        day=today(), language=page_language(), category_id=category.id if category else None, after=after
    )
    kept: dict[str, Any] = {"category": category.code} if category else {}
    return render_template(
        "knowledge/index.html",
        category=localized(category.name) if category else "",
        categories=[] if category or after else _categories(),
        cards=presenting.cards(page.rows),
        next_address=url_for(".index", after=page.next_key, **kept) if page.next_key else None,
        first_address=url_for(".index", **kept) if after else None,
        may_edit=allows(current_user, Can.EDIT_ANSWERS),
    )


def _found(question: str) -> ResponseReturnValue:
    found = queries.answers(question, day=today(), language=page_language())
    if not found.rows and request.method == "GET":
        _note_unanswered(question)
    return render_template(
        "knowledge/found.html",
        question=question,
        instead=found.instead,
        cards=presenting.cards(found.rows),
        may_edit=allows(current_user, Can.EDIT_ANSWERS),
    )


def _note_unanswered(question: str) -> None:
    """Count a search in vain; where the database cannot be written just now, only the count is lost."""
    with suppress(OperationalError), transaction():
        services.note_unanswered(question, page_language(), day=today())


def _categories() -> list[tuple[str, str, str, int]]:
    """Return (code, name, icon, how many answers) of the categories that have some, the fullest first."""
    counts, known = queries.counts_by_category(today()), departments.catalogue().categories
    return [
        (known[key].code, localized(known[key].name), known[key].icon, number)
        for key, number in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0] or 0))
        if key is not None and key in known
    ][:MOST_CATEGORIES]


@bp.get("/<code:slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """Show one answer, in the language of the address or of the page where it has it."""
    shown = queries.shown(slug, day=today(), language=wanted_language())
    article, text = shown.article, shown.text
    if (answer := cacheable(f"answer-{article.id}-{article.version}-{text.language}-{today()}")) is not None:
        return answer
    catalogue = departments.catalogue()
    category = catalogue.categories.get(article.category_id or 0)
    department = catalogue.departments.get(article.department_id or 0)
    return render_template(
        "knowledge/show.html",
        article=article,
        text=text,
        text_lang=presenting.foreign(text.language),
        parts=prose.read(text.body),
        is_behind=shown.is_behind,
        others=[(code, presenting.language_name(code)) for code in shown.languages if code != text.language],
        category=(category.code, localized(category.name)) if category else None,
        department=localized(department.name) if department else "",
        related=presenting.cards(queries.related(article, day=today(), language=page_language())),
        may_edit=allows(current_user, Can.EDIT_ANSWERS),
    )


def wanted_language() -> str:
    """Return the language that the address asks for, else that of the page."""
    return request.args.get("language", "")[:12] or page_language()


@bp.post("/<code:slug>/helped")
@origin_only
@public
def tell(slug: str) -> ResponseReturnValue:
    """Count whether an answer helped; who said so is kept nowhere."""
    article_id = queries.shown(slug, day=today(), language=page_language()).article.id
    has_helped = request.form.get("helped") == "yes"
    with suppress(TooMany):
        _count(article_id, Told.HELPED if has_helped else Told.NOT_HELPED)
    if not has_helped:
        return redirect(url_for(".not_helped", slug=slug), HTTPStatus.SEE_OTHER)
    flash(_("Good to know. Thank you."))
    return redirect(url_for(".show", slug=slug), HTTPStatus.SEE_OTHER)


def _count(article_id: int, told: Told) -> None:
    """Count what a reader says; raises TooMany where one network address says too much."""
    who = keyed_tag(app_key("limits"), request.remote_addr or "")[:32]
    limits.count(TOLD, who, at=clock.now(), enabled=current_app.extensions["cps_config"].rate_limits)
    with transaction():
        services.count_told(article_id, told, day=today())


@bp.get("/<code:slug>/not-helped")
@public
def not_helped(slug: str) -> ResponseReturnValue:
    """Say what else one can do."""
    shown = queries.shown(slug, day=today(), language=page_language())
    return render_template("knowledge/not_helped.html", slug=slug, text=shown.text)
