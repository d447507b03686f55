"""Writing a proposal: from the draft to the city, changes while nobody else has supported it, withdrawal.

What authors say later stands in events of the kinds in which the city speaks, whose numbers stay to be
called (`cases.masking`); so it is masked here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cps.accounts.models import Account
from cps.cases import rules as cases_rules
from cps.cases import services as cases
from cps.cases.masking import masked, searchable
from cps.cases.models import Attachment, Case, Draft
from cps.cases.rules import MOST_PHOTOS, CaseKind, Channel, EventKind, Mover, Status
from cps.cases.services import NewCase
from cps.cases.services.steps import go
from cps.cases.services.story import record
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.departments.catalogue import KnownCategory
from cps.departments.models import Category
from cps.departments.rules import CategoryKind
from cps.proposals import queries
from cps.proposals.models import Proposal
from cps.proposals.queries.drafts import draft_photos
from cps.proposals.rules import Goal, ends, rank
from cps.proposals.rules.lengths import LONGEST_TITLE, SHORTEST_BODY, SHORTEST_TITLE

ADDITION = "addition"
"""Marks, in the data of an event, what the author added later."""

MOST_A_DAY = 5
"""So much may one person propose within a day."""


@dataclass(frozen=True, slots=True)
class NewProposal:
    """What somebody proposes. Texts are cleaned; without ward and position it is for the whole city."""

    title: str
    body: str
    language: str
    category: Category | KnownCategory
    author: Account
    lat: float | None = None
    lon: float | None = None
    ward_id: int | None = None
    address: str = ""
    shows_author: bool = False
    photos: Sequence[Attachment] = ()
    channel: Channel = Channel.WEB
    filed_by: Account | None = None


def propose(new: NewProposal, *, city: CityFacts, at: datetime) -> Proposal:
    """File a proposal that gathers support from now on; the author follows it.

    Its goal is that of the narrowest area that has one, and stays. Raises RuleViolation where the author has
    proven no address, the words are too few, or the category is not one of proposals.
    """
    _check(new)
    here = queries.goal_for(new.ward_id, new.category)
    until = ends(here.goal, at)
    filed = cases.file_case(
        NewCase(
            kind=CaseKind.PROPOSAL,
            status=Status.GATHERING,
            department_id=here.department_id,
            due_at=until,
            title=new.title,
            body=new.body,
            language=new.language,
            category=new.category,
            lat=new.lat,
            lon=new.lon,
            ward_id=new.ward_id,
            address=new.address,
            reporter=new.author,
            photos=new.photos,
            channel=new.channel,
            filed_by=new.filed_by,
        ),
        zone=city.zone,
        at=at,
    )
    cases.follow(filed.case, by=new.author, at=at)
    return open_for_support(filed.case, here.goal, at=at, shows_author=new.shows_author)


def open_for_support(case: Case, goal: Goal, *, at: datetime, **columns: Any) -> Proposal:
    """Give a case that is filed what it has because it is a proposal."""
    proposal = Proposal(
        case=case,
        needed=goal.supports,
        answer_days=goal.answer_days,
        opened_at=at,
        gathers_until=ends(goal, at),
        rank=rank(at, 0),
        **columns,
    )
    db.session.add(proposal)
    db.session.flush()
    return proposal


def revise(
    proposal: Proposal, *, title: str, body: str, by: Account, at: datetime, shows_author: bool | None = None
) -> None:
    """Let the author change the words, until somebody else supports them; the proposal is locked.

    What people have supported stays what they supported: afterwards only `add` says more.
    """
    case = proposal.case
    _must_be_author(case, by)
    if case.status is not Status.GATHERING:
        raise RuleViolation(_("This proposal no longer gathers support, so its words stay as they are."))
    if proposal.supported_at is not None:
        raise RuleViolation(
            _("Somebody supports this proposal already, so its words stay. You can add to it below.")
        )
    _check_words(title, body)
    case.title, case.body = title, body
    case.search_text = searchable(case)
    case.updated_at = at
    if shows_author is not None:
        proposal.shows_author = shows_author
    db.session.flush()


def add(proposal: Proposal, message: str, *, by: Account, at: datetime, language: str = "") -> None:
    """Let the author add something that everybody sees beside the first words; followers are told."""
    case = proposal.case
    _must_be_author(case, by)
    if not case.is_open:
        raise RuleViolation(_("This proposal is closed, so nothing can be added to it."))
    if not message.strip():
        raise RuleViolation(_("Write what you want to add."))
    said = masked(message, language or case.language)
    data = {ADDITION: True}
    record(case, EventKind.UPDATED, by=by.id, at=at, message=said, language=language, data=data)


def withdraw(proposal: Proposal, reason: str, *, by: Account, at: datetime, language: str = "") -> None:
    """Let the author take the proposal back with a reason that its supporters read; the text stays."""
    case = proposal.case
    _must_be_author(case, by)
    cases_rules.check_move(case.kind, case.status, Status.WITHDRAWN, Mover.REPORTER, message=reason)
    if queries.joined_ids(case.id):
        raise RuleViolation(_("Other proposals were joined to this one, so it stays for their supporters."))
    said = masked(reason, language or case.language)
    go(case, Status.WITHDRAWN, EventKind.MOVED, by=by.id, at=at, message=said, language=language)


def begin_draft(token_hash: str, *, account_id: int | None, at: datetime) -> Draft:
    """Make an empty draft of a proposal that whoever has the token can go on with."""
    draft = Draft(
        kind=CaseKind.PROPOSAL,
        token_hash=token_hash,
        account_id=account_id,
        content={},
        created_at=at,
        updated_at=at,
    )
    db.session.add(draft)
    return draft


def keep_draft(draft: Draft, typed: Mapping[str, Any], *, at: datetime) -> None:
    """Keep what was typed as it is, beside what was kept before."""
    draft.content = {**draft.content, "typed": {**draft.content.get("typed", {}), **typed}}
    draft.updated_at = at


def add_photos(draft: Draft, photos: Sequence[Attachment], *, at: datetime) -> list[Attachment]:
    """Hang stored photos on a draft; returns those for which there was no room."""
    db.session.flush()
    room = max(0, MOST_PHOTOS - len(draft_photos(draft.id)))
    for photo in photos[:room]:
        photo.draft_id = draft.id
        db.session.add(photo)
    draft.updated_at = at
    db.session.flush()
    return list(photos[room:])


def drop_draft(draft: Draft) -> list[str]:
    """Delete a draft that was not sent, with its photos; returns the storage keys to delete afterwards."""
    keys = [key for photo in draft_photos(draft.id) for key in cases.drop_photo(photo)]
    db.session.flush()
    db.session.delete(draft)
    return keys


def _check(new: NewProposal) -> None:
    if not new.author.is_proven:
        raise RuleViolation(
            _("Confirm an e-mail address or a phone number first, so that we can answer you.")
        )
    if new.category.kind is not CategoryKind.PROPOSAL or not new.category.is_active:
        raise RuleViolation(_("Choose what the proposal is about from the list."))
    _check_words(new.title, new.body)


def _check_words(title: str, body: str) -> None:
    if not SHORTEST_TITLE <= len(title.strip()) <= LONGEST_TITLE:
        raise RuleViolation(
            _("Say in one line, of %(least)s to %(most)s letters, what the city should do.",
              least=SHORTEST_TITLE, most=LONGEST_TITLE)
        )  # fmt: skip
    if len(body.strip()) < SHORTEST_BODY:
        raise RuleViolation(_("Say in a few sentences what should be done, and why."))


def _must_be_author(case: Case, by: Account) -> None:
    if case.reporter_id is None or case.reporter_id != by.id:
        raise RuleViolation(_("Only who wrote the proposal can do that."))
