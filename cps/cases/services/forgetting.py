"""What is left of a reporter who is forgotten: the case with its words, and nothing that leads to them.

It happens when somebody deletes their account (at once, all their cases), and by itself a set time after a
case was closed (`cps retention`).
"""

import re
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from cps.accounts.partings import Parting
from cps.cases.integrity_models import IntegrityReport
from cps.cases.masking import masked, searchable
from cps.cases.models import (
    Case,
    CaseContact,
    CaseEvent,
    CaseOriginal,
    EventOriginal,
    Follow,
    Support,
)
from cps.cases.queries import people, reporters
from cps.cases.reference import hash_secret
from cps.cases.rules import Audience, CaseKind, EventKind
from cps.cases.services.story import record
from cps.cases.services.voice import forget_notes
from cps.core import near_words, search, search_index
from cps.core.db import db
from cps.core.i18n import gettext as _
from cps.core.i18n import gettext_in
from cps.core.many import change_rows

Forgetter = Callable[[Sequence[int]], None]
"""Forgets what leads to the reporters of these cases, in the running transaction."""

_also: list[Forgetter] = []

SHORTEST_NAME = 2
NO_PIN = "-"
"""No PIN has this hash."""


def also(forgetter: Forgetter) -> Forgetter:
    """Register what a feature above forgets when the reporters of cases are forgotten."""
    _also.append(forgetter)
    return forgetter


def forget_reporter(parting: Parting) -> None:
    """Forget who reported the cases of an account that is being deleted, and their part in those of others.

    The words stay without name, addresses and numbers. Officers of an open case read that they can ask
    nobody any more.
    """
    account_id = parting.account_id
    cases = reporters.lock_reported_by(account_id)
    if _anonymise(cases, at=parting.at):
        search_index.drop_gone_words_soon(parting.at)
    near_words.forget(search.search_text(parting.name).split(" "))
    for event in reporters.acts_of(account_id):
        _hide_in_event(event, {parting.name})
        event.actor_id = None
    for case in cases:
        if case.is_open:
            _tell_staff(case, parting.at)
    _take_part_no_more(account_id, parting.at)
    db.session.flush()


def anonymise_reporters(case_ids: Sequence[int], *, at: datetime) -> None:
    """Forget, in the running transaction, who reported these cases; done already is fine."""
    if _anonymise(reporters.lock_cases(case_ids), at=at):
        search_index.drop_gone_words_hourly(at)


def _anonymise(cases: Sequence[Case], *, at: datetime) -> bool:
    """Forget who reported these cases; returns whether words are hidden now that were searched."""
    ids = [case.id for case in cases]
    contacts, stories = reporters.contacts_of(ids), reporters.stories_of(ids)
    names = reporters.names_by_account(case.reporter_id for case in cases)
    forget_originals(ids)
    forget_notes(cases)
    _forget_whom_it_names([case.id for case in cases if not case.is_open])
    hidden = []
    for case in cases:
        contact = contacts.get(case.id)
        called = {names.get(case.reporter_id or 0, ""), contact.name if contact else ""} - {""}
        hidden.append(_hide_in_case(case, called))
        _leave_story(case, stories[case.id], called)
        if contact is not None and contact.anonymised_at is None:
            _empty(contact, at)
        case.reporter_id = None
    db.session.flush()
    for forgetter in _also:
        forgetter(ids)
    return any(hidden)


def _leave_story(case: Case, story: Sequence[CaseEvent], names: set[str]) -> None:
    """Let a story tell what the reporter did without saying who that is."""
    for event in story:
        _hide_in_event(event, names)
        if case.reporter_id is not None and event.actor_id == case.reporter_id:
            event.actor_id = None


def forget_originals(case_ids: Sequence[int]) -> None:
    """Delete what cases and their stories said before numbers in them were masked."""
    change_rows(delete(EventOriginal).where(EventOriginal.event_id.in_(reporters.ids_of_stories(case_ids))))
    change_rows(delete(CaseOriginal).where(CaseOriginal.case_id.in_(case_ids)))


def _forget_whom_it_names(case_ids: Sequence[int]) -> None:
    """Delete the words for the person whom a closed complaint about staff names; its department stays."""
    named = update(IntegrityReport).where(IntegrityReport.case_id.in_(case_ids))
    change_rows(named.values(about_person=""))


def _empty(contact: CaseContact, at: datetime) -> None:
    """Blank how the reporter is reached, and let no link and no PIN of old messages open the case."""
    contact.name = contact.email = contact.phone = contact.language = ""
    contact.secret_hash = hash_secret(secrets.token_urlsafe(32))
    contact.pin_hash = NO_PIN
    contact.anonymised_at = at


def _hide_in_case(case: Case, names: set[str]) -> bool:
    hide = hider(names, case.language)
    changed = False
    for field in ("title", "body", "address", "answers"):
        said = getattr(case, field)
        shown = _in_all(said, hide)
        if shown != said:
            setattr(case, field, shown)
            changed = True
    if changed:
        case.search_text = searchable(case)
    return changed


def _hide_in_event(event: CaseEvent, names: set[str]) -> None:
    hide = hider(names, event.language)
    for field in ("message", "data"):
        said = getattr(event, field)
        shown = _in_all(said, lambda words: hide(masked(words, event.language or "en")))
        if shown != said:
            setattr(event, field, shown)


def hider(names: set[str], language: str) -> Callable[[str], str]:
    """Return what replaces these names in a text; within a longer word of Latin letters a name stays."""
    known = sorted((name for name in names if len(name) >= SHORTEST_NAME), key=len, reverse=True)
    if not known:
        return str
    edged = (rf"(?<!\w){re.escape(name)}(?!\w)" if name.isascii() else re.escape(name) for name in known)
    found = re.compile("|".join(edged), re.IGNORECASE)
    instead = gettext_in(language or "en", "[name hidden]")
    return lambda words: found.sub(lambda _match: instead, words)


def _in_all(value: Any, change: Callable[[str], str]) -> Any:
    """Change every text of a value as JSON has them; keys and numbers stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_in_all(one, change) for one in value]
    if isinstance(value, dict):
        return {key: _in_all(one, change) for key, one in value.items()}
    return value


def _tell_staff(case: Case, at: datetime) -> None:
    message = _("Who reported this has deleted their account. They cannot be asked, and hear nothing more.")
    record(case, EventKind.NOTED, by=None, at=at, message=message, audience=Audience.STAFF, tells=False)


def _take_part_no_more(account_id: int, at: datetime) -> None:
    """Take back the account's support, with the counts, and end its follows."""
    backed = people.backed_by(account_id)
    change_rows(delete(Support).where(Support.account_id == account_id))
    fewer = {"support_count": Case.support_count - 1, "updated_at": at}
    counted = (Case.id.in_(backed), Case.kind == CaseKind.COMPLAINT)  # proposals are counted by the worker
    change_rows(update(Case).where(*counted).values(fewer))
    change_rows(delete(Follow).where(Follow.account_id == account_id))
