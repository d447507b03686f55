"""What residents do for a proposal: support and follow it, say at the end whether it is what they wanted."""

from flask import flash, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases import services as cases
from cps.cases.access import viewer
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import NotVisible, RuleViolation
from cps.core.http import origin_only
from cps.core.i18n import gettext as _
from cps.core.security import Can, allows, public, requires
from cps.proposals import queries, services
from cps.proposals.rules import Settings, Verdict
from cps.proposals.views.base import back_to, bp, to_prove, visible


@bp.get("/<reference:reference>/support")
@public
def support_page(reference: str) -> ResponseReturnValue:
    """Ask once more, with one button, whether to support the proposal."""
    return render_template("proposals/act.html", case=visible(reference).case, act="support")


@bp.post("/<reference:reference>/support")
@origin_only
@public
def support(reference: str) -> ResponseReturnValue:
    """Support a proposal and follow it; pressing again, or twice at once, changes nothing."""
    if not current_user.is_authenticated:
        return to_prove("support_page", reference=visible(reference).case.reference)
    case_id = visible(reference).case_id
    try:
        with transaction():
            is_new = services.support(
                case_id, by=current_user, settings=Settings.of(g.city.settings), at=clock.now()
            )
    except RuleViolation as refusal:
        flash(str(refusal), "warning")
        return back_to(reference)
    flash(_("You support this proposal. We tell you what becomes of it.") if is_new
          else _("You support this proposal already."))  # fmt: skip
    return back_to(reference)


@bp.post("/<reference:reference>/unsupport")
@origin_only
@public
def unsupport(reference: str) -> ResponseReturnValue:
    """Take one's support back; what one follows stays."""
    case_id = visible(reference).case_id
    if not current_user.is_authenticated:
        return back_to(reference)
    try:
        with transaction():
            was_there = services.unsupport(case_id, by=current_user, at=clock.now())
    except RuleViolation as refusal:
        flash(str(refusal), "warning")
        return back_to(reference)
    if was_there:
        flash(_("Your support is taken back."))
    return back_to(reference)


@bp.get("/<reference:reference>/follow")
@public
def follow_page(reference: str) -> ResponseReturnValue:
    """Ask once more, with one button, whether to follow the proposal."""
    return render_template("proposals/act.html", case=visible(reference).case, act="follow")


@bp.post("/<reference:reference>/follow")
@origin_only
@public
def follow(reference: str) -> ResponseReturnValue:
    """Follow a proposal."""
    case = visible(reference).case
    if not current_user.is_authenticated:
        return to_prove("follow_page", reference=case.reference)
    if not allows(viewer(), Can.SUPPORT_CASE, case):
        raise NotVisible(_("There is no proposal with this number."))
    with transaction():
        cases.follow(case, by=current_user, at=clock.now())
    flash(_("You follow this proposal. We tell you what becomes of it."))
    return back_to(reference)


@bp.post("/<reference:reference>/unfollow")
@origin_only
@public
def unfollow(reference: str) -> ResponseReturnValue:
    """Hear of a proposal no more."""
    case = visible(reference).case
    if current_user.is_authenticated:
        with transaction():
            cases.unfollow(case, by=current_user)
    return back_to(reference)


@bp.post("/<reference:reference>/verdict")
@requires(Can.USE_OWN_ACCOUNT)
def judge(reference: str) -> ResponseReturnValue:
    """Let author and supporters say whether what was delivered is what they wanted."""
    visible(reference)
    said = request.form.get("verdict", "")
    if said not in list(Verdict):
        raise RuleViolation(_("Choose one of the three answers."))
    with transaction():
        services.judge(queries.lock(reference), Verdict(said), by=current_user, at=clock.now())
    flash(_("Thank you. Your answer is counted."))
    return back_to(reference, "verdict")
