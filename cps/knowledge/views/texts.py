"""Writing an article: a new one, its text in each language with a look at it, a translation that is right."""

from http import HTTPStatus

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation, StaleVersion
from cps.core.forms import spend_key, used_key
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.knowledge import presenting, prose, queries, services
from cps.knowledge.forms import TextForm
from cps.knowledge.models import Article
from cps.knowledge.rules import LONGEST_TITLE, is_out_of_date
from cps.knowledge.views.base import bp

SEE_OTHER, UNPROCESSABLE = HTTPStatus.SEE_OTHER, HTTPStatus.UNPROCESSABLE_ENTITY


@bp.get("/edit/new")
@requires(Can.EDIT_ANSWERS)
def new_article() -> ResponseReturnValue:
    """Ask for title and text in the city's language; `?title=` fills in what was searched in vain."""
    form = TextForm(formdata=None)
    form.title.data = request.args.get("title", "")[:LONGEST_TITLE]
    return _text_page(form, None, g.city.default_language)


@bp.post("/edit/new")
@requires(Can.EDIT_ANSWERS)
def make_article() -> ResponseReturnValue:
    """Make a draft; the same form sent twice makes one."""
    form, at, language = TextForm(), clock.now(), g.city.default_language
    key = form.form_key.data or ""
    if not form.validate() or "preview" in request.form:
        return _text_page(form, None, language), UNPROCESSABLE if form.errors else HTTPStatus.OK
    with transaction():
        leads_to = used_key(key)
        if leads_to is None:
            leads_to = str(services.begin(language, form.written(), by=current_user, at=at).id)
            spend_key(key, purpose="article", leads_to=leads_to, at=at)
    flash(_("Kept as a draft. Set its category, then send it for review."))
    return redirect(url_for(".edit", article_id=int(leads_to)), SEE_OTHER)


@bp.get("/edit/<int:article_id>/text/<code:language>")
@requires(Can.EDIT_ANSWERS)
def edit_text(article_id: int, language: str) -> ResponseReturnValue:
    """Write an article in one language, beside the text in its own."""
    article = queries.get(article_id)
    form = TextForm(formdata=None, obj=queries.texts_of(article_id).get(language))
    form.version.data = article.version
    return _text_page(form, article, language)


def _text_page(form: TextForm, article: Article | None, language: str) -> str:
    texts = queries.texts_of(article.id) if article is not None else {}
    if language not in {*texts, *g.city.languages}:
        abort(HTTPStatus.NOT_FOUND)
    text = texts.get(language)
    own = texts.get(article.language) if article is not None and article.language != language else None
    return render_template(
        "knowledge/edit_text.html",
        form=form,
        article=article,
        language=language,
        language_name=presenting.language_name(language),
        own=own,
        own_parts=prose.read(own.body) if own else [],
        is_behind=bool(own and text and is_out_of_date(text.of_edition, own.edition)),
        preview=prose.read(form.body.data or "") if "preview" in request.form else None,
    )


@bp.post("/edit/<int:article_id>/text/<code:language>")
@requires(Can.EDIT_ANSWERS)
def write_text(article_id: int, language: str) -> ResponseReturnValue:
    """Keep the text as a draft, or show how it will look."""
    form, article = TextForm(), queries.get(article_id)
    if not form.validate() or "preview" in request.form:
        return _text_page(form, article, language), UNPROCESSABLE if form.errors else HTTPStatus.OK
    if language not in {*g.city.languages, *queries.texts_of(article_id)}:
        abort(HTTPStatus.NOT_FOUND)
    try:
        with transaction():
            article = queries.lock(article_id, version=form.version.data)
            services.write(article, language, form.written(), by=current_user, at=clock.now())
    except (RuleViolation, StaleVersion) as refused:
        db.session.rollback()
        form.form_errors.append(refused.message)
        article = queries.get(article_id)
        form.version.data = article.version
        return _text_page(form, article, language), refused.status
    flash(_("Kept. Readers see it once it was reviewed and published."))
    return redirect(url_for(".edit", article_id=article_id), SEE_OTHER)


@bp.post("/edit/<int:article_id>/text/<code:language>/confirm")
@requires(Can.EDIT_ANSWERS)
def confirm_text(article_id: int, language: str) -> ResponseReturnValue:
    """Say that a translation that is behind is still right."""
    with transaction():
        article = queries.lock(article_id, version=request.form.get("version", type=int))
        services.confirm(article, language, by=current_user, at=clock.now())
    flash(_("The translation counts as up to date once somebody publishes it."))
    return redirect(url_for(".edit", article_id=article_id), SEE_OTHER)
