"""The polls of the demo city, held by the program's own services.

Their keys are real and lie in the folder of keys. Up to its last vote each poll is one transaction, made
once; an interrupted load goes on with the first that is missing.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import chain

from cps.accounts import queries as accounts
from cps.accounts.models import Account
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.keys import app_keys_dir
from cps.core.leases import Turn
from cps.demo import counter, shapes
from cps.demo.plan import DOMAIN, FEWEST_RESIDENTS
from cps.demo.queries import Resident
from cps.demo.world import World
from cps.departments import services as departments
from cps.departments.rules import TimeUnit
from cps.departments.specs import CategorySpec
from cps.polls import ballot, copies, key_files, queries, receipt, working
from cps.polls import keys as poll_keys
from cps.polls.eligibility import NotEligible
from cps.polls.key_ring import specification_of, web_keys
from cps.polls.keys import PollKeys, WebKeys
from cps.polls.models import Poll
from cps.polls.rules import CountKey, Method, ResultsWhen
from cps.polls.seal import seal
from cps.polls.services import casting, drafting, electorate, opening, publishing, rehearsing
from cps.polls.services.casting import SealedBallot, Voter
from cps.polls.services.opening import NO_KEYS
from cps.residents import queries as residents

OBJECTION = CategorySpec(
    code="poll-objection",
    name={
        "en": "Objection to a poll",
        "ko": "투표 이의 신청",
        "id": "Keberatan atas pemungutan suara",
        "fil": "Pagtutol sa isang botohan",
        "vi": "Phản đối một cuộc bỏ phiếu",
        "es": "Objeción a una votación",
        "fr": "Objection à un vote",
        "ar": "اعتراض على تصويت",
    },
    group_name={
        "en": "City services",
        "ko": "시 행정",
        "id": "Layanan kota",
        "fil": "Mga serbisyo ng lungsod",
        "vi": "Dịch vụ của thành phố",
        "es": "Servicios de la ciudad",
        "fr": "Services de la ville",
        "ar": "خدمات المدينة",
    },
    department="citizen-office",
    service_time=5,
    service_time_unit=TimeUnit.WORKING_DAYS,
    icon="scale",
    ord=900,
)
DAY = timedelta(days=1)


def missing(content: shapes.Content) -> list[shapes.Poll]:
    """Return the polls of the content that are not made yet; a published one is missing until it is."""
    return [poll for poll in content.polls if not _is_made(poll)]


def _is_made(wanted: shapes.Poll) -> bool:
    poll = queries.find_poll(wanted.key)
    return poll is not None and (poll.decided_at is not None or not wanted.published)


def make(world: World, wanted: shapes.Poll) -> None:
    """Open a poll, cast the votes of neighbours and, where it is to be published, let the worker count it."""
    at = world.now
    opens, closes = (_evening(at + DAY * days, world) for days in (wanted.opens, wanted.closes))
    drafted = min(opens, at) - 2 * DAY
    if queries.find_poll(wanted.key) is None:
        with clock.set_to(min(opens + timedelta(hours=1), at)), transaction():
            counter.enter_neighbours(world)
            poll = _open(wanted, opens, closes, at=drafted)
            if wanted.share:
                _vote(poll, wanted, world)
    if wanted.results is ResultsWhen.LIVE:
        _take_batch(at)
    if wanted.published:
        _publish(wanted, closes, at)


def _evening(at: datetime, world: World) -> datetime:
    """Return six in the evening of a day."""
    return at.astimezone(world.zone).replace(hour=18, minute=0, second=0, microsecond=0).astimezone(UTC)


def _open(wanted: shapes.Poll, opens: datetime, closes: datetime, *, at: datetime) -> Poll:
    by = _administrator()
    category = departments.save_category(OBJECTION, by=by.id, at=at)
    poll = drafting.create(wanted.key, dict(wanted.question), by=by, at=at)
    values = {
        "explanation": dict(wanted.explanation),
        "method": wanted.method,
        "most": wanted.most,
        "budget": wanted.budget,
        "key": CountKey.REGISTER,
        "opens_at": opens,
        "closes_at": closes,
        "verified_before": closes,
        "results": wanted.results,
        "lines": wanted.lines,
        "witnesses": list(wanted.witnesses),
        "objection_category_id": category.id,
    }
    drafting.change(poll, values, by=by, at=at)
    options = [
        drafting.OptionDraft(one.code, dict(one.label), dict(one.text), cost=one.cost)
        for one in wanted.options
    ]
    drafting.set_options(poll, options, by=by, at=at)
    if key_files.opened_as(app_keys_dir(), wanted.key):
        key_files.forget_opening(app_keys_dir(), wanted.key)  # an interrupted load rolled it back
    keys = keys_of(wanted.key)
    if copies.read_copy(copies.copy_text(keys)) == keys:
        drafting.copy_was_read(poll, by=by, at=at)
    rehearsing.rehearse(opening.specification_of_draft(poll, NO_KEYS), keys)
    drafting.was_rehearsed(poll, by=by, at=at)
    opening.open_poll(poll, keys.fingerprints(), keys.worker, by=by, at=at)
    return poll


def keys_of(slug: str) -> PollKeys:
    """Return fresh keys, or those that an interrupted load made."""
    directory = app_keys_dir()
    if not key_files.mark_of_web(directory, slug):
        made = poll_keys.make(slug)
        key_files.write(directory, made)
        return made
    web, worker = key_files.read_web(directory, slug), key_files.read_worker(directory, slug)
    return PollKeys(
        poll=slug,
        seal_private=worker.seal_private,
        heads_private=worker.heads_private,
        roll=web.roll,
        handle=web.handle,
    )


def _vote(poll: Poll, wanted: shapes.Poll, world: World) -> None:
    """Cast the votes of those neighbours who have voted by now; who can be signed in as keeps the vote.

    In the poll that is over the demo accounts have voted too.
    """
    rng = random.Random(f"votes {world.seed} {wanted.key}")  # noqa: S311 - invented votes
    web, frozen = web_keys(poll), specification_of(poll)
    at_home = _voters_at_home(poll, web, _voters(wanted, world.residents, rng))
    for voter in chain(at_home, counter.voters(poll, web, wanted.at_counter, world)):
        code = receipt.new_code()
        line = ballot.line(_choice(wanted, rng), code, ballot.new_salt())
        body = seal(web.seal_public, ballot.pad(line, ballot.body_size(frozen)), poll.spec_sha256.encode())
        casting.cast(poll.id, SealedBallot(poll_keys.handle(web.handle, code), body), voter)


def _voters_at_home(poll: Poll, web: WebKeys, people: Iterable[Resident]) -> Iterator[Voter]:
    for resident in people:
        account = db.session.get_one(Account, resident.id)
        # who is not proven to live here, or was only after the poll was over, has not voted
        with suppress(NotEligible):
            yield electorate.eligible_voter(poll, account, web, residents.facts_of(account.id))


def _voters(wanted: shapes.Poll, residents: Sequence[Resident], rng: random.Random) -> list[Resident]:
    able = residents if wanted.published else residents[FEWEST_RESIDENTS:]
    return [resident for resident in able if rng.randrange(100) < wanted.share]


def _choice(wanted: shapes.Poll, rng: random.Random) -> ballot.Choice:
    """Return what somebody chooses; one in forty casts a blank vote."""
    if not rng.randrange(40):
        return ballot.BLANK
    liked = sorted(wanted.options, key=lambda option: rng.random() ** (1 / option.weight), reverse=True)
    if wanted.method is Method.BUDGET:
        return _affordable(wanted, liked[:7])
    codes = [option.code for option in liked[: wanted.most]]
    return tuple(codes if wanted.method is Method.RANKING else sorted(codes))


def _affordable(wanted: shapes.Poll, liked: Sequence[shapes.PollOption]) -> ballot.Choice:
    left, chosen = wanted.budget or 0, []
    for option in liked:
        if (option.cost or 0) <= left:
            chosen.append(option.code)
            left -= option.cost or 0
    return tuple(sorted(chosen))


def _take_batch(now: datetime) -> None:
    """Let the worker take the hundred ballots that are due: counts so far are of these."""
    with clock.set_to(now - timedelta(hours=2)):
        _work_until_done()


def _publish(wanted: shapes.Poll, closes: datetime, now: datetime) -> None:
    """Let the worker close and count at their times, publish the day after, and say what the city decided."""
    with clock.set_to(closes + timedelta(minutes=1)):
        _work_until_done()
    with clock.set_to(min(closes + DAY, now)), transaction():
        poll = queries.lock_poll(wanted.key)
        if poll.publish_asked_at is None:
            publishing.ask_to_publish(poll, by=_administrator(), at=clock.now())
    with clock.set_to(min(closes + DAY, now)):
        _work_until_done()
    with transaction():
        poll = queries.lock_poll(wanted.key)
        publishing.decide(
            poll, dict(wanted.decision or {}), by=_administrator(), at=min(closes + 3 * DAY, now)
        )


def _work_until_done() -> None:
    while working.work(Turn("demo")):
        pass


def _administrator() -> Account:
    account = accounts.account_by_email(f"admin@{DOMAIN}")
    if account is None:
        raise LookupError("admin")
    return account
