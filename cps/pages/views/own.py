"""What one has here: one's cases, and everything that is held about one."""

from flask import Response, json, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import queries as cases
from cps.cases.wording import looks_in_words
from cps.core import clock
from cps.core.on_phone import keep_for_its_owner
from cps.core.security import Can, requires
from cps.core.storage import current_storage
from cps.departments import queries as departments
from cps.pages import queries
from cps.pages.own_archive import archive_of
from cps.pages.own_data import everything_about
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
        looks=looks_in_words(looks, workplaces),
    )


@bp.get("/accounts/me/data.json")
@requires(Can.USE_OWN_ACCOUNT)
def export_own_data() -> ResponseReturnValue:
    """Give everything that is held about one as a file that programs read."""
    content = everything_about(current_user, at=clock.now())
    response = Response(json.dumps(content, ensure_ascii=False, indent=2) + "\n", mimetype="application/json")
    response.headers["Content-Disposition"] = "attachment; filename=my-data.json"
    return response


@bp.get("/accounts/me/data.zip")
@requires(Can.USE_OWN_ACCOUNT)
def export_own_archive() -> ResponseReturnValue:
    """Give the same with one's photos."""
    file = archive_of(current_user, current_storage(), at=clock.now())
    response = Response(iter(lambda: file.read(1 << 16), b""), mimetype="application/zip")
    response.call_on_close(file.close)
    response.headers["Content-Disposition"] = "attachment; filename=my-data.zip"
    return response
