"""Reads of what several features hold about one account."""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from cps.accounts.models import Account, AccountJoin, Identity, PhoneClaim, RoleGrant, SignInSession
from cps.accounts.rules import Role
from cps.alerts.models import Alert
from cps.cases.models import Attachment, Case, CaseContact, CaseEvent, EventOriginal, Follow, Support
from cps.cases.queries import integrity, original_message, show_originals
from cps.cases.voice_models import VoiceNote
from cps.core.db import db
from cps.core.models import AccessRow
from cps.departments.models import Category
from cps.insights.models import MorningStop
from cps.moderation.queries import flags_by
from cps.notices.models import Notice, NoticeFollow
from cps.notifications.models import BouncedAddress, Message, MessageWish, TextMessage, Told
from cps.pages.models import OwnArchive
from cps.polls.models import Poll, PollWatch
from cps.proposals.models import Comment, CommentBacking, DeliveryVerdict
from cps.triage.models import DeskStart, SavedView
from cps.wards.models import Ward

MOST_LOOKS = 50
AT_ONCE = 500
ROWS_AT_ONCE, PHOTOS_AT_ONCE = 2_000, 50
"""A file of more rows or photos is made by a worker, not while somebody waits for a page."""


@dataclass(frozen=True, slots=True)
class Held:
    """How many things of an account are held."""

    cases: int
    supported: int
    followed: int
    messages: int
    texts: int
    told: int
    written: int
    photos: int

    @property
    def is_large(self) -> bool:
        """Whether a file of all of it is made by a worker."""
        return sum(astuple(self)) - self.photos > ROWS_AT_ONCE or self.photos > PHOTOS_AT_ONCE


def counts_about(account_id: int) -> Held:
    """Count what is held about an account, in one statement."""
    wanted = (
        select(func.count()).select_from(table).where(column == account_id).scalar_subquery()
        for table, column in (
            (Case, Case.reporter_id),
            (Support, Support.account_id),
            (Follow, Follow.account_id),
            (Message, Message.account_id),
            (TextMessage, TextMessage.account_id),
            (Told, Told.account_id),
            (CaseEvent, CaseEvent.actor_id),
        )
    )
    photos = select(func.count()).select_from(_photos_of(account_id).subquery()).scalar_subquery()
    return Held(*tuple(db.session.execute(select(*wanted, photos)).one()))


def cases_with_contact(account_id: int) -> Iterator[Any]:
    """Yield every case of an account as it was written, with the contact that was left, oldest first."""
    found = db.session.execute(
        select(Case, CaseContact)
        .outerjoin(CaseContact, CaseContact.case_id == Case.id)
        .where(Case.reporter_id == account_id)
        .order_by(Case.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for some in found.partitions():
        show_originals([case for case, _contact in some])
        yield from some


def photos_of(account_id: int) -> Iterator[Any]:
    """Yield (name, reference of the case) of every photo an account sent: with a case, or later to one."""
    return _each(_photos_of(account_id).order_by(Attachment.id))


def _photos_of(account_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(Attachment.name, Case.reference)
        .join(Case, Case.id == Attachment.case_id)
        .outerjoin(CaseEvent, CaseEvent.id == Attachment.event_id)
        .where(
            or_(
                (Case.reporter_id == account_id) & Attachment.event_id.is_(None),
                (CaseEvent.actor_id == account_id) & _may_be_named_to(account_id),
            )
        )
    )


def _may_be_named_to(account_id: int) -> ColumnElement[bool]:
    """Return the condition that an account may know of a case; of one about staff few may."""
    holds = RoleGrant.account_id == account_id, RoleGrant.role == Role.INTEGRITY_OFFICER
    handles = exists().where(*holds) & Case.id.not_in(integrity.barred_from(account_id))
    return or_(Case.is_integrity.is_(False), Case.reporter_id == account_id, handles)


def voice_notes_of(account_id: int) -> Iterator[Any]:
    """Yield the voice notes of the cases of an account, with the references of these, oldest first."""
    columns = (VoiceNote.name, VoiceNote.kind, VoiceNote.size, VoiceNote.seconds)
    moments = (VoiceNote.added_at, VoiceNote.written_at)
    notes = select(Case.reference, *columns, *moments).join(Case, Case.id == VoiceNote.case_id)
    return _each(notes.where(Case.reporter_id == account_id).order_by(VoiceNote.id))


def own_words(account_id: int) -> Iterator[Any]:
    """Yield what an account wrote in the stories of cases, as it was written, oldest first."""
    return _each(
        select(Case.reference, CaseEvent.at, CaseEvent.kind, original_message())
        .join(Case, Case.id == CaseEvent.case_id)
        .outerjoin(EventOriginal, EventOriginal.event_id == CaseEvent.id)
        .where(CaseEvent.actor_id == account_id, _may_be_named_to(account_id))
        .order_by(CaseEvent.id)
    )


def taken_part(table: type[Support] | type[Follow], account_id: int) -> Iterator[Any]:
    """Yield (reference, moment) of every case an account backs, or follows."""
    return _each(
        select(Case.reference, table.at)
        .join(Case, Case.id == table.case_id)
        .where(table.account_id == account_id)
        .order_by(table.at, table.case_id)
    )


def followed_notices(account_id: int) -> Iterator[Any]:
    """Yield (number, title by language, moment) of every notice an account wants to hear of."""
    return _each(
        select(Notice.id.label("notice"), Notice.title, NoticeFollow.at)
        .join(Notice, Notice.id == NoticeFollow.notice_id)
        .where(NoticeFollow.account_id == account_id)
        .order_by(NoticeFollow.at, Notice.id)
    )


def messages_to(account_id: int) -> Iterator[Any]:
    """Yield (moment, channel, language, reference of the case or None) of every message to an account."""
    return _each(
        select(Message.created_at, Message.channel, Message.language, Case.reference)
        .outerjoin(Case, (Case.id == Message.case_id) & _may_be_named_to(account_id))
        .where(Message.account_id == account_id)
        .order_by(Message.id)
    )


def told_to(account_id: int) -> Iterator[Any]:
    """Yield what the list of an account shows that it was told, oldest first."""
    what = (Told.told_at, Told.topic, Told.language, Told.subject, Told.path, Told.read_at)
    digest = (Told.digest_at, Told.digested_at)
    found = select(*what, *digest, Case.reference).outerjoin(Case, Case.id == Told.case_id)
    return _each(found.where(Told.account_id == account_id).order_by(Told.told_at, Told.about))


def message_wishes_of(account_id: int) -> Iterator[Any]:
    """Yield (topic, pace) of everything an account wants to hear of in a way of its own."""
    wishes = select(MessageWish.topic, MessageWish.pace).where(MessageWish.account_id == account_id)
    return _each(wishes.order_by(MessageWish.topic))


def bounced_at(account_id: int) -> datetime | None:
    """Return since when the address of mail of an account is known to send back."""
    return db.session.scalar(select(BouncedAddress.at).where(BouncedAddress.account_id == account_id))


def texts_to(account_id: int) -> Iterator[Any]:
    """Yield (moment, purpose, language, reference or None) of every text message to an account."""
    return _each(
        select(TextMessage.created_at, TextMessage.purpose, TextMessage.language, Case.reference)
        .outerjoin(Case, Case.id == TextMessage.case_id)
        .where(TextMessage.account_id == account_id)
        .order_by(TextMessage.id)
    )


def alerts_of(account_id: int) -> Iterator[Any]:
    """Yield (place, ward, category, what, how often, since when) of every alert of an account."""
    what = (Alert.problems, Alert.proposals, Alert.answers, Alert.notices, Alert.rhythm)
    where = (Alert.lat, Alert.lon, Alert.radius_m, Ward.code.label("ward"), Category.code.label("category"))
    return _each(
        select(*where, *what, Alert.created_at, Alert.paused_at)
        .outerjoin(Ward, Ward.id == Alert.ward_id)
        .outerjoin(Category, Category.id == Alert.category_id)
        .where(Alert.account_id == account_id)
        .order_by(Alert.id)
    )


def comments_by(account_id: int) -> Iterator[Any]:
    """Yield (reference, moment, stance, words) of what an account said about proposals."""
    return _each(
        select(Case.reference, Comment.at, Comment.stance, Comment.body)
        .join(Case, Case.id == Comment.case_id)
        .where(Comment.account_id == account_id)
        .order_by(Comment.id)
    )


def backed_comments(account_id: int) -> Iterator[Any]:
    """Yield (reference, number of the comment, moment) of every comment that an account finds right."""
    return _each(
        select(Case.reference, Comment.id.label("comment"), CommentBacking.at)
        .join(Comment, Comment.id == CommentBacking.comment_id)
        .join(Case, Case.id == Comment.case_id)
        .where(CommentBacking.account_id == account_id)
        .order_by(CommentBacking.at, Comment.id)
    )


def objections_by(account_id: int) -> Iterator[Any]:
    """Yield what an account objected to, with reason, words, moment, and what a moderator answered."""
    return _each(flags_by(account_id))


def verdicts_of(account_id: int) -> Iterator[Any]:
    """Yield (reference, verdict, moment) of what an account found of proposals that were delivered."""
    return _each(
        select(Case.reference, DeliveryVerdict.verdict, DeliveryVerdict.at)
        .join(Case, Case.id == DeliveryVerdict.case_id)
        .where(DeliveryVerdict.account_id == account_id)
        .order_by(DeliveryVerdict.at, Case.id)
    )


def morning_stopped_at(account_id: int) -> datetime | None:
    """Return since when somebody of the staff wants no morning report by mail."""
    return db.session.scalar(select(MorningStop.at).where(MorningStop.account_id == account_id))


def desk_views(account_id: int) -> Iterator[Any]:
    """Yield (name, what it asks for) of every list of the desk that an account keeps for itself."""
    own = SavedView.account_id == account_id
    return _each(select(SavedView.name, SavedView.asked).where(own).order_by(SavedView.ord, SavedView.id))


def desk_start(account_id: int) -> str | None:
    """Return the box or the name of the view with which the desk opens, None for the usual one."""
    chosen = select(func.coalesce(DeskStart.box, SavedView.name)).outerjoin(SavedView)
    return db.session.scalar(chosen.where(DeskStart.account_id == account_id))


def watched_polls(account_id: int) -> Iterator[Any]:
    """Yield (address, moment) of every poll whose signed heads an account gets."""
    return _each(
        select(Poll.slug.label("poll"), PollWatch.at)
        .join(Poll, Poll.id == PollWatch.poll_id)
        .where(PollWatch.account_id == account_id)
        .order_by(PollWatch.at, Poll.id)
    )


def accounts_joined_to(account_id: int) -> Iterator[Any]:
    """Yield (moment, since when it counted) of every account that was joined to this one."""
    joined = select(AccountJoin.at, AccountJoin.counts_since).where(AccountJoin.into_id == account_id)
    return _each(joined.order_by(AccountJoin.at))


def numbers_waited_for(account_id: int) -> Iterator[Any]:
    """Yield (number, since when, when its holder was told, until when) of numbers that this one waits for."""
    waits = select(PhoneClaim.phone, PhoneClaim.claimed_at, PhoneClaim.told_at, PhoneClaim.due_at)
    return _each(waits.where(PhoneClaim.account_id == account_id))


def identities_of(account_id: int) -> Sequence[Identity]:
    """Return the proven marks of an account."""
    return db.session.scalars(select(Identity).where(Identity.account_id == account_id)).all()


def sessions_of(account_id: int) -> Sequence[SignInSession]:
    """Return every session of an account."""
    return db.session.scalars(
        select(SignInSession)
        .where(SignInSession.account_id == account_id)
        .order_by(SignInSession.created_at, SignInSession.token_hash)
    ).all()


def looks_at(account_id: int) -> Sequence[Any]:
    """Return (at, what, reference or None, actor_id) of staff's last looks at one's data, newest first."""
    return db.session.execute(_looks_at(account_id).limit(MOST_LOOKS)).all()


def all_looks_at(account_id: int) -> Iterator[Sequence[Any]]:
    """Yield the same of all looks there were, some at a time."""
    found = db.session.execute(_looks_at(account_id).execution_options(yield_per=AT_ONCE))
    yield from found.partitions()


def _looks_at(account_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(AccessRow.at, AccessRow.what, Case.reference, AccessRow.actor_id)
        .outerjoin(Case, Case.id == AccessRow.case_id)
        .where(or_(AccessRow.subject_id == account_id, Case.reporter_id == account_id))
        .order_by(AccessRow.at.desc(), AccessRow.id.desc())
    )


def account(account_id: int) -> Account:
    """Return an account as it stands now."""
    return db.session.get_one(Account, account_id, populate_existing=True)


def archive_of(account_id: int) -> OwnArchive | None:
    """Return the archive that an account asked for last, loaded anew."""
    return db.session.get(OwnArchive, account_id, populate_existing=True)


def gone_archives(at: datetime, *, limit: int) -> Sequence[OwnArchive]:
    """Return archives whose time is over."""
    over = select(OwnArchive).where(OwnArchive.gone_at <= at).order_by(OwnArchive.gone_at).limit(limit)
    return db.session.scalars(over).all()


def count_gone_archives(at: datetime) -> int:
    """Return how many archives are kept whose time is over."""
    return db.session.scalar(select(func.count()).where(OwnArchive.gone_at <= at)) or 0


def _each(statement: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """Yield the rows of a statement, of which some are in memory at a time."""
    yield from db.session.execute(statement.execution_options(yield_per=AT_ONCE))
