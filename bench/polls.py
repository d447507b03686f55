"""Polls to measure, opened by the program's own services, and people of the register who may vote in them."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from bench.databases import City
from cps import create_app
from cps.accounts.models import Account, Identity, SignInSession
from cps.accounts.rules import AccountState, IdentityKind
from cps.config import Config
from cps.core import city, clock
from cps.core.db import db, transaction
from cps.core.keys import app_keys_dir, hashed_token
from cps.departments.models import Category
from cps.polls import copies, key_files, queries
from cps.polls import keys as poll_keys
from cps.polls.models import Poll
from cps.polls.rules import CountKey, Lines, Method
from cps.polls.services import drafting, opening, rehearsing
from cps.residents.models import RegisterEntry
from cps.wards import queries as wards

OPTIONS = ("bench", "bridge", "clinic", "library", "market", "park", "pool", "school")
MOST = 3
AT_ONCE = 5_000
MONTH = timedelta(days=30)
COOKIE = "cps"
ADMINISTRATOR = "admin@demo.test"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the register, by their keyed tag."""

    tag: str
    ward: str
    born_on: date


@contextmanager
def application(city: City) -> Iterator[Flask]:
    """Provide an application of this process on a city, in its context."""
    app = create_app(Config.from_environment(city.settings()))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def fill_register(people: int) -> list[Person]:
    """Put so many people into the register, of every ward and of 16 to 90 years."""
    rng, known, today = Random(people), wards.all_by_code(), clock.now().date()
    codes, month_ago = sorted(known), clock.now() - MONTH
    made = [
        Person(secrets.token_hex(32), rng.choice(codes), today - timedelta(days=rng.randrange(5_900, 32_800)))
        for _ in range(people)
    ]
    _insert(RegisterEntry, made, lambda one: _entry(one, known[one.ward].id, month_ago))
    return made


def _entry(one: Person, ward_id: int, at: datetime) -> Row:
    return {"tag": one.tag, "ward_id": ward_id, "born_on": one.born_on, "letter_tries": 0, "imported_at": at}


def sign_in(app: Flask, people: Sequence[Person]) -> list[str]:
    """Give people accounts that were verified a month ago, and a session each; returns their cookies."""
    at = clock.now()
    account: Row = {"display_name": "", "email": "", "phone": "", "language": "en", "password_hash": ""}
    account |= {"state": AccountState.ACTIVE, "created_at": at - MONTH, "version": 1}
    tokens = [secrets.token_urlsafe(32) for _ in people]
    with transaction():
        ids = [*db.session.scalars(insert(Account).returning(Account.id), [{**account} for _ in people])]
    owners = list(zip(people, ids, tokens, strict=True))
    proven = {"kind": IdentityKind.REGISTER, "verified_at": at - MONTH}
    _insert(Identity, owners, lambda one: {**proven, "tag": one[0].tag, "account_id": one[1]})
    dates = {"created_at": at, "seen_at": at, "expires_at": at + MONTH, "device": "bench"}
    _insert(
        SignInSession, owners, lambda one: {**dates, "account_id": one[1], "token_hash": hashed_token(one[2])}
    )
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return [signer.dumps({"_user_id": token, "_fresh": True}) for token in tokens]


def _insert(table: type[Any], things: Sequence[Any], row: Callable[[Any], Row]) -> None:
    for start in range(0, len(things), AT_ONCE):
        insert_rows(table, [row(one) for one in things[start : start + AT_ONCE]])


def insert_rows(table: type[Any], rows: Sequence[Row]) -> None:
    """Insert rows in a transaction of their own."""
    with transaction():
        db.session.execute(insert(table), rows)


def administrator() -> Account:
    """Return who opens, extends and publishes."""
    return db.session.scalars(select(Account).where(Account.email == ADMINISTRATOR)).one()


def open_poll(slug: str, *, opens_at: datetime, closes_at: datetime) -> Poll:
    """Open a poll of the register, up to three of eight options, whose full lines are published."""
    at = clock.now()
    with transaction():
        by = administrator()
        category = db.session.scalars(select(Category.id).order_by(Category.id).limit(1)).one()
        languages = city.get().languages
        poll = drafting.create(slug, dict.fromkeys(languages, "What first?"), by=by, at=at)
        values = {
            "method": Method.APPROVAL,
            "most": MOST,
            "key": CountKey.REGISTER,
            "opens_at": opens_at,
            "closes_at": closes_at,
            "verified_before": closes_at,
            "lines": Lines.FULL,
            "witnesses": ["The Aurelia Courier", "Citizens for Counting"],
            "objection_category_id": category,
        }
        drafting.change(poll, values, by=by, at=at)
        labels = [drafting.OptionDraft(code, dict.fromkeys(languages, code.title()), {}) for code in OPTIONS]
        drafting.set_options(poll, labels, by=by, at=at)
        keys = poll_keys.make(slug)
        key_files.write(app_keys_dir(), keys)
        if copies.read_copy(copies.copy_text(keys)) == keys:
            drafting.copy_was_read(poll, by=by, at=at)
        rehearsing.rehearse(opening.specification_of_draft(poll, opening.NO_KEYS), keys)
        drafting.was_rehearsed(poll, by=by, at=at)
        opening.open_poll(poll, keys.fingerprints(), keys.worker, by=by, at=at)
    return queries.get_poll(slug)
