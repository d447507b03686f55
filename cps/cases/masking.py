"""Numbers and addresses of people in texts that everybody reads: masked as the text is written, at one place.

Everything that shows, sends, searches or exports a case reads the columns of `Case` and `CaseEvent`. Before
they reach the database, mail addresses, phone numbers, identity and card numbers in them are replaced. So no
page, feed or export can forget it, and nobody learns by searching whether a number stands in a case. What
stood there before is kept in tables of its own, for the reporter and for those who work the case
(`cases.queries.originals`). The city's own phone numbers and case numbers stay.

Whom to call is part of many an answer. In what staff say publicly only identity and card numbers are
hidden, and every way to reach the reporter.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import InstanceState, Session
from sqlalchemy.orm.attributes import flag_modified

from cps.accounts.models import Account
from cps.cases import queries
from cps.cases import reference as references
from cps.cases.models import Case, CaseContact, CaseEvent, CaseOriginal, EventOriginal
from cps.cases.reference import NotAReference
from cps.cases.rules import FROM_REPORTER, Audience
from cps.core import city as cities
from cps.core import mask, search, text
from cps.core.i18n import gettext_in
from cps.core.mask import Placeholders
from cps.departments import queries as departments

OF_CASE = ("title", "body", "address", "answers")
OF_EVENT = ("message", "data")
SEARCHED = ("title", "body", "address")
SHORTEST_PHONE = 7
"""Digits of a number that may be the end of one of the city's: local people leave the area code out."""

_SAID = "_cps_originals"
"""Where a row keeps what it said until it is written: after a failed insert the same row is tried again."""


Stays = Callable[[str], bool]


def masked(words: str, language: str) -> str:
    """Return words as everybody may read them; what stands in place of a number is in their language."""
    return mask.mask(words, _placeholders(language), keep=_stays)


def searchable(case: Case) -> str:
    """Return the tokens under which a case is found: its words, its place, its numbers here and elsewhere."""
    return search.search_text(case.title, case.body, case.address, case.reference, case.external_id)


def _placeholders(language: str) -> Placeholders:
    return Placeholders(
        email=gettext_in(language, "[e-mail address hidden]"),
        phone=gettext_in(language, "[phone number hidden]"),
        number=gettext_in(language, "[number hidden]"),
    )


def _stays(found: str) -> bool:
    """Say whether it is the number of a case that there is, or one under which the city is called."""
    try:
        return queries.find_case(references.parse(found)) is not None or _is_the_citys(found)
    except NotAReference:
        return _is_the_citys(found)


def _stays_of_staff(session: Session, said: CaseEvent) -> Stays:
    """Return what says whether it stays in the public words of staff."""
    ways = cache(lambda: _ways_to_reporter(session, said.case_id))

    def stays(found: str) -> bool:
        return _stays(found) or not (mask.is_identity(found) or _is_one_of(found, ways()))

    return stays


def _ways_to_reporter(session: Session, case_id: int | None) -> list[str]:
    """Return the addresses and numbers under which the reporter of a case is reached."""
    if case_id is None:
        return []
    case, contact = session.get(Case, case_id), session.get(CaseContact, case_id)
    account = session.get(Account, case.reporter_id) if case is not None and case.reporter_id else None
    return [way for one in (contact, account) if one is not None for way in (one.email, one.phone) if way]


def _is_one_of(found: str, ways: list[str]) -> bool:
    return found.lower() in {way.lower() for way in ways} or _is_called(found, ways)


def _is_the_citys(found: str) -> bool:
    city = cities.find()
    phones = [one.phone for one in departments.catalogue().departments.values()]
    if city is not None:
        phones += [city.phone, city.emergency_phone]
    return _is_called(found, phones)


def _is_called(found: str, phones: list[str]) -> bool:
    """Say whether it is one of these phone numbers, with or without what stands before it far away."""
    digits = _digits(found)
    return len(digits) >= SHORTEST_PHONE and any(
        known.endswith(digits) or digits.endswith(known)
        for known in map(_digits, phones)
        if len(known) >= SHORTEST_PHONE
    )


def _digits(phone: str) -> str:
    """Return the digits of a number without the zero that stands for the country's code."""
    return "".join(character for character in phone if character.isdecimal()).lstrip("0")


@event.listens_for(Session, "before_flush")
def _mask_before_writing(session: Session, *_: object) -> None:
    for row in [*session.new, *session.dirty]:
        if isinstance(row, Case):
            _mask_case(session, row)
        elif isinstance(row, CaseEvent) and _is_masked(row):
            _mask_event(session, row)


def to_hide(session: Session, row: Case | CaseEvent) -> list[str]:
    """Return in which fields of a row something is to be hidden: one that was written before masking was."""
    if isinstance(row, CaseEvent) and not _is_masked(row):
        return []
    names, stays = _how_to_mask(session, row)
    seen = [(name, getattr(row, name)) for name in names]
    return [name for name, said in seen if _masked_value(said, row.language, stays) != said]


def mask_anew(session: Session, row: Case | CaseEvent) -> None:
    """Let a row be masked at the next flush; what is masked already stays, and what is kept of it."""
    for name in to_hide(session, row):
        flag_modified(row, name)


def _how_to_mask(session: Session, row: Case | CaseEvent) -> tuple[tuple[str, ...], Stays]:
    """Return the fields of a row that are masked, and what says whether something stays in them."""
    if isinstance(row, Case):
        return OF_CASE, _stays
    by_staff = row.actor_id is not None and row.kind not in FROM_REPORTER
    return OF_EVENT, _stays_of_staff(session, row) if by_staff else _stays


def _is_masked(said: CaseEvent) -> bool:
    """Say whether an event is for everybody; what a notice says stands on the city's own page already."""
    return said.audience in {None, Audience.PUBLIC} and "notice" not in (said.data or {})


def _mask_case(session: Session, case: Case) -> None:
    texts = _mask_fields(session, case, *_how_to_mask(session, case))
    if texts is None:
        return
    if set(texts) & set(SEARCHED):
        case.search_text = searchable(case)
    kept = _kept(session, case)
    if kept is not None:
        kept.texts = texts
    elif texts:
        session.add(CaseOriginal(case=case, texts=texts))


def _mask_event(session: Session, said: CaseEvent) -> None:
    texts = _mask_fields(session, said, *_how_to_mask(session, said))
    if texts is None:
        return
    kept = _kept(session, said)
    if kept is not None:
        kept.texts = texts
    elif texts:
        session.add(EventOriginal(event=said, texts=texts))


def _mask_fields(
    session: Session, row: Case | CaseEvent, names: tuple[str, ...], stays: Stays
) -> dict[str, Any] | None:
    """Mask the fields that changed; returns what all fields said before, None where none of them changed."""
    state: InstanceState[Any] = inspect(row)
    changed = [name for name in names if state.attrs[name].history.has_changes()]
    if not changed:
        return None
    kept = _kept(session, row)
    texts = dict(kept.texts if kept is not None else row.__dict__.get(_SAID, {}))
    for name in changed:
        said = getattr(row, name)
        shown = _that_fits(state, name, _masked_value(said, row.language, stays))
        if shown != said:
            texts[name] = said
            setattr(row, name, shown)
        elif state.persistent:
            texts.pop(name, None)
    if not state.persistent:
        row.__dict__[_SAID] = texts
    return texts


def _that_fits(state: InstanceState[Any], name: str, shown: Any) -> Any:
    """Cut what is longer than its column: the words in place of a number may be longer than the number."""
    longest: int | None = getattr(state.mapper.columns[name].type, "length", None)
    if longest is None or not isinstance(shown, str) or len(shown) <= longest:
        return shown
    return text.excerpt(shown, longest)


def _kept(session: Session, row: Case | CaseEvent) -> CaseOriginal | EventOriginal | None:
    """Return the row that keeps the originals of one that is written already, where it has any."""
    state: InstanceState[Any] = inspect(row)
    if not state.persistent:
        return None
    if isinstance(row, Case):
        return session.get(CaseOriginal, row.id)
    return session.get(EventOriginal, row.id)


def _masked_value(value: Any, language: str, stays: Stays) -> Any:
    """Mask every text of a value as JSON has them; keys and numbers stay."""
    if not value:
        return value
    if isinstance(value, str):
        return mask.mask(value, _placeholders(language or _default_language()), keep=stays)
    if isinstance(value, list):
        return [_masked_value(one, language, stays) for one in value]
    if isinstance(value, dict):
        return {key: _masked_value(one, language, stays) for key, one in value.items()}
    return value


def _default_language() -> str:
    city = cities.find()
    return city.default_language if city else "en"
