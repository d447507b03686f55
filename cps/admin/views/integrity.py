"""Who may read who reported complaints about staff: named by administrators, two people at most."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.accounts import queries as accounts
from cps.accounts.queries import names_of
from cps.admin import history, queries
from cps.admin.forms.integrity import ReadersForm
from cps.admin.views.saving import save
from cps.cases.queries import integrity as integrity_queries
from cps.cases.services import integrity as services
from cps.core import clock
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.models import AuditRow
from cps.core.security import Can, requires

bp = Blueprint("integrity", __name__, url_prefix="/admin/integrity")

LABELS = {"readers": _l("Who may look")}


@bp.get("")
@requires(Can.MANAGE_CITY)
def readers() -> ResponseReturnValue:
    """Show who may read reporters, and who named them."""
    form = ReadersForm(formdata=None)
    named = {row.slot: str(row.account_id) for row in integrity_queries.readers()}
    form.first.data, form.second.data = named.get(1, ""), named.get(2, "")
    return _page(form)


@bp.post("")
@requires(Can.MANAGE_CITY)
def name_readers() -> ResponseReturnValue:
    """Name others."""
    form = ReadersForm()
    _offer(form)
    return save(
        form,
        lambda: services.name_readers(
            [accounts.lock_account(key) for key in sorted(form.chosen)], by=current_user, at=clock.now()
        ),
        again=lambda: _page(form),
        leads_to=url_for(".readers"),
        done=_("Saved. Both can see it, and everybody here."),
    )


def _offer(form: ReadersForm) -> None:
    form.offer(
        [(str(one.id), one.display_name or one.email) for one in integrity_queries.integrity_officers()]
    )


def _page(form: ReadersForm) -> str:
    _offer(form)
    changed = queries.history(["integrity-readers"])
    people = names_of(_everybody_in(changed))
    return render_template(
        "admin/integrity.html",
        form=form,
        is_any_unreadable=integrity_queries.is_any_unreadable(),
        history=history.in_words(
            changed, LABELS, show=lambda _field, keys: [people.get(key, "–") for key in keys]
        ),
    )


def _everybody_in(rows: list[AuditRow]) -> set[int | None]:
    """Return who named and who was named."""

    def named(changes: Mapping[str, Any]) -> set[int]:
        return {key for told in changes.get("readers", []) for key in told}

    return {row.actor_id for row in rows} | {key for row in rows for key in named(row.changes)}
