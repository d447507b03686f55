"""Loading the demo city: once, whole, and the same for the same seed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cps.accounts.passwords import hash_password
from cps.cases.queries import map_cells
from cps.cases.services import map_counting
from cps.complaints import learning
from cps.core import audit
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.demo import (
    alerts,
    answers,
    bulk,
    calls,
    channels,
    city,
    desk_views,
    filing,
    handing,
    helping,
    integrity,
    moderating,
    notices,
    people,
    pictures,
    polls,
    programs,
    promises,
    proposals,
    stories,
    voices,
    world,
)
from cps.demo.content import load as load_content
from cps.demo.pictures import Picture, Stored
from cps.demo.plan import FEWEST_RESIDENTS, PASSWORD, Plan, State, read_state, write_state

CACHE_KIB = 128 * 1024


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the making of the city tells how far it is: `begin` a part of so many pieces, `step` so many."""

    begin: Callable[[str, int], None]
    step: Callable[[int], None]


SILENT = Progress(lambda _part, _pieces: None, lambda _pieces: None)


def load(plan: Plan, *, storage_url: str, at: datetime, progress: Progress = SILENT) -> bool:
    """Load the demo city; False when it stood already, and then nothing is changed.

    The written complaints are one transaction; made cases follow some thousands at a time, and a load that
    was interrupted goes on where it was. Raises RuleViolation where a city of its own stands, and for a
    smaller plan than the demo accounts need.
    """
    if plan.residents < FEWEST_RESIDENTS:
        raise RuleViolation(_("The demo city has at least %(number)d residents.", number=FEWEST_RESIDENTS))
    state = read_state()
    if state is None:
        state = _begin(plan, storage_url, at, progress)
    elif state.made >= bulk.number_of(state.plan) and not polls.missing(load_content()):
        return False
    _hold_polls(state, progress)
    _go_on(state, progress)
    _count_map(progress)
    _publish_months(state, progress)
    learning.learn_now(state.began)
    return True


def _publish_months(state: State, progress: Progress) -> None:
    """Publish the months that are over, as the worker would have done on their days."""
    progress.begin("months", promises.MONTHS)
    progress.step(promises.publish(state.began))


def _begin(plan: Plan, storage_url: str, at: datetime, progress: Progress) -> State:
    """Make the city, its people and the written complaints."""
    drawn = _draw(plan, storage_url, progress)
    spoken = voices.store(storage_url, seed=plan.seed)
    hashed = hash_password(PASSWORD)
    content = load_content()
    progress.begin("complaints", len(content.complaints))
    with transaction():
        city.found(content, at=at)
        people.make_staff(content, hashed, at=at)
        people.make_residents(content, hashed, number=plan.residents, seed=plan.seed, at=at)
        place = world.read(content, seed=plan.seed, now=at)
        proposals.make(place)
        told = stories.tell(place, drawn, spoken)
        notices.make(place)
        answers.make(place)
        handing.make(place)
        integrity.make(place)
        helping.make(place)
        moderating.make(place)
        stories.leave_news_only(at)
        alerts.make(place)
        channels.make(place)
        programs.make(place)
        desk_views.keep(place)
        calls.take(place)
        city.set_routing(at=at)
        state = State(plan, at, made=0)
        write_state(state)
        audit.record("load-demo-city", about=("city", 1), by=None, at=at)
    progress.step(told)
    return state


def _draw(plan: Plan, storage_url: str, progress: Progress) -> dict[Picture, Stored]:
    wanted = filing.wanted_pictures(load_content(), seed=plan.seed, most=plan.photos)
    progress.begin("photos", len(wanted))
    return pictures.draw(wanted, storage_url, tell=progress.step)


def _hold_polls(state: State, progress: Progress) -> None:
    """Hold the polls that are still missing, each in transactions of its own."""
    content = load_content()
    wanted = polls.missing(content)
    if not wanted:
        return
    progress.begin("polls", len(wanted))
    place = world.read(content, seed=state.plan.seed, now=state.began)
    for poll in wanted:
        polls.make(place, poll)
        progress.step(1)


def _go_on(state: State, progress: Progress) -> None:
    """Make what is still missing of the made cases."""
    wanted = bulk.number_of(state.plan)
    if not wanted:
        return
    content = load_content()
    progress.begin("made cases", wanted - state.made)
    maker = bulk.Maker(world.read(content, seed=state.plan.seed, now=state.began), wanted)
    made = state.made
    _widen_cache()
    while made < wanted:
        with transaction():
            number = maker.make(made)
            made += number
            write_state(State(state.plan, state.began, made))
        db.session.expunge_all()
        progress.step(number)
    with transaction() as session:
        session.execute(db.text("ANALYZE"))


def _count_map(progress: Progress) -> None:
    """Do what the worker would do once it runs."""
    progress.begin("places", 1)
    while map_cells.has_changes():
        with transaction():
            map_counting.count_in()
    progress.step(1)


def _widen_cache() -> None:
    """Let SQLite hold the pages of its indexes while it is filled; each row touches fifteen of them."""
    if db.engine.dialect.name == "sqlite":
        db.session.execute(db.text(f"PRAGMA cache_size = -{CACHE_KIB}"))
