"""What the city says itself beside our texts: a page for each, looked at before it is published."""

from http import HTTPStatus

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.admin import history, queries
from cps.admin.townhall import queries as townhall
from cps.admin.townhall import services
from cps.admin.townhall.forms import WordsForm, words_form
from cps.admin.townhall.rules import OwnPage
from cps.admin.townhall.views.base import bp
from cps.admin.townhall.wording import LABELS, PAGES
from cps.admin.views.categories import languages
from cps.admin.views.saving import as_seen, save
from cps.core import clock
from cps.core.city import lock as lock_city
from cps.core.i18n import OWN_NAMES, localized
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.knowledge import prose

UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
SUBJECT = "/words/<any(about, privacy, accessibility):subject>"


@bp.get("/words")
@requires(Can.MANAGE_CITY)
def words() -> ResponseReturnValue:
    """List the pages on which the city speaks itself, with how it begins there."""
    found = townhall.all_words()
    rows = []
    for page, look in PAGES.items():
        texts = found.get(page, {})
        missing = [OWN_NAMES.get(code, code) for code in languages() if not texts.get(code)]
        rows.append((page, look, prose.beginning(localized(texts)), missing))
    return render_template("admin/words.html", rows=rows)


@bp.get(SUBJECT)
@requires(Can.MANAGE_CITY)
def words_of(subject: str) -> ResponseReturnValue:
    """Show what the city says on a page, to change it."""
    page = OwnPage(subject)
    texts, version = townhall.words_of(page)
    form = words_form(languages())(formdata=None, version=version)
    form.show(texts)
    return _page(page, form)


@bp.post(SUBJECT)
@requires(Can.MANAGE_CITY)
def change_words(subject: str) -> ResponseReturnValue:
    """Publish what the city says on a page, or only look at it."""
    page, form = OwnPage(subject), words_form(languages())()
    if form.look.data:
        is_right = form.validate()
        return _page(page, form, is_looked_at=is_right), HTTPStatus.OK if is_right else UNPROCESSABLE

    def write() -> None:
        lock_city()  # the row of the text may not be there yet
        texts, version = townhall.words_of(page)
        as_seen(form, version)
        services.change_words(page, form.all_words(texts), by=current_user.id, at=clock.now())

    return save(
        form,
        write,
        again=lambda: _page(page, form),
        leads_to=url_for(".words_of", subject=page.value),
        done=_("Published. Everybody reads it from now on."),
    )


def _page(page: OwnPage, form: WordsForm, *, is_looked_at: bool = False) -> str:
    shown = [(code, OWN_NAMES.get(code, code), prose.read(text)) for code, text in form.words().items()]
    return render_template(
        "admin/words_of.html",
        form=form,
        page=page,
        look=PAGES[page],
        spoken=languages(),
        shown=shown if is_looked_at else None,
        history=history.in_words(queries.history(["city-text"], page.value), LABELS),
    )
