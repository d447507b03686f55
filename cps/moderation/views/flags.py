"""Objecting to what everybody sees, with an account or without."""

from datetime import timedelta

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.accounts.models import Account
from cps.cases.pictures import pictures
from cps.core import clock, tries, visit
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation, TooMany
from cps.core.i18n import current_language, html_language
from cps.core.i18n import gettext as _
from cps.core.keys import app_key, keyed_tag
from cps.core.limits import Limit
from cps.core.security import public
from cps.moderation import queries, services
from cps.moderation.forms import FlagForm
from cps.moderation.queries import Found
from cps.moderation.rules import FlagReason, Thing
from cps.moderation.services import Objection
from cps.moderation.views.base import THING, address_in_public, bp

FLAGS = Limit("flag", 10, timedelta(hours=1))


@bp.get(f"/flag/{THING}")
@public
def flag_page(what: str, thing_id: int) -> ResponseReturnValue:
    """Show a thing with the form of an objection."""
    found = queries.get_public(Thing(what), thing_id, at=clock.now())
    return _page(found, FlagForm(formdata=None))


@bp.post(f"/flag/{THING}")
@public
def flag(what: str, thing_id: int) -> ResponseReturnValue:
    """Object to a thing, so that a moderator looks; objecting twice is thanked for all the same."""
    found, form = queries.get_public(Thing(what), thing_id, at=clock.now()), FlagForm()
    if not form.validate():
        return _page(found, form), 422
    try:
        _count()
        with transaction():
            found = queries.get_public(Thing(what), thing_id, at=clock.now())
            services.flag(found, _objection(form), by=_account(), tag=_tag(), at=clock.now())
    except TooMany as error:
        return tries.refuse(error, form, lambda: _page(found, form))
    except RuleViolation as refusal:
        db.session.rollback()
        form.words.errors = [refusal.message]
        return _page(queries.get_public(Thing(what), thing_id, at=clock.now()), form), 422
    flash(_("Thank you. A moderator looks at it."))
    return redirect(address_in_public(found), 303)


def _objection(form: FlagForm) -> Objection:
    language = html_language(current_language())
    return Objection(FlagReason(form.reason.data), form.words.data or "", language)


def _account() -> Account | None:
    return current_user if current_user.is_authenticated else None


def _who() -> str:
    return f"account:{current_user.id}" if current_user.is_authenticated else visit.network()


def _tag() -> str:
    """Return by what a visitor is known: their network, of which nothing can be read from it."""
    return keyed_tag(app_key("flag"), visit.network())


def _count() -> None:
    tries.count(FLAGS, _who())


def _page(found: Found, form: FlagForm) -> str:
    shown = pictures([found.row], _("Photo")) if found.thing is Thing.PHOTO else []
    photos, entries = queries.parts_of(found.id, at=clock.now()) if found.thing is Thing.CASE else ((), ())
    return render_template(
        "moderation/flag.html",
        found=found,
        form=form,
        shown=shown,
        photos=photos,
        entries=entries,
        back=address_in_public(found),
    )
