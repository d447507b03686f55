"""Answers to what came in: by text message, by chat, or by mail, each once for each message."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import update

from cps.channels import queries
from cps.channels.models import ChatMessage, IncomingMessage
from cps.channels.rules import WayKind
from cps.core import city as cities
from cps.core import offline
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.phone import is_phone
from cps.core.sms_budget import SmsPurpose
from cps.core.upsert import insert_into
from cps.notifications.models import Message
from cps.notifications.queries import Recipient
from cps.notifications.services.texting import Text, text_to

Words = Callable[[CityFacts], str]
"""Writes an answer in the language of the running context."""


def answer(row: IncomingMessage, kind: WayKind, write: Words, *, at: datetime) -> None:
    """Answer a short message by the way it came; a number that takes no text messages gets none."""
    about = f"incoming:{row.id}"
    if kind is WayKind.CHAT:
        chat(row.way, row.sender, row.language, about, write, at=at, case_id=row.case_id)
    elif kind is WayKind.SMS and is_phone(row.sender):
        told = Text(about, SmsPurpose.NEWS, lambda city, _to: write(city), at, row.case_id)
        text_to(told, [Recipient(row.sender, row.language)])


def chat(
    way: str, address: str, language: str, about: str, write: Words, *, at: datetime, case_id: int | None
) -> None:
    """Add an answer by chat; one about the same thing that exists already is left alone."""
    city = cities.get()
    with offline.speaking(offline.language_for(language, city), city):
        written = write(city)
    row = {
        "dedupe_key": f"{about}:{way}",
        "way": way,
        "address": address,
        "case_id": case_id,
        "text": written,
        "created_at": at,
        "run_at": at,
    }
    db.session.execute(
        insert_into(ChatMessage).values(row).on_conflict_do_nothing(index_elements=["dedupe_key"])
    )


def refer_to_mail(case_id: int) -> None:
    """Let the letter that the city has a case answer the mail by which the case came."""
    if thread_id := queries.thread_of(case_id):
        letter = Message.dedupe_key.startswith(f"filed:{case_id}:", autoescape=True)
        statement = update(Message).where(letter, Message.done_at.is_(None)).values(in_reply_to=thread_id)
        db.session.execute(statement.execution_options(synchronize_session=False))
