"""What residents do on a complaint: back it, follow it, open their own, reply, say whether it is fixed."""

from collections.abc import Callable
from datetime import timedelta

from flask import current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.accounts.models import Account
from cps.cases import queries, services
from cps.cases import reference as references
from cps.cases.access import closed_to, open_for_this_visitor, viewer
from cps.cases.forms import NotFixedForm, PinForm, ReplyForm
from cps.cases.models import Attachment, Case
from cps.cases.rules import MoveRefused, Refusal
from cps.cases.uploads import forget_unused, stored_photos
from cps.cases.wording import REFUSALS
from cps.complaints.views import drafts
from cps.complaints.views.public import back_to, bp, page_of
from cps.core import clock, limits
from cps.core.db import db, transaction
from cps.core.errors import NotVisible, RuleViolation
from cps.core.forms import OnceForm, spend_key
from cps.core.http import origin_only
from cps.core.i18n import current_language
from cps.core.i18n import gettext as _
from cps.core.limits import Limit
from cps.core.security import Can, allows, public

PIN_TRIES = Limit("case-pin", 5, timedelta(hours=1))
PIN_TRIES_OF_ADDRESS = Limit("case-pin-address", 30, timedelta(hours=1))
REPLIES = Limit("case-reply", 20, timedelta(hours=1))


def _limited() -> bool:
    return bool(current_app.extensions["cps_config"].rate_limits)


def _visible(reference: str) -> Case:
    case = queries.get_case(reference)
    if not allows(viewer(), Can.SEE_CASE, case):
        raise closed_to(case, _("There is no case with this number."))
    return case


def _prove_first(reference: str, act: str) -> ResponseReturnValue:
    """Lead a visitor through the mail code; they come back to a page with one button."""
    return redirect(
        url_for("accounts.prove", next=url_for(f"complaints.{act}_page", reference=reference)), 303
    )


@bp.get("/<reference:reference>/support")
@public
def support_page(reference: str) -> ResponseReturnValue:
    """Ask once more, with one button, whether to back the case."""
    return render_template("complaints/act.html", case=_visible(reference), act="support")


@bp.post("/<reference:reference>/support")
@origin_only
@public
def support(reference: str) -> ResponseReturnValue:
    """Back a case and follow it; pressing again changes nothing."""
    if not current_user.is_authenticated:
        return _prove_first(reference, "support")
    with transaction():
        case = queries.lock_case(reference)
        if not allows(viewer(), Can.SUPPORT_CASE, case):
            raise NotVisible(_("There is no case with this number."))
        services.support(case, by=current_user, at=clock.now())
    flash(_("You back this case. We will tell you what happens."))
    return back_to(case)


@bp.post("/<reference:reference>/unsupport")
@origin_only
@public
def unsupport(reference: str) -> ResponseReturnValue:
    """Take one's support back."""
    if current_user.is_authenticated:
        with transaction():
            services.unsupport(queries.lock_case(reference), by=current_user, at=clock.now())
    return back_to(_visible(reference))


@bp.get("/<reference:reference>/follow")
@public
def follow_page(reference: str) -> ResponseReturnValue:
    """Ask once more, with one button, whether to follow the case."""
    return render_template("complaints/act.html", case=_visible(reference), act="follow")


@bp.post("/<reference:reference>/follow")
@origin_only
@public
def follow(reference: str) -> ResponseReturnValue:
    """Follow a case."""
    if not current_user.is_authenticated:
        return _prove_first(reference, "follow")
    with transaction():
        case = queries.lock_case(reference)
        if not allows(viewer(), Can.SUPPORT_CASE, case):
            raise NotVisible(_("There is no case with this number."))
        services.follow(case, by=current_user, at=clock.now())
    flash(_("You follow this case. We will tell you what happens."))
    return back_to(case)


@bp.post("/<reference:reference>/unfollow")
@origin_only
@public
def unfollow(reference: str) -> ResponseReturnValue:
    """Hear of a case no more."""
    if current_user.is_authenticated:
        with transaction():
            services.unfollow(queries.lock_case(reference), by=current_user)
    return back_to(_visible(reference))


@bp.get("/<reference:reference>/key/<token:secret>")
@public
def open_with_key(reference: str, secret: str) -> ResponseReturnValue:
    """Open one's own case by its secret link; the address with the secret is left at once."""
    case = queries.case_of_secret(reference, references.hash_secret(secret))
    if case is None:
        raise NotVisible(_("This link does not open a case. Please copy it whole, or use your PIN."))
    open_for_this_visitor(case.id)
    return back_to(case)


@bp.get("/<reference:reference>/unlock")
@public
def unlock_page(reference: str) -> ResponseReturnValue:
    """Ask for the PIN of one's own case."""
    case = queries.get_case(reference)
    return render_template("complaints/unlock.html", case=case, form=PinForm(formdata=None))


@bp.post("/<reference:reference>/unlock")
@public
def unlock(reference: str) -> ResponseReturnValue:
    """Open one's own case by the PIN; five tries an hour."""
    form = PinForm()
    case = queries.get_case(reference)
    if form.validate():
        _count_pin_try(reference)
        case = queries.get_case(reference)
        if queries.is_pin_of(case, form.pin.data or ""):
            open_for_this_visitor(case.id)
            return back_to(case)
        form.pin.errors = [_("This is not the PIN of this case. You have five tries an hour.")]
    return render_template("complaints/unlock.html", case=case, form=form), 422


def _count_pin_try(reference: str) -> None:
    """Count a try for the network and for the case, so that nobody tries a few PINs on each of many cases."""
    uses = [(PIN_TRIES_OF_ADDRESS, drafts.address()), (PIN_TRIES, reference)]
    limits.count_each(uses, at=clock.now(), enabled=_limited())


def _account() -> Account | None:
    return current_user if current_user.is_authenticated else None


def _reporter(reference: str) -> Case:
    """Return the case if whoever asks may speak for its reporter."""
    case = queries.get_case(reference)
    if not allows(viewer(), Can.SPEAK_AS_REPORTER, case):
        raise NotVisible(_("There is no case with this number."))
    return case


def _count_reply(case: Case) -> None:
    limits.count(REPLIES, case.reference, at=clock.now(), enabled=_limited())


def _once(form: OnceForm, case: Case, act: Callable[[Case], object], thanks: str) -> ResponseReturnValue:
    """Do the act on the locked case unless this very form was sent before, and lead back to the page."""
    if not form.form_key.data:
        raise RuleViolation(_("The page was not complete. Please send it again."))
    with transaction():
        locked = queries.lock_case(case.reference)
        if not allows(viewer(), Can.SPEAK_AS_REPORTER, locked):  # a helper's consent may have ended meanwhile
            raise NotVisible(_("There is no case with this number."))
        key = f"{case.reference}:{form.form_key.data}"
        if spend_key(key, purpose="case", leads_to=case.reference, at=clock.now()):
            act(locked)
    flash(thanks)
    return back_to(case)


@bp.post("/<reference:reference>/reply")
@public
def reply(reference: str) -> ResponseReturnValue:
    """Let the reporter answer the city, or add words and photos."""
    case, form = _reporter(reference), ReplyForm()
    _count_reply(case)
    valid = form.validate()
    photos, refused = stored_photos(form.photos.data, zone=g.city.zone, at=clock.now()) if valid else ([], [])
    try:
        if valid and not refused:
            return _reply(form, case, photos)
    except MoveRefused as refusal:
        db.session.rollback()
        return _refused(form, reference, refusal.reason), 422
    finally:
        forget_unused(photos)
    form.photos.errors = refused
    return page_of(queries.get_case(reference), clock.now(), reply=form), 422


def _refused(form: ReplyForm, reference: str, why: Refusal) -> str:
    """Show the case as it is now, with what was written: after its end in the field that opens it again."""
    case, not_fixed = queries.get_case(reference), NotFixedForm(formdata=None)
    if why is Refusal.MESSAGE_MISSING:
        form.message.errors = [_("Write a message, or add a photo.")]
    elif why is Refusal.CLOSED_MEANWHILE:
        not_fixed.message.data = form.message.data
        form.form_errors.append(str(REFUSALS[why]))
    else:
        form.form_errors.append(str(REFUSALS[why]))
    return page_of(case, clock.now(), reply=form, not_fixed=not_fixed)


def _reply(form: ReplyForm, case: Case, photos: list[Attachment]) -> ResponseReturnValue:
    def answer(locked: Case) -> None:
        if not locked.is_open:  # its page has another form for that, which opens the case again
            raise MoveRefused(Refusal.CLOSED_MEANWHILE)
        services.answer_city(
            locked,
            form.message.data or "",
            by=_account(),
            at=clock.now(),
            language=current_language(),
            photos=photos,
            tapped=form.tapped,
        )

    return _once(form, case, answer, _("Thank you. Your message is with the city."))


@bp.post("/<reference:reference>/fixed")
@public
def fixed(reference: str) -> ResponseReturnValue:
    """Let the reporter say that it is fixed."""
    case, form = _reporter(reference), OnceForm()
    _count_reply(case)
    try:
        return _once(
            form,
            case,
            lambda locked: services.confirm_fixed(locked, by=_account(), at=clock.now()),
            _("Thank you for telling us."),
        )
    except MoveRefused as refusal:
        raise RuleViolation(str(REFUSALS[refusal.reason])) from None


@bp.post("/<reference:reference>/not-fixed")
@public
def not_fixed(reference: str) -> ResponseReturnValue:
    """Let the reporter say that it is not fixed; the case is open again."""
    case, form = _reporter(reference), NotFixedForm()
    _count_reply(case)
    if form.validate():
        try:
            return _once(
                form,
                case,
                lambda locked: services.ask_reopen(
                    locked,
                    form.message.data or "",
                    by=_account(),
                    at=clock.now(),
                    language=current_language(),
                ),
                _("Thank you. The case is open again and the city looks at it anew."),
            )
        except MoveRefused as refusal:
            form.message.errors = [REFUSALS[refusal.reason]]
    return page_of(queries.get_case(reference), clock.now(), not_fixed=form), 422
