"""The opening: the checklist, then the draft becomes a specification that stands for ever."""

from collections.abc import Sequence
from datetime import date, datetime

from cps.accounts.models import Account
from cps.core import city, i18n
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.keys import app_keys_dir
from cps.polls import checklist, key_files, queries
from cps.polls.checklist import Item, Light
from cps.polls.eligibility import born_between
from cps.polls.fields import SpecificationError
from cps.polls.keys import WorkerKeys
from cps.polls.models import Poll
from cps.polls.rules import CountKey, Method, PollEventKind, PollState, TieRule, most_on_a_ballot
from cps.polls.services import live, turnouts
from cps.polls.services.events import move, record
from cps.polls.services.ledger import sign_first
from cps.polls.specification import Fingerprints, Option, Specification, Who, is_markable
from cps.residents import queries as residents
from cps.wards import queries as wards

NO_KEYS = Fingerprints(heads="0" * 64, seal="0" * 64, roll="0" * 64, handle="0" * 64)
"""Stand in the specification of a draft whose keys are not made yet; it is never frozen."""


def specification_of_draft(poll: Poll, keys: Fingerprints | None) -> Specification:
    """Return what the draft would be frozen as; raises SpecificationError for the first wrong field."""
    known = city.get()
    if poll.opens_at is None or poll.closes_at is None:
        raise RuleViolation(_("Say when the poll opens and closes."))
    if poll.is_declared and poll.key is CountKey.REGISTER:
        raise RuleViolation(
            _("The register decides who may vote: on the page of who may vote, take away that people say it.")
        )
    opens_at, closes_at = _whole(poll.opens_at), _whole(poll.closes_at)
    return Specification(
        poll=poll.slug,
        city=known.name.get(known.default_language) or next(iter(known.name.values())),
        question=_filled(poll.question),
        explanation=_filled(poll.explanation),
        method=poll.method,
        most=most_on_a_ballot(poll.method, poll.most, len(poll.options)),
        budget=poll.budget if poll.method is Method.BUDGET else None,
        currency=known.currency if poll.method is Method.BUDGET else None,
        options=_options(poll),
        order=poll.option_order,
        key=poll.key,
        verified_before=_whole(poll.verified_before or poll.opens_at),
        who=_who(poll),
        age_bands=tuple(poll.age_bands),
        eligible=eligible(poll, known, closes_at),
        opens_at=opens_at,
        closes_at=closes_at,
        results=poll.results,
        lines=poll.lines,
        sensitive=poll.is_sensitive,
        tie=poll.tie,
        draw=poll.draw_text if poll.tie is TieRule.DRAW else "",
        objection_days=poll.objection_days,
        decision_days=poll.decision_days,
        witnesses=tuple(poll.witnesses),
        keys=keys or NO_KEYS,
    )


def eligible(poll: Poll, known: CityFacts, closes_at: datetime) -> int | None:
    """Return how many may vote where a list or the register says so, else None.

    A register that grows by the word of clerks while people vote says nothing beforehand.
    """
    if poll.is_listed:
        return queries.count_listed(poll.id)
    if poll.key is not CountKey.REGISTER or poll.is_declared or not residents.has_register():
        return None
    day: date = closes_at.astimezone(known.zone).date()
    born_from, born_to = born_between(poll.age_from, poll.age_to, day)
    return residents.count_eligible(_ward_ids(poll.ward_codes), born_from, born_to)


def checked(poll: Poll, keys: Fingerprints | None, *, at: datetime) -> dict[Item, Light]:
    """Return the checklist of a draft with its lights."""
    known = city.get()
    draft = _or_none(poll, keys)
    return checklist.lights(
        checklist.Known(
            languages=[code for code in known.languages if code in i18n.OWN_NAMES],
            texts=[poll.question, *(option.labels for option in poll.options)],
            method=poll.method,
            costs=[option.cost for option in poll.options],
            budget=poll.budget,
            opens_at=poll.opens_at,
            closes_at=poll.closes_at,
            has_keys=keys is not None,
            was_used=key_files.was_used(app_keys_dir(), poll.slug),
            copy_read=poll.copy_read_at is not None,
            rehearsed=poll.rehearsed_at is not None,
            witnesses=poll.witnesses,
            has_no_witnesses=poll.has_no_witnesses,
            key=poll.key,
            results=poll.results,
            lines=poll.lines,
            is_markable=draft is not None and is_markable(draft, draft.eligible),
            is_sensitive=poll.is_sensitive,
            eligible=draft.eligible if draft else _eligible_of_draft(poll, known, at),
            has_objection_category=poll.objection_category_id is not None,
        ),
        at,
    )


def open_poll(poll: Poll, keys: Fingerprints, worker: WorkerKeys, *, by: Account, at: datetime) -> None:
    """Freeze a locked draft and sign the first head; votes are taken from `opens_at` on.

    Beside the keys it is noted that they are used now, as the last thing before the caller commits: a commit
    that fails leaves a draft that can only be cloned. Raises RuleViolation while the checklist is red or
    where the keys opened another poll, SpecificationError where a field is wrong, ConfigurationError where
    the note cannot be written.
    """
    must_be_unused(poll)
    if not checklist.may_open(checked(poll, keys, at=at)):
        raise RuleViolation(_("Every line of the checklist must be done before the poll can open."))
    if poll.opens_at is None or poll.opens_at < at:
        poll.opens_at = _whole(at)
    poll.opens_at, poll.closes_at = _whole(poll.opens_at), poll.closes_at and _whole(poll.closes_at)
    frozen = specification_of_draft(poll, keys)
    poll.eligible = frozen.eligible
    poll.most = frozen.most
    poll.turnout = turnouts.eligible_now(frozen)
    poll.spec_json = frozen.to_bytes().decode()
    poll.spec_sha256 = frozen.sha256()
    move(poll, PollState.OPEN, at=at)
    poll.opened_at = at
    sign_first(poll, worker, at=at)
    live.begin(poll, frozen)
    record(poll, PollEventKind.OPENED, by=by, at=at, specification=poll.spec_sha256)
    db.session.flush()
    key_files.note_opening(app_keys_dir(), poll.slug, poll.spec_sha256)


def must_be_unused(poll: Poll) -> None:
    """Raise RuleViolation for a draft under whose address a poll was opened: there would be two of them.

    So it is where the database was restored from a copy that was made before the opening.
    """
    if key_files.was_used(app_keys_dir(), poll.slug):
        raise RuleViolation(
            _(
                "A poll was opened under this address already, after the copy was made from which this"
                " database was restored. It cannot be opened a second time: clone this draft, then open the"
                " clone."
            )
        )


def _eligible_of_draft(poll: Poll, known: CityFacts, at: datetime) -> int | None:
    """Return how many may vote in a draft that is no specification yet, as when they are too few for one.

    Ages are those of `at` until the close is set: else a draft would be told to be without a register.
    """
    return eligible(poll, known, poll.closes_at or at)


def _or_none(poll: Poll, keys: Fingerprints | None) -> Specification | None:
    try:
        return specification_of_draft(poll, keys)
    except (SpecificationError, RuleViolation):
        return None


def _options(poll: Poll) -> tuple[Option, ...]:
    is_budget = poll.method is Method.BUDGET
    return tuple(
        Option(
            code=option.code,
            labels=_filled(option.labels),
            texts=_filled(option.texts),
            cost=option.cost if is_budget else None,
            picture=option.picture_sha256 or None,
        )
        for option in poll.options
    )


def _who(poll: Poll) -> Who:
    return Who(
        wards=tuple(sorted(poll.ward_codes)) or None,
        age_from=poll.age_from,
        age_to=poll.age_to,
        listed=poll.is_listed,
        declared=poll.is_declared,
    )


def _ward_ids(codes: Sequence[str]) -> list[int] | None:
    known = wards.all_by_code()
    return [known[code].id for code in codes if code in known] if codes else None


def _filled(texts: dict[str, str]) -> dict[str, str]:
    return {language: text for language, text in texts.items() if text}


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)
