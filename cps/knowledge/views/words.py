"""Words around the answers: what was searched in vain, what means the same, and who may publish."""

from http import HTTPStatus

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.security import Can, allows, requires
from cps.knowledge import presenting, queries, services
from cps.knowledge.forms import SynonymsForm
from cps.knowledge.rules import AUTHORS_PUBLISH
from cps.knowledge.views.base import bp, today

SEE_OTHER, UNPROCESSABLE = HTTPStatus.SEE_OTHER, HTTPStatus.UNPROCESSABLE_ENTITY


@bp.get("/edit/unanswered")
@requires(Can.EDIT_ANSWERS)
def unanswered() -> ResponseReturnValue:
    """List what people searched and did not find, the commonest first."""
    return render_template(
        "knowledge/unanswered.html",
        rows=queries.unanswered(today()),
        days=queries.UNANSWERED_DAYS,
        name_of=presenting.language_name,
    )


@bp.post("/edit/unanswered/forget")
@requires(Can.EDIT_ANSWERS)
def forget() -> ResponseReturnValue:
    """Take words off the list."""
    words, language = request.form.get("words", "")[:200], request.form.get("language", "")[:12]
    with transaction():
        services.forget_words(words, language)
    return redirect(url_for(".unanswered"), SEE_OTHER)


@bp.get("/edit/synonyms")
@requires(Can.EDIT_ANSWERS)
def synonyms() -> ResponseReturnValue:
    """Show the words that mean the same, with a form for more."""
    return _synonyms_page(SynonymsForm(formdata=None))


def _synonyms_page(form: SynonymsForm) -> str:
    return render_template(
        "knowledge/synonyms.html",
        form=form,
        sets=queries.synonym_sets(),
        may_change=allows(current_user, Can.PUBLISH_ANSWERS),
        may_set=allows(current_user, Can.MANAGE_CITY),
        authors_publish=bool(g.city.settings.get(AUTHORS_PUBLISH)),
    )


@bp.post("/edit/synonyms")
@requires(Can.PUBLISH_ANSWERS)
def add_synonyms() -> ResponseReturnValue:
    """Make a set of words that mean the same; the search knows it at once."""
    form = SynonymsForm()
    if form.validate():
        try:
            with transaction():
                services.save_synonyms(form.split(), by=current_user, at=clock.now())
        except RuleViolation as error:
            form.form_errors.append(error.message)
    if form.errors:
        return _synonyms_page(form), UNPROCESSABLE
    flash(_("Saved. The search knows it from now on."))
    return redirect(url_for(".synonyms"), SEE_OTHER)


@bp.post("/edit/synonyms/<int:set_id>/drop")
@requires(Can.PUBLISH_ANSWERS)
def drop_synonyms(set_id: int) -> ResponseReturnValue:
    """Delete a set."""
    with transaction():
        services.drop_synonyms(set_id, by=current_user, at=clock.now())
    flash(_("Deleted."))
    return redirect(url_for(".synonyms"), SEE_OTHER)


@bp.post("/edit/authors")
@requires(Can.MANAGE_CITY)
def set_authors() -> ResponseReturnValue:
    """Set whether whoever wrote an article may publish it."""
    may = request.form.get("may") == "yes"
    with transaction():
        services.let_authors_publish(may, by=current_user, at=clock.now())
    flash(_("Saved."))
    return redirect(url_for(".synonyms"), SEE_OTHER)
