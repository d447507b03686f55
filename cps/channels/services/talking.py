"""Short messages, by SMS or chat: what each asks for is done, and answered by the way it came.

The way is locked first, so that what comes by one way is taken one after the other: the same message that a
gateway hands over twice at once, or the same words pressed twice, become one case.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from cps.cases import queries as case_reads
from cps.cases import services as cases
from cps.cases.models import Case
from cps.cases.services import Contact
from cps.channels import queries, wording
from cps.channels.models import ChatContact, IncomingMessage
from cps.channels.orders import Order, Verb, nearest, understood
from cps.channels.rules import DOUBLE_WITHIN, SHORTEST_REPORT, Incoming, WayKind, Why
from cps.channels.services.answering import Words, answer
from cps.channels.services.entering import Arrived, enter, file, join
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.phone import is_phone
from cps.core.text import clean, detect_language

HIDDEN_PIN = "••••"


def take(
    arrived: Arrived, *, city: CityFacts, at: datetime, held: Why | None = None
) -> IncomingMessage | None:
    """Do what a short message asks for; None where it was taken before.

    `held` sets it apart for a person's look, without an answer: too many came from this sender.
    """
    queries.lock_way(arrived.way)
    if queries.taken(arrived.way, arrived.external_id) is not None:
        return None
    order = understood(arrived.text)
    if queries.is_blocked(arrived.sender_tag):
        return enter(_without_pin(arrived, order), Incoming.REFUSED, at=at, why=Why.BLOCKED)
    if held is not None:
        return enter(_without_pin(arrived, order), Incoming.QUARANTINED, at=at, why=held)
    spoken = replace(arrived, language=_language(arrived, order, city))
    return _Talk(spoken, order, city, at).go()


def _without_pin(arrived: Arrived, order: Order) -> Arrived:
    """Return a message as it is kept: a PIN that was sent is not, in whatever digits it was typed."""
    return arrived.saying(clean(arrived.text).removesuffix(order.rest) + HIDDEN_PIN) if order.pin else arrived


def _language(arrived: Arrived, order: Order, city: CityFacts) -> str:
    found = detect_language(arrived.text, city.languages) or order.language
    known = found if found in city.languages else queries.last_language(arrived.sender_tag)
    return known or city.default_language


class _Talk:
    """One short message, understood; `go` does what it asks for."""

    def __init__(self, arrived: Arrived, order: Order, city: CityFacts, at: datetime) -> None:
        self.arrived, self.order, self.city, self.at = arrived, order, city, at
        way = arrived.way if arrived.kind is WayKind.CHAT else ""
        self.own: Sequence[Case] = queries.cases_of(arrived.sender, way) if arrived.sender else ()

    def go(self) -> IncomingMessage:
        """Do it, and answer; returns the message as it was written down."""
        does: dict[Verb, Callable[[], IncomingMessage]] = {
            Verb.REPORT: self._report,
            Verb.TALK: self._talk,
            Verb.STATUS: self._status,
            Verb.ANSWER: self._reply,
            Verb.STOP: self._stop,
            Verb.HELP: lambda: self._say(wording.how_to),
        }
        return does[self.order.verb]()

    def _talk(self) -> IncomingMessage:
        """Take words without a command: an answer where the city asked, else a report."""
        asked = queries.asked_among(self.own)
        if len(asked) == 1:
            return self._join(asked[0], self.order.rest)
        if asked:
            return self._say(lambda city: wording.which_one(city, [case.reference for case in asked]))
        return self._report()

    def _report(self) -> IncomingMessage:
        said = self.arrived.saying(self.order.rest)
        if sum(sign.isalpha() for sign in said.text) < SHORTEST_REPORT and not said.photos:
            return self._say(wording.how_to)
        if before := queries.said_before(said.sender_tag, said.text, since=self.at - DOUBLE_WITHIN):
            case = db.session.get(Case, before.case_id)
            return enter(said, Incoming.NOTED, at=self.at, why=Why.DOUBLE, case=case)
        filed = file(said, self._contact(), city=self.city, at=self.at)
        if said.kind is WayKind.CHAT:
            db.session.add(
                ChatContact(case_id=filed.case.id, way=said.way, address=said.sender, language=said.language)
            )
        return enter(said, Incoming.LANDED, at=self.at, case=filed.case)

    def _contact(self) -> Contact:
        phone = self.arrived.sender if is_phone(self.arrived.sender) else ""
        return Contact(
            phone=phone if self.arrived.kind is WayKind.SMS else "", language=self.arrived.language
        )

    def _status(self) -> IncomingMessage:
        if not self.order.reference and not self.order.mistyped:
            return self._tell(self.own[0]) if self.own else self._say(wording.how_to)
        reference = self._reference()
        if reference is None:
            return self._say(wording.mistyped)
        case = case_reads.find_case(reference)
        if case is None or case.is_hidden:
            return self._say(wording.no_such_case)
        if case.is_listed or self._is_own(case) or self._has_pin(case):
            return self._tell(case)
        if self.order.pin and not self.arrived.came_in_pieces:
            return self._say(wording.wrong_pin)
        return self._say(lambda city: wording.needs_pin(city, reference))

    def _reference(self) -> str | None:
        """Return the number that was typed, or of a mistyped one that of the own case that is nearest."""
        return self.order.reference or nearest(self.order.mistyped, (case.reference for case in self.own))

    def _tell(self, case: Case) -> IncomingMessage:
        said = queries.newest_word(case.id, at=self.at) if case.is_listed else ""
        return self._say(
            partial(wording.how_it_stands, case=case, said=said, is_private=not case.is_listed), case
        )

    def _reply(self) -> IncomingMessage:
        asked, reference = queries.asked_among(self.own), self._reference()
        if not self.order.reference and not self.order.mistyped and len(asked) == 1:
            return self._join(asked[0], self.order.rest)
        case = case_reads.find_case(reference) if reference else None
        if case is None or case.is_hidden:
            return self._say(wording.no_such_case if reference else wording.mistyped)
        if self._is_own(case):
            return self._join(case, self.order.rest)
        if not case.is_listed:
            return self._say(lambda city: wording.needs_pin(city, case.reference))
        row = enter(self.arrived, Incoming.QUARANTINED, at=self.at, why=Why.NOT_REPORTER, case=case)
        answer(row, self.arrived.kind, wording.a_person_looks, at=self.at)
        return row

    def _join(self, case: Case, words: str) -> IncomingMessage:
        said = self.arrived.saying(words)
        if not words and not said.photos:
            return self._tell(case)
        join(case_reads.lock_case(case.reference), said, at=self.at)
        row = enter(said, Incoming.JOINED, at=self.at, case=case)
        answer(row, said.kind, lambda city: wording.thanks(city, case.reference), at=self.at)
        return row

    def _stop(self) -> IncomingMessage:
        for case in self.own if self.arrived.kind is WayKind.SMS else ():
            cases.stop_texts(case.id, at=self.at)
        row = enter(self.arrived, Incoming.NOTED, at=self.at, why=Why.STOPPED)
        answer(row, self.arrived.kind, wording.stopped, at=self.at)
        return row

    def _say(self, write: Words, case: Case | None = None) -> IncomingMessage:
        """Answer; a PIN that was sent is not kept."""
        row = enter(_without_pin(self.arrived, self.order), Incoming.ANSWERED, at=self.at, case=case)
        answer(row, self.arrived.kind, write, at=self.at)
        return row

    def _is_own(self, case: Case) -> bool:
        return any(case.id == own.id for own in self.own)

    def _has_pin(self, case: Case) -> bool:
        """Compare the PIN; not of pieces, whose tries nobody has counted. A PIN fits into one message."""
        return not self.arrived.came_in_pieces and case_reads.is_pin_of(case, self.order.pin)
