"""The morning report: one page for heads of department and administrators, who else gets it, stopping it."""

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.accounts.rules import Role
from cps.cases.policy import reach_of
from cps.core import clock, i18n
from cps.core.db import transaction
from cps.core.email import normal_email
from cps.core.errors import NotVisible
from cps.core.http import machine
from cps.core.i18n import gettext as _
from cps.core.security import Can, allows, public, requires
from cps.insights import mornings, queries, services
from cps.insights.forms import ReaderForm
from cps.insights.queries.morning import Departments
from cps.insights.stopping import Stop, Whom, read_token
from cps.insights.views.base import bp


@bp.app_context_processor
def who_reads_the_morning() -> dict[str, object]:
    """Give pages what they need to lead heads of department to their report."""
    return {"may_read_morning": lambda: allows(current_user, Can.READ_MORNING)}


@bp.get("/desk/morning")
@requires(Can.READ_MORNING)
def morning() -> ResponseReturnValue:
    """Show what is late, due, reopened, most backed and thanked: a head's own departments, else all."""
    now = clock.now()
    return render_template(
        "insights/morning.html",
        report=mornings.report(_own_departments(), now=now, zone=g.city.zone),
        at=now,
        has_desk=allows(current_user, Can.WORK_CASES),
        is_head=Role.SUPERVISOR in current_user.roles,
        has_stopped=queries.has_stopped(current_user.id),
        may_choose=allows(current_user, Can.MANAGE_CITY),
    )


def _own_departments() -> Departments:
    """Return whose cases the report is about; administrators and the triage department read of all."""
    if Role.ADMINISTRATOR in current_user.roles:
        return None
    reach = reach_of(current_user)
    return None if reach.everywhere else frozenset(reach.departments)


@bp.post("/desk/morning/mail")
@requires(Can.READ_MORNING)
def morning_mail() -> ResponseReturnValue:
    """Stop the report by mail of a head of department, or send it again from tomorrow on."""
    if Role.SUPERVISOR not in current_user.roles:
        abort(404)
    with transaction():
        if queries.has_stopped(current_user.id):
            services.start_reports(current_user.id)
        else:
            services.stop_reports(current_user.id, at=clock.now())
    return redirect(url_for(".morning"), 303)


@bp.get("/admin/morning")
@requires(Can.MANAGE_CITY)
def morning_readers() -> ResponseReturnValue:
    """Show which addresses get the report of all departments."""
    return _readers_page(_reader_form())


@bp.post("/admin/morning")
@requires(Can.MANAGE_CITY)
def add_morning_reader() -> ResponseReturnValue:
    """Let a further address get it."""
    form = _reader_form()
    if not form.validate():
        return _readers_page(form), 422
    email, language = normal_email(form.email.data or ""), form.language.data or ""
    with transaction():
        services.add_reader(email, language, by=current_user, at=clock.now())
    flash(_("Saved. The next report goes there too."), "success")
    return redirect(url_for(".morning_readers"), 303)


@bp.post("/admin/morning/<int:key>/remove")
@requires(Can.MANAGE_CITY)
def remove_morning_reader(key: int) -> ResponseReturnValue:
    """Send an address no more reports."""
    with transaction():
        services.remove_reader(key, by=current_user.id, at=clock.now())
    return redirect(url_for(".morning_readers"), 303)


def _reader_form() -> ReaderForm:
    form = ReaderForm()
    form.language.choices = [(code, i18n.OWN_NAMES.get(code, code)) for code in g.city.languages]
    return form


def _readers_page(form: ReaderForm) -> str:
    return render_template(
        "insights/readers.html", form=form, readers=queries.readers(), own_names=i18n.OWN_NAMES
    )


@bp.get("/morning/stop/<token:token>")
@public
def morning_stop_page(token: str) -> ResponseReturnValue:
    """Ask with one button whether to stop the report; opening the link alone changes nothing."""
    stop = _of_token(token)
    gets_it = _is_reader(stop) if stop.whom is Whom.READER else not queries.has_stopped(stop.key)
    return render_template("insights/stop.html", token=token, gets_it=gets_it)


@bp.post("/morning/stop/<token:token>")
@machine
@public
def morning_stop(token: str) -> ResponseReturnValue:
    """Send no more reports; mail programs send this by themselves (RFC 8058)."""
    stop = _of_token(token)
    with transaction():
        if stop.whom is Whom.HEAD:
            services.stop_reports(stop.key, at=clock.now())
        elif _is_reader(stop):
            services.remove_reader(stop.key, by=None, at=clock.now())
    return redirect(url_for(".morning_stop_page", token=token), 303)


def _is_reader(stop: Stop) -> bool:
    """Return whether the address that the link was sent to is still on the list."""
    reader = queries.reader(stop.key)
    return reader is not None and stop == Stop.reader(reader.id, reader.added_at)


def _of_token(token: str) -> Stop:
    found = read_token(token)
    if found is None:
        raise NotVisible(_("This link does not stop anything. Please copy it whole."))
    return found
