"""Rules of routing: which new complaint goes to whom, as data; no Flask, no database.

Rules are tried in their order and the first that fits decides; where none does, the category's department has
the complaint. A condition that says nothing fits everything.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from typing import Any

from cps.core import phrases
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _

LONGEST_NAME = 120
MOST_WORDS = 40
LONGEST_PHRASE = 80
MOST_RULES = 200


@dataclass(frozen=True, eq=False)
class Filing:
    """What rules look at: codes of category and ward, when it came by the city's clock, its words."""

    category: str
    ward: str
    at: datetime
    text: str

    @cached_property
    def words(self) -> str:
        """The words as phrases are looked for in them; cut once, and only where a rule asks for words."""
        return phrases.haystack(self.text)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a complaint must be for a rule to fit; all of it, and of each list one.

    Weekdays count from Monday, 0. From `starts` on and before `ends` is meant, over midnight where the end
    comes first; the weekday is that of the moment itself.
    """

    categories: tuple[str, ...] = ()
    wards: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    starts: time | None = None
    ends: time | None = None
    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> "Conditions":
        """Return conditions as a row keeps them."""
        hours = written.get("hours") or (None, None)
        starts, ends = (time.fromisoformat(hour) if hour else None for hour in hours)
        lists = {name: tuple(written.get(name, ())) for name in ("categories", "wards", "weekdays", "words")}
        return cls(**lists, starts=starts, ends=ends)

    def written(self) -> dict[str, Any]:
        """Return them as a row keeps them: only what says something."""
        lists = {name: list(getattr(self, name)) for name in ("categories", "wards", "weekdays", "words")}
        hours = [f"{at:%H:%M}" for at in (self.starts, self.ends) if at is not None]
        return {name: said for name, said in {**lists, "hours": hours}.items() if said}

    @property
    def say_nothing(self) -> bool:
        """Whether they fit every complaint."""
        return not self.written()

    def fit(self, new: Filing) -> bool:
        """Return whether a complaint is so; what is cheap to compare comes first."""
        return (
            (not self.categories or new.category in self.categories)
            and (not self.wards or new.ward in self.wards)
            and (not self.weekdays or new.at.weekday() in self.weekdays)
            and self._in_hours(new.at.time())
            and (not self.words or any(phrases.stands_in(new.words, phrase) for phrase in self.words))
        )

    def _in_hours(self, at: time) -> bool:
        if self.starts is None or self.ends is None:
            return True
        if self.starts < self.ends:
            return self.starts <= at < self.ends
        return at >= self.starts or at < self.ends

    def check(self) -> None:
        """Raise RuleViolation with what to mend."""
        if (self.starts is None) != (self.ends is None):
            raise RuleViolation(_("Give both times, or none."))
        if self.starts is not None and self.starts == self.ends:
            raise RuleViolation(_("The hours must end at another time than they begin."))
        if any(day not in range(7) for day in self.weekdays):
            raise RuleViolation(_("Choose days of the week."))
        if len(self.words) > MOST_WORDS or any(len(phrase) > LONGEST_PHRASE for phrase in self.words):
            raise RuleViolation(
                _("Give %(most)s words at most, each of up to %(length)s letters.",
                  most=MOST_WORDS, length=LONGEST_PHRASE)
            )  # fmt: skip
        for phrase in self.words:
            if not phrases.haystack(phrase).strip():
                raise RuleViolation(_("“%(phrase)s” has no letters to look for.", phrase=phrase))


@dataclass(frozen=True, slots=True)
class RoutingSpec:
    """What is said of a rule: its name, when it fits, and where a complaint goes then.

    Department by code; the officer, an account, works there. Without a department the category's keeps it.
    """

    name: str
    conditions: Conditions
    department: str = ""
    officer_id: int | None = None
    makes_urgent: bool = False
    is_active: bool = True

    def check(self) -> None:
        """Raise RuleViolation with what to mend."""
        if not self.name.strip() or len(self.name) > LONGEST_NAME:
            raise RuleViolation(_("Give the rule a name of up to %(most)s letters.", most=LONGEST_NAME))
        if not (self.department or self.makes_urgent):
            raise RuleViolation(_("Say what the rule does: choose a department, or make it urgent."))
        if self.officer_id is not None and not self.department:
            raise RuleViolation(_("Choose the department of the officer too."))
        self.conditions.check()


@dataclass(frozen=True, slots=True)
class KnownRule:
    """A rule that is in use, ready to be tried."""

    id: int
    name: str
    conditions: Conditions
    department_id: int | None
    officer_id: int | None
    makes_urgent: bool


def first_fit(rules: Iterable[KnownRule], new: Filing) -> KnownRule | None:
    """Return the first rule that fits, or None."""
    return next((rule for rule in rules if rule.conditions.fit(new)), None)


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one complaint in a trial: the rule that fits first, and where it would have gone."""

    key: int
    rule_id: int
    from_id: int
    to_id: int


@dataclass(frozen=True, slots=True)
class PastCase:
    """A complaint of the past: what rules look at, its category's department, and who has it now."""

    key: int
    filing: Filing
    usual_id: int
    ended_id: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What rules would have done to complaints of the past; `fits` counts a rule alone, by its key."""

    cases: int
    fits: Mapping[int, int]
    decided: Mapping[int, int]
    elsewhere: Sequence[Tried]
    ended_there: int
    """How many of `elsewhere` officers brought to that very department by hand."""

    def matches_nothing(self, rule_id: int) -> bool:
        """Whether a rule fits none of them."""
        return self.cases > 0 and not self.fits.get(rule_id)

    def matches_everything(self, rule_id: int) -> bool:
        """Whether a rule fits all of them, so that no rule after it is ever tried."""
        return self.cases > 1 and self.fits.get(rule_id) == self.cases

    def is_never_reached(self, rule_id: int) -> bool:
        """Whether a rule fits some, but rules before it take all of these."""
        return bool(self.fits.get(rule_id)) and not self.decided.get(rule_id)


def try_out(rules: Sequence[KnownRule], cases: Iterable[PastCase]) -> Trial:
    """Try rules, in their order, on complaints of the past; nothing is changed."""
    number, ended_there = 0, 0
    fits = {rule.id: 0 for rule in rules}
    decided = dict(fits)
    elsewhere = []
    for case in cases:
        number += 1
        fitting = [rule for rule in rules if rule.conditions.fit(case.filing)]
        for rule in fitting:
            fits[rule.id] += 1
        if fitting:
            first = fitting[0]
            decided[first.id] += 1
            to = first.department_id or case.usual_id
            if to != case.usual_id:
                elsewhere.append(Tried(case.key, first.id, case.usual_id, to))
                ended_there += case.ended_id == to
    return Trial(number, fits, decided, elsewhere, ended_there)
