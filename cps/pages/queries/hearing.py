"""What an account was told, by which ways, and what it wants to hear of."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from cps.alerts.models import Alert
from cps.cases.models import Case
from cps.core.db import db
from cps.departments.models import Category
from cps.notices.models import Notice, NoticeFollow
from cps.notifications.models import BouncedAddress, Message, MessageWish, TextMessage, Told
from cps.pages.queries.base import each, may_be_named_to
from cps.wards.models import Ward


def messages_to(account_id: int) -> Iterator[Any]:
    """Yield (moment, channel, language, reference of the case or None) of every message to an account."""
    return each(
        select(Message.created_at, Message.channel, Message.language, Case.reference)
        .outerjoin(Case, (Case.id == Message.case_id) & may_be_named_to(account_id))
        .where(Message.account_id == account_id)
        .order_by(Message.id)
    )


def told_to(account_id: int) -> Iterator[Any]:
    """Yield what the list of an account shows that it was told, oldest first."""
    what = (Told.told_at, Told.topic, Told.language, Told.subject, Told.path, Told.read_at)
    digest = (Told.digest_at, Told.digested_at)
    found = select(*what, *digest, Case.reference).outerjoin(Case, Case.id == Told.case_id)
    return each(found.where(Told.account_id == account_id).order_by(Told.told_at, Told.about))


def message_wishes_of(account_id: int) -> Iterator[Any]:
    """Yield (topic, pace) of everything an account wants to hear of in a way of its own."""
    wishes = select(MessageWish.topic, MessageWish.pace).where(MessageWish.account_id == account_id)
    return each(wishes.order_by(MessageWish.topic))


def bounced_at(account_id: int) -> datetime | None:
    """Return since when the address of mail of an account is known to send back."""
    return db.session.scalar(select(BouncedAddress.at).where(BouncedAddress.account_id == account_id))


def texts_to(account_id: int) -> Iterator[Any]:
    """Yield (moment, purpose, language, reference or None) of every text message to an account."""
    return each(
        select(TextMessage.created_at, TextMessage.purpose, TextMessage.language, Case.reference)
        .outerjoin(Case, Case.id == TextMessage.case_id)
        .where(TextMessage.account_id == account_id)
        .order_by(TextMessage.id)
    )


def alerts_of(account_id: int) -> Iterator[Any]:
    """Yield (place, ward, category, what, how often, since when) of every alert of an account."""
    what = (Alert.problems, Alert.proposals, Alert.answers, Alert.notices, Alert.rhythm)
    where = (Alert.lat, Alert.lon, Alert.radius_m, Ward.code.label("ward"), Category.code.label("category"))
    return each(
        select(*where, *what, Alert.created_at, Alert.paused_at)
        .outerjoin(Ward, Ward.id == Alert.ward_id)
        .outerjoin(Category, Category.id == Alert.category_id)
        .where(Alert.account_id == account_id)
        .order_by(Alert.id)
    )


def followed_notices(account_id: int) -> Iterator[Any]:
    """Yield (number, title by language, moment) of every notice an account wants to hear of."""
    return each(
        select(Notice.id.label("notice"), Notice.title, NoticeFollow.at)
        .join(Notice, Notice.id == NoticeFollow.notice_id)
        .where(NoticeFollow.account_id == account_id)
        .order_by(NoticeFollow.at, Notice.id)
    )
