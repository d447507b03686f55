"""Notices as everybody sees them: the list, the page of one, and being told when it is over."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import NotVisible
from cps.core.http import machine, origin_only
from cps.core.i18n import gettext as _
from cps.core.rendering import cacheable
from cps.core.security import Can, allows, public
from cps.notices import presenting, queries, services
from cps.notices.presenting import Card
from cps.notices.rules import mark
from cps.notices.stopping import account_of_token

bp = Blueprint("notices", __name__, url_prefix="/notices")
BLUEPRINTS = (bp,)


@bp.app_context_processor
def notices_for_templates() -> dict[str, object]:
    """Give every template what runs now, and staff what to tell people who ask."""
    return {"running_notices": _running, "notices_to_tell": _to_tell}


def _running() -> list[Card]:
    at = clock.now()
    return presenting.cards(queries.running(at), at) if g.city else []


def _to_tell() -> list[Card]:
    """Return what runs now for whoever answers people for the city; nothing for others."""
    return _running() if allows(current_user, Can.TELL_NOTICES) else []


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """Show what the city knows now, what is announced, and what is over."""
    at, after = clock.now(), request.args.get("after")
    running, coming, over = queries.running(at), queries.coming(at), queries.over(at, after=after)
    if (answer := cacheable(f"notices-{mark([*running, *coming, *over.rows])}-{at:%Y%m%d}")) is not None:
        return answer
    return render_template(
        "notices/index.html",
        running=presenting.cards(running, at),
        coming=presenting.cards(coming, at),
        over=presenting.cards(over.rows, at),
        next_address=url_for(".index", after=over.next_key) if over.next_key else None,
        first_address=url_for(".index") if after else None,
    )


@bp.get("/<int:notice_id>")
@public
def show(notice_id: int) -> ResponseReturnValue:
    """Show one notice with everything the city added to it."""
    at, notice = clock.now(), queries.get(notice_id)
    tag = f"notice-{notice.id}-{notice.version}-{notice.state(at)}-{at:%Y%m%d}"
    if (answer := cacheable(tag)) is not None:
        return answer
    follows = current_user.is_authenticated and queries.is_followed_by(notice.id, current_user.id)
    return render_template(
        "notices/show.html",
        notice=presenting.card(notice, at),
        updates=presenting.told(queries.updates(notice.id)),
        follows=follows,
        may_make=allows(current_user, Can.MAKE_NOTICES),
    )


@bp.get("/<int:notice_id>/follow")
@public
def follow_page(notice_id: int) -> ResponseReturnValue:
    """Ask once more, with one button, whether to be told."""
    notice = presenting.card(queries.get(notice_id), clock.now())
    return render_template("notices/follow.html", notice=notice)


@bp.post("/<int:notice_id>/follow")
@origin_only
@public
def follow(notice_id: int) -> ResponseReturnValue:
    """Tell somebody when it is over; a visitor proves an address by mail first."""
    if not current_user.is_authenticated:
        back = url_for(".follow_page", notice_id=queries.get(notice_id).id)
        return redirect(url_for("accounts.prove", next=back), 303)
    with transaction():
        services.follow(notice_id, by=current_user, at=clock.now())
    flash(_("We will write to you when there is news, and when it is over."))
    return redirect(url_for(".show", notice_id=notice_id), 303)


@bp.post("/<int:notice_id>/unfollow")
@origin_only
@public
def unfollow(notice_id: int) -> ResponseReturnValue:
    """Tell somebody no more."""
    notice = queries.get(notice_id)
    if current_user.is_authenticated:
        with transaction():
            services.unfollow(notice.id, current_user.id)
    return redirect(url_for(".show", notice_id=notice.id), 303)


@bp.get("/<int:notice_id>/stop/<token:token>")
@public
def stop_page(notice_id: int, token: str) -> ResponseReturnValue:
    """Ask with one button whether to stop the letters; opening the link alone changes nothing."""
    account_id = _account_of(notice_id, token)
    return render_template(
        "notices/stop.html",
        notice=presenting.card(queries.get(notice_id), clock.now()),
        token=token,
        follows=queries.is_followed_by(notice_id, account_id),
    )


@bp.post("/<int:notice_id>/stop/<token:token>")
@machine
@public
def stop(notice_id: int, token: str) -> ResponseReturnValue:
    """End the letters; mail programs send this by themselves (RFC 8058)."""
    account_id = _account_of(notice_id, token)
    with transaction():
        services.unfollow(notice_id, account_id)
    return redirect(url_for(".stop_page", notice_id=notice_id, token=token), 303)


def _account_of(notice_id: int, token: str) -> int:
    account_id = account_of_token(notice_id, token)
    if account_id is None:
        raise NotVisible(_("This link does not stop anything. Please copy it whole."))
    return account_id
