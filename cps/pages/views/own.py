"""What one has here: one's cases, and everything that is held about one."""

from typing import IO

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.utils import redirect

from cps.cases import queries as cases
from cps.cases.wording import looks_in_words
from cps.core import clock
from cps.core.db import transaction
from cps.core.i18n import gettext as _
from cps.core.on_phone import keep_for_its_owner
from cps.core.security import Can, requires
from cps.core.storage import NotStored, current_storage
from cps.departments import queries as departments
from cps.pages import queries, services
from cps.pages.models import OwnArchive
from cps.pages.own_archive import archive_of, blocks, json_of
from cps.pages.views.base import bp


@bp.get("/accounts/me/cases")
@requires(Can.USE_OWN_ACCOUNT)
def own_cases() -> ResponseReturnValue:
    """Show the cases one has filed, newest first."""
    keep_for_its_owner()
    page = cases.own_cases(current_user.id, after=request.args.get("after"))
    following = url_for("pages.own_cases", after=page.next_key) if page.next_key else None
    first = url_for("pages.own_cases") if request.args.get("after") else None
    return render_template("pages/own_cases.html", rows=page.rows, next=following, first=first)


@bp.get("/accounts/me/data")
@requires(Can.USE_OWN_ACCOUNT)
def own_data() -> ResponseReturnValue:
    """Show what is held about one, who looked at it, and the way to take it along."""
    looks = queries.looks_at(current_user.id)
    workplaces = departments.workplaces(look.actor_id for look in looks)
    return render_template(
        "pages/own_data.html",
        held=queries.counts_about(current_user.id),
        archive=_archive(),
        looks=looks_in_words(looks, workplaces),
    )


@bp.get("/accounts/me/data.json")
@requires(Can.USE_OWN_ACCOUNT)
def export_own_data() -> ResponseReturnValue:
    """Give everything that is held about one as a file that programs read."""
    if queries.counts_about(current_user.id).is_large:
        return _lead_to_archive()
    return _download(json_of(current_user, at=clock.now()), "my-data.json", "application/json")


@bp.get("/accounts/me/data.zip")
@requires(Can.USE_OWN_ACCOUNT)
def export_own_archive() -> ResponseReturnValue:
    """Give the same with one's photos."""
    if queries.counts_about(current_user.id).is_large:
        return _lead_to_archive()
    return _download(archive_of(current_user, current_storage(), at=clock.now()), "my-data.zip")


@bp.post("/accounts/me/data/archive")
@requires(Can.USE_OWN_ACCOUNT)
def ask_for_archive() -> ResponseReturnValue:
    """Let a worker make the archive; who asks twice gets the one."""
    with transaction():
        services.ask_for_archive(current_user.id, at=clock.now())
    return redirect(url_for("pages.own_data"), 303)


@bp.get("/accounts/me/data/archive.zip")
@requires(Can.USE_OWN_ACCOUNT)
def get_archive() -> ResponseReturnValue:
    """Give the archive that a worker made."""
    found = _archive()
    if found is None or found.ready_at is None:
        return _lead_to_archive()
    try:
        return _download(current_storage().open(found.storage_key), "my-data.zip")
    except NotStored:
        return _lead_to_archive()


def _archive() -> OwnArchive | None:
    """Return the archive that is being made or is there; None where there is none any more."""
    return services.archive_there_is(current_user.id, at=clock.now())


def _lead_to_archive() -> ResponseReturnValue:
    flash(_("Your data is much. Ask for an archive here: we make it, and write to you."), "info")
    return redirect(url_for("pages.own_data"), 303)


def _download(file: IO[bytes], name: str, mimetype: str = "application/zip") -> Response:
    response = Response(blocks(file), mimetype=mimetype)
    response.call_on_close(file.close)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
