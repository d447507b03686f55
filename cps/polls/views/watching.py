"""Keeping the signed heads: by mail or by feed, for whoever wants to be able to show them later."""

from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.db import transaction
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.rendering import cacheable
from cps.core.security import Can, public, requires
from cps.polls import queries
from cps.polls.models import Poll, TreeHead
from cps.polls.services import watching
from cps.polls.views.base import bp, visible_poll

feeds = Blueprint("poll_feeds", __name__, url_prefix="/feeds/polls")

ATOM = "http://www.w3.org/2005/Atom"
NEWEST = 50


@bp.get("/<code:slug>/watch")
@public
def watch_page(slug: str) -> ResponseReturnValue:
    """Say what heads are good for, and how to get each of them."""
    poll = visible_poll(slug)
    watches = current_user.is_authenticated and queries.is_watched_by(poll.id, current_user.id)
    return render_template("polls/watch.html", poll=poll, question=localized(poll.question), watches=watches)


@bp.post("/<code:slug>/watch")
@requires(Can.USE_OWN_ACCOUNT)
def watch(slug: str) -> ResponseReturnValue:
    """Send every further head by mail."""
    with transaction():
        watching.watch(_locked(slug), by=current_user, at=clock.now())
    flash(_("You get every further head by mail. Keep these mails."))
    return redirect(url_for(".watch_page", slug=slug), 303)


@bp.post("/<code:slug>/unwatch")
@requires(Can.USE_OWN_ACCOUNT)
def unwatch(slug: str) -> ResponseReturnValue:
    """Send no further head."""
    with transaction():
        watching.unwatch(_locked(slug), by=current_user)
    return redirect(url_for(".watch_page", slug=slug), 303)


def _locked(slug: str) -> Poll:
    return queries.lock_poll(visible_poll(slug).slug)


@feeds.get("/<code:slug>/heads.atom")
@public
def heads(slug: str) -> ResponseReturnValue:
    """Give the newest signed heads as an Atom feed (RFC 4287); the line stands in each entry as it is."""
    poll = visible_poll(slug)
    lines = queries.heads(poll.id)
    if (answer := cacheable(f"heads-atom-{slug}-{len(lines)}")) is not None:
        return answer
    content = tostring(_feed(poll, lines[-NEWEST:]), encoding="utf-8", xml_declaration=True)
    return Response(content, mimetype="application/atom+xml")


def _feed(poll: Poll, lines: Any) -> Element:
    page = url_for("polls.show", slug=poll.slug, _external=True)
    feed = Element("feed", xmlns=ATOM)
    _text(feed, "title", _("Signed heads: %(question)s", question=localized(poll.question)))
    _text(feed, "id", f"{page}#heads")
    _text(feed, "updated", _moment(lines[-1].signed_at if lines else poll.updated_at))
    SubElement(feed, "link", rel="alternate", href=page)
    SubElement(feed, "link", rel="self", href=request.base_url)
    SubElement(SubElement(feed, "author"), "name").text = request.host
    for head in reversed(lines):
        _entry(feed, page, head)
    return feed


def _entry(feed: Element, page: str, head: TreeHead) -> None:
    entry = SubElement(feed, "entry")
    _text(entry, "title", _("Head %(number)s", number=head.batch_no))
    _text(entry, "id", f"{page}#head-{head.batch_no}")
    _text(entry, "updated", _moment(head.signed_at))
    _text(entry, "content", head.line)


def _text(parent: Element, name: str, words: str) -> None:
    SubElement(parent, name).text = words


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
