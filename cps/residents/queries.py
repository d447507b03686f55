"""Reads of the register: who is in it, who has proven it, how many may take part."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, select

from cps.accounts.models import Identity
from cps.accounts.rules import IdentityKind
from cps.core.db import db
from cps.core.keys import app_identity_key, keyed_tag
from cps.residents.models import CityCard, CounterCode, RegisterEntry
from cps.residents.rules import Seen, normal_number

_IS_PROOF = and_(Identity.kind == IdentityKind.REGISTER, Identity.tag == RegisterEntry.tag)
_FACTS = (
    select(Identity.tag, Identity.verified_at, RegisterEntry.ward_id, RegisterEntry.born_on)
    .join(RegisterEntry, _IS_PROOF)
    .where(Identity.account_id == bindparam("account"), RegisterEntry.gone_at.is_(None))
)


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """What is known of an account whose owner is in the register; `tag` is the one of their identity."""

    tag: str
    verified_at: datetime
    ward_id: int
    born_on: date


@dataclass(frozen=True, slots=True)
class Proof:
    """That an account has proven to be somebody of the register, who may have left it since."""

    verified_at: datetime
    ward_id: int
    born_on: date
    is_gone: bool


def register_tag(number: str) -> str:
    """Return the tag of a register number; raises Unreadable."""
    return tag_of(normal_number(number), app_identity_key())


def document_tag(seen: Seen) -> str:
    """Return the tag of a document that is not of the register; raises Unreadable."""
    return keyed_tag(app_identity_key(), seen.kind.value, *seen.parts())


def tag_of(normal: str, key: bytes) -> str:
    """Return the tag of a number that is normal already, under the identity key."""
    return keyed_tag(key, IdentityKind.REGISTER.value, normal)


def card_tag(number: str) -> str:
    """Return the tag of a card of the city by its number, or the text of its QR code; raises Unreadable."""
    return keyed_tag(app_identity_key(), "city-card", normal_number(number))


def listed_among(tags: Collection[str]) -> set[str]:
    """Return those of these tags that stand in the register."""
    return set(db.session.scalars(select(RegisterEntry.tag).where(RegisterEntry.tag.in_(tags))))


def gone_among(tags: Collection[str]) -> dict[str, bool]:
    """Return of those of these tags that the register knows whether their person has left it."""
    is_gone = RegisterEntry.gone_at.is_not(None).label("is_gone")
    rows = db.session.execute(select(RegisterEntry.tag, is_gone).where(RegisterEntry.tag.in_(tags)))
    return {row.tag: bool(row.is_gone) for row in rows}


def owners_of_cards(tags: Sequence[str]) -> dict[str, str]:
    """Return whose these cards are, by their tags; those that nobody has are left out."""
    rows = db.session.execute(select(CityCard.tag, CityCard.entry_tag).where(CityCard.tag.in_(tags)))
    return {row.tag: row.entry_tag for row in rows}


def count_cards() -> int:
    """Return how many cards are known."""
    return db.session.scalar(select(func.count()).select_from(CityCard)) or 0


def lock_entry_of_card(number: str) -> RegisterEntry | None:
    """Return the entry of whose card of the city it is, loaded anew and locked; raises Unreadable."""
    owner = select(CityCard.entry_tag).where(CityCard.tag == card_tag(number)).scalar_subquery()
    return _locked(RegisterEntry.tag == owner)


def facts_of(account_id: int) -> RegisterFacts | None:
    """Return who an account's owner is to the register; None who has not proven it, or has left it."""
    row = db.session.execute(_FACTS, {"account": account_id}).one_or_none()
    return RegisterFacts(*row) if row else None


def facts_in_person(tag: str, *, at: datetime) -> RegisterFacts | None:
    """Return who somebody with a document in hand is to the register, proven now; None who is not in it."""
    row = db.session.execute(
        select(RegisterEntry.ward_id, RegisterEntry.born_on).where(
            RegisterEntry.tag == tag, RegisterEntry.gone_at.is_(None)
        )
    ).one_or_none()
    return RegisterFacts(tag, at, row.ward_id, row.born_on) if row else None


def proof_of(account_id: int) -> Proof | None:
    """Return what an account has proven, also when the person has left the register since."""
    row = db.session.execute(
        select(
            Identity.verified_at,
            RegisterEntry.ward_id,
            RegisterEntry.born_on,
            RegisterEntry.gone_at.is_not(None),
        )
        .join(RegisterEntry, _IS_PROOF)
        .where(Identity.account_id == account_id)
    ).one_or_none()
    return Proof(*row) if row else None


def count_eligible(
    wards: Collection[int] | None = None, born_from: date | None = None, born_to: date | None = None
) -> int:
    """Count who is in the register: of these wards (None: all), born between two days, both counted."""
    question = select(func.count()).select_from(RegisterEntry).where(*_eligible(wards, born_from, born_to))
    return db.session.scalar(question) or 0


def cells(
    bands: Sequence[tuple[date, date]], wards: Collection[int] | None = None
) -> dict[tuple[int, int], int]:
    """Count who is in the register by (ward, place of the band in `bands`); empty cells are left out.

    A band is the first and the last birth date in it; of bands that overlap the first counts.
    """
    if not bands:
        return {}
    band = case(
        *((RegisterEntry.born_on.between(first, last), place) for place, (first, last) in enumerate(bands)),
        else_=None,
    ).label("band")
    counted = (
        select(RegisterEntry.ward_id, band).where(*_eligible(wards, None, None), band.is_not(None)).subquery()
    )
    rows = db.session.execute(
        select(counted.c.ward_id, counted.c.band, func.count()).group_by(counted.c.ward_id, counted.c.band)
    )
    return {(ward_id, place): number for ward_id, place, number in rows}


def _eligible(
    wards: Collection[int] | None, born_from: date | None, born_to: date | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [RegisterEntry.gone_at.is_(None)]
    if wards is not None:
        conditions.append(RegisterEntry.ward_id.in_(wards))
    if born_from is not None:
        conditions.append(RegisterEntry.born_on >= born_from)
    if born_to is not None:
        conditions.append(RegisterEntry.born_on <= born_to)
    return conditions


def has_register() -> bool:
    """Return whether the city has brought in a register; else the word of its clerks makes the entries."""
    imported = select(RegisterEntry.tag).where(RegisterEntry.imported_at.is_not(None)).limit(1)
    return db.session.scalar(imported) is not None


def lock_entry(tag: str) -> RegisterEntry | None:
    """Return an entry, loaded anew and locked for the running write transaction."""
    return _locked(RegisterEntry.tag == tag)


def lock_entry_of_letter(code_hash: str) -> RegisterEntry | None:
    """Return the entry whose letter has a code, loaded anew and locked for the running write transaction."""
    return _locked(RegisterEntry.letter_code_hash == code_hash)


def _locked(condition: ColumnElement[bool]) -> RegisterEntry | None:
    return db.session.scalars(
        select(RegisterEntry).where(condition).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()


def mark_of(tag: str) -> Identity | None:
    """Return the identity of a tag, loaded anew and locked; None while nobody has ever proven it."""
    return db.session.get(
        Identity, (IdentityKind.REGISTER, tag), populate_existing=True, with_for_update=True
    )


def has_mark(account_id: int) -> bool:
    """Return whether an account has proven to be somebody of the register."""
    own = select(Identity.tag).where(
        Identity.kind == IdentityKind.REGISTER, Identity.account_id == account_id
    )
    return db.session.scalar(own) is not None


def counter_hash(code: str) -> str:
    """Return what is stored of a counter code."""
    return keyed_tag(app_identity_key(), "counter", code)


def account_of_counter_code(code: str, *, at: datetime) -> int | None:
    """Return whose code this is while it is good."""
    return db.session.scalar(
        select(CounterCode.account_id).where(
            CounterCode.code_hash == counter_hash(code), CounterCode.expires_at > at
        )
    )


def entries_between(after: str, last: str | None, *, most: int) -> Sequence[Any]:
    """Return (tag, ward, birth date, is gone, was imported) in the order of tags, at most so many.

    They lie beyond the tag `after` and up to `last`, where there is one.
    """
    question = (
        select(
            RegisterEntry.tag,
            RegisterEntry.ward_id,
            RegisterEntry.born_on,
            RegisterEntry.gone_at.is_not(None).label("is_gone"),
            RegisterEntry.imported_at.is_not(None).label("was_imported"),
        )
        .where(RegisterEntry.tag > after)
        .order_by(RegisterEntry.tag)
        .limit(most)
    )
    return db.session.execute(question if last is None else question.where(RegisterEntry.tag <= last)).all()


def letter_states(tags: Collection[str]) -> Sequence[Any]:
    """Return (tag, made_at or None, tries) of those in the register whom no account has proven to be."""
    has_account = select(Identity.tag).where(_IS_PROOF, Identity.account_id.is_not(None)).exists()
    made_at = case((RegisterEntry.letter_code_hash.is_not(None), RegisterEntry.letter_made_at))
    return db.session.execute(
        select(RegisterEntry.tag, made_at.label("made_at"), RegisterEntry.letter_tries).where(
            RegisterEntry.tag.in_(tags), RegisterEntry.gone_at.is_(None), ~has_account
        )
    ).all()
