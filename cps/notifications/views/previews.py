"""Every message of the city as people get it, in every language; and the hours in which they leave."""

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import city as cities
from cps.core import clock
from cps.core.db import transaction
from cps.core.i18n import OWN_NAMES
from cps.core.i18n import gettext as _
from cps.core.quiet_hours import hours_of
from cps.core.security import Can, requires
from cps.core.sms_text import segments
from cps.notifications import previews
from cps.notifications.previews import SAMPLES, Sample
from cps.notifications.told import services
from cps.notifications.told.forms import HoursForm

bp = Blueprint("previews", __name__, url_prefix="/admin/messages")


@bp.get("")
@requires(Can.MANAGE_CITY)
def index() -> ResponseReturnValue:
    """List every kind of message, and the hours."""
    return render_template("notifications/previews.html", samples=SAMPLES, hours=hours_of(cities.get()))


@bp.get("/<code:sample>")
@requires(Can.MANAGE_CITY)
def show(sample: str) -> ResponseReturnValue:
    """Show one kind of message with made-up content in one language of the city."""
    kind, language = _asked(sample)
    letter, short = previews.written(kind, language, cities.get())
    return render_template(
        "notifications/preview.html",
        sample=kind,
        name=sample,
        language=language,
        names=OWN_NAMES,
        letter=letter,
        short=short,
        parts=segments(short) if short else 0,
    )


@bp.get("/<code:sample>/mail.eml")
@requires(Can.MANAGE_CITY)
def as_mail(sample: str) -> ResponseReturnValue:
    """Give it as the mail that leaves, plain text and HTML, to be opened in a mail program."""
    kind, language = _asked(sample)
    letter, _short = previews.written(kind, language, cities.get())
    sent = previews.as_mail(letter, language, at=clock.now())
    disposition = f'attachment; filename="{sample}-{language}.eml"'
    return Response(sent, mimetype="message/rfc822", headers={"Content-Disposition": disposition})


@bp.get("/hours")
@requires(Can.MANAGE_CITY)
def hours() -> ResponseReturnValue:
    """Ask for quiet hours and the hour of the digest."""
    return _show_hours(HoursForm.of(hours_of(cities.get())))


@bp.post("/hours")
@requires(Can.MANAGE_CITY)
def submit_hours() -> ResponseReturnValue:
    """Change them; what waits already leaves as it was planned."""
    form = HoursForm()
    if not form.validate():
        return _show_hours(form), 422
    with transaction():
        services.set_hours(form.hours, by=current_user.id, at=clock.now())
    flash(_("Saved."), "success")
    return redirect(url_for(".index"), 303)


def _asked(name: str) -> tuple[Sample, str]:
    """Return what is asked for: the kind of message, and the language of the address or of the page."""
    language = request.args.get("language", g.language)
    if name not in SAMPLES:
        abort(404)
    return SAMPLES[name], language if language in g.city.languages else g.city.default_language


def _show_hours(form: HoursForm) -> str:
    return render_template("notifications/hours.html", form=form)
