"""The author of something that was hidden reads why, and appeals."""

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cps.cases.access import viewer
from cps.core import clock, tries
from cps.core.db import db, transaction
from cps.core.errors import CpsError, NotVisible, TooMany
from cps.core.i18n import current_language, html_language
from cps.core.i18n import gettext as _
from cps.core.limits import Limit
from cps.core.security import Can, allows, public
from cps.moderation import queries, services
from cps.moderation.forms import AppealForm
from cps.moderation.models import Act
from cps.moderation.queries import Found
from cps.moderation.rules import APPEAL_WITHIN, may_appeal
from cps.moderation.views.base import address_in_public, bp, words

APPEALS = Limit("appeal", 10, timedelta(hours=1))


@bp.get("/appeal/<int:act_id>")
@public
def appeal_page(act_id: int) -> ResponseReturnValue:
    """Show the author why something was hidden, and the form of an appeal or what came of it."""
    act, found = _own(act_id)
    return _page(act, found, AppealForm(formdata=None, data={"version": act.version}))


@bp.post("/appeal/<int:act_id>")
@public
def appeal(act_id: int) -> ResponseReturnValue:
    """Appeal once, within thirty days."""
    act, found = _own(act_id)
    form, status = AppealForm(), 422
    if form.validate():
        try:
            tries.count(APPEALS, f"act:{act_id}")
            with transaction():
                act, found = queries.lock_act(act_id)
                _must_be_own(found)
                language = html_language(current_language())
                services.appeal(act, found, form.words.data or "", language=language, at=clock.now())
            flash(_("Your appeal is with a moderator. We tell you what is decided."))
            return redirect(url_for(".appeal_page", act_id=act_id), 303)
        except TooMany as error:
            return tries.refuse(error, form, lambda: _page(act, found, form))
        except CpsError as refusal:
            db.session.rollback()
            form.form_errors.append(refusal.message)
            status = refusal.status
    act, found = _own(act_id)
    return _page(act, found, form), status


def _own(act_id: int) -> tuple[Act, Found]:
    act, found = queries.get_act(act_id)
    _must_be_own(found)
    return act, found


def _must_be_own(found: Found) -> None:
    if not allows(viewer(), Can.APPEAL, found):
        raise NotVisible(_("This is not there any more."))


def _page(act: Act, found: Found, form: AppealForm) -> str:
    is_over, was_appealed = act.ended_at is not None, act.appealed_at is not None
    return render_template(
        "moderation/appeal.html",
        act=act,
        found=found,
        form=form,
        page=address_in_public(found),
        until=act.at + APPEAL_WITHIN,
        may_appeal=may_appeal(clock.now(), hidden_at=act.at, is_over=is_over, was_appealed=was_appealed),
        **words(),
    )
