"""Objecting to a result, for everybody: what comes of it is a case with a clock."""

from datetime import timedelta

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import services as cases
from cps.core import clock, text, tries, visit
from cps.core.db import transaction
from cps.core.errors import TooMany
from cps.core.forms import spend_key
from cps.core.i18n import current_language, localized, ngettext
from cps.core.i18n import gettext as _
from cps.core.limits import Limit
from cps.core.security import public
from cps.departments import queries as departments
from cps.polls import queries
from cps.polls.forms.objecting import ObjectionForm
from cps.polls.models import Poll
from cps.polls.services import publishing
from cps.polls.views.base import bp, published_poll

OBJECTIONS = Limit("poll-objection", 5, timedelta(hours=1))
LONGEST_TITLE = 120


@bp.get("/<code:slug>/object")
@public
def object_page(slug: str) -> ResponseReturnValue:
    """Ask what is wrong with the result."""
    return _objection_page(published_poll(slug), ObjectionForm(formdata=None))


@bp.post("/<code:slug>/object")
@public
def object_to(slug: str) -> ResponseReturnValue:
    """File an objection as a case with a clock; the same form sent twice files one."""
    form, at, poll = ObjectionForm(), clock.now(), published_poll(slug)
    if not form.validate():
        return _objection_page(poll, form), 422
    try:
        tries.count(OBJECTIONS, visit.network())
    except TooMany as error:
        return tries.refuse(_wait(error), form, lambda: _objection_page(poll, form))
    with transaction():
        poll = queries.lock_poll(slug)
        if spend_key(f"{slug}:{form.form_key.data}", purpose="objection", leads_to=slug, at=at):
            filed = cases.file_case(_objection(poll, form), zone=g.city.zone, at=at)
            publishing.object_to(poll, filed.case.id, at=at)
    flash(_("Thank you. Your objection is filed as a case and stands below with its number."))
    return redirect(url_for(".results", slug=slug, _anchor="objections"), 303)


def _wait(error: TooMany) -> TooMany:
    """Return the refusal in words of this page."""
    minutes = error.retry_after // 60 + 1
    return TooMany(
        ngettext(
            "Many objections came from your network within an hour. What you wrote still stands here: send it"
            " again in %(num)s minute.",
            "Many objections came from your network within an hour. What you wrote still stands here: send it"
            " again in %(num)s minutes.",
            minutes,
        ),
        error.retry_after,
    )


def _objection(poll: Poll, form: ObjectionForm) -> cases.NewCase:
    category = departments.catalogue().categories.get(poll.objection_category_id or 0)
    if category is None:
        abort(404)
    title = _("Objection to: %(question)s", question=localized(poll.question))
    return cases.NewCase(
        body=form.body.data or "",
        language=current_language(),
        category=category,
        title=text.excerpt(title, LONGEST_TITLE),
        contact=cases.Contact(email=form.email.data or "", language=current_language()),
        reporter=current_user if current_user.is_authenticated else None,
    )


def _objection_page(poll: Poll, form: ObjectionForm) -> str:
    open_ = publishing.takes_objections(poll, clock.now())
    return render_template(
        "polls/object.html", poll=poll, question=localized(poll.question), form=form, is_open=open_
    )
