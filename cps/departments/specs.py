"""What is said about a department, a category, a week: plain values that check themselves; no database.

Screens, packs and the demo city give these to the services. Texts are `{language: text}`.
"""

import itertools
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import pairwise
from typing import Any, TypeVar

from cps.core import search
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.departments import placeholders
from cps.departments.rules import CategoryKind, Datatype, Needs, TimeUnit

Texts = Mapping[str, str]
Value = TypeVar("Value")

LONGEST_CODE = 60
LISTS = frozenset({Datatype.SINGLE, Datatype.MULTIPLE})

_CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class DepartmentSpec:
    """A body of the city; the one with `is_triage` reads what nobody else has taken."""

    code: str
    name: Texts
    about: Texts = field(default_factory=dict)
    email: str = ""
    phone: str = ""
    is_triage: bool = False
    is_active: bool = True

    def check(self) -> None:
        """Raise RuleViolation with what to mend."""
        check_code(self.code, longest=40)
        check_texts(self.name, what=self.code)
        check_texts(self.about, what=self.code, may_be_empty=True)


@dataclass(frozen=True, slots=True)
class QuestionSpec:
    """An extra question; `choices` are (key, texts), `stops` says which answers end the filing, and how.

    `dangers` are the keys of answers that say that somebody is in danger.
    """

    code: str
    datatype: Datatype
    label: Texts
    help: Texts = field(default_factory=dict)
    is_required: bool = False
    choices: Sequence[tuple[str, Texts]] = ()
    stops: Mapping[str, Texts] = field(default_factory=dict)
    dangers: Collection[str] = ()

    def kept_choices(self) -> list[dict[str, Any]]:
        """Return the choices as the row of a question keeps them."""
        return [
            {"key": key, "name": dict(name), **({"danger": True} if key in self.dangers else {})}
            for key, name in self.choices
        ]

    def check(self) -> None:
        """Raise RuleViolation with what to mend."""
        check_code(self.code)
        check_texts(self.label, what=self.code)
        check_texts(self.help, what=self.code, may_be_empty=True)
        keys = [key for key, _texts in self.choices]
        if (self.datatype in LISTS) != bool(keys):
            raise RuleViolation(
                _("%(what)s: a list needs choices, and only a list has them.", what=self.code)
            )
        check_each_once(keys, what=self.code)
        for key, texts in [*self.choices, *self.stops.items()]:
            check_texts(texts, what=f"{self.code}/{key}")
            if key not in keys:
                raise RuleViolation(_("%(what)s: no choice has the key “%(key)s”.", what=self.code, key=key))


@dataclass(frozen=True, slots=True)
class CategorySpec:
    """What a case can be about; `department` is the code of the one that answers."""

    code: str
    name: Texts
    department: str
    service_time: int
    service_time_unit: TimeUnit
    kind: CategoryKind = CategoryKind.COMPLAINT
    group_name: Texts = field(default_factory=dict)
    description: Texts = field(default_factory=dict)
    keywords: Mapping[str, Sequence[str]] = field(default_factory=dict)
    icon: str = "circle-question-mark"
    acknowledge_hours: int | None = None
    is_repair: bool = False
    is_private_by_default: bool = False
    is_integrity: bool = False
    ord: int = 0
    questions: Sequence[QuestionSpec] = ()
    is_active: bool = True
    needs: Needs | None = None
    """None leaves what the category has."""

    def check(self) -> None:
        """Raise RuleViolation with what to mend."""
        check_code(self.code)
        check_texts(self.name, what=self.code)
        for texts in (self.group_name, self.description):
            check_texts(texts, what=self.code, may_be_empty=True)
        if self.service_time <= 0 or (self.acknowledge_hours or 1) <= 0:
            raise RuleViolation(_("%(what)s: the service time must be more than zero.", what=self.code))
        check_each_once([question.code for question in self.questions], what=self.code)
        for question in self.questions:
            question.check()


@dataclass(frozen=True, slots=True)
class SuspensionSpec:
    """A time in which the city does not work, with its public reason; `whole_days`: entered as days."""

    starts_at: datetime
    ends_at: datetime
    reason: Mapping[str, str]
    whole_days: bool = False


@dataclass(frozen=True, slots=True)
class TemplateSpec:
    """A reply that officers reuse; for every department when it names none.

    An empty `category` or `move` is for all of them; None, also of `is_active`, leaves what the template has.
    """

    code: str
    title: Texts
    body: Texts
    department: str | None = None
    category: str | None = None
    move: str | None = None
    is_active: bool | None = None

    def check(self) -> None:
        """Raise RuleViolation with what to mend, also for a placeholder that there is not, by its name."""
        check_code(self.code)
        check_texts(self.title, what=self.code)
        check_texts(self.body, what=self.code)
        for text in self.body.values():
            placeholders.check(text)


@dataclass(frozen=True, slots=True)
class ReasonSpec:
    """Why the city says no, in words that residents read; `endings` are the outcomes it is offered for."""

    code: str
    text: Texts
    endings: frozenset[str]
    is_active: bool = True

    def check(self) -> None:
        """Raise RuleViolation with what to mend."""
        check_code(self.code)
        check_texts(self.text, what=self.code)
        if not self.endings:
            raise RuleViolation(_("Say with which endings the reason can be chosen."))


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """One stretch of working time in the week; Monday is 0."""

    weekday: int
    opens: time
    closes: time

    def __str__(self) -> str:
        """Return it as audit rows keep it, such as "0 09:00-12:00"."""
        return f"{self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M}"


def check_week(week: Sequence[Stretch]) -> None:
    """Raise RuleViolation unless the week has a working stretch and none overlaps another."""
    if not week:
        raise RuleViolation(_("The city must work at some time in the week."))
    for stretch in week:
        if not 0 <= stretch.weekday <= 6 or stretch.opens >= stretch.closes:
            raise RuleViolation(_("Working hours must be on a day of the week and open before they close."))
    for before, after in pairwise(sorted(week)):
        if before.weekday == after.weekday and after.opens < before.closes:
            raise RuleViolation(_("Working hours of one day must not overlap."))


def check_code(code: str, *, longest: int = LONGEST_CODE) -> None:
    """Raise RuleViolation unless the code is small letters, digits and single hyphens, and short enough."""
    if len(code) > longest or not _CODE.fullmatch(code):
        raise RuleViolation(
            _(
                "The code “%(code)s” must be small letters, digits and hyphens, at most %(most)s of them.",
                code=code[:80],
                most=longest,
            )
        )


def code_from(words: str, taken: Collection[str], otherwise: str) -> str:
    """Return a free code of the Latin words of a text, such as "broken-lamp", else of `otherwise`."""
    told = "-".join(token for token in search.tokens(words) if token.isascii())[: LONGEST_CODE - 8].strip("-")
    first = told or otherwise
    numbered = (f"{first}-{number}" for number in itertools.count(2))
    return next(code for code in itertools.chain([first], numbered) if code not in taken)


def besides(texts: Mapping[str, Value], languages: Collection[str]) -> dict[str, Value]:
    """Return what stands in other languages than these, which a form did not ask and a change must keep."""
    return {code: said for code, said in texts.items() if code not in languages}


def check_texts(texts: Texts, *, what: str, may_be_empty: bool = False) -> None:
    """Raise RuleViolation unless each key is a language and, where needed, one text says something."""
    for language, text in texts.items():
        if not _LANGUAGE.fullmatch(language) or not isinstance(text, str):
            raise RuleViolation(
                _("%(what)s: “%(key)s” is not a language with a text.", what=what, key=str(language)[:40])
            )
    if not may_be_empty and not any(text.strip() for text in texts.values()):
        raise RuleViolation(_("%(what)s: a name or text is missing.", what=what))


def check_each_once(codes: Sequence[str], *, what: str) -> None:
    """Raise RuleViolation when a code stands twice."""
    for code in codes:
        if codes.count(code) > 1:
            raise RuleViolation(_("%(what)s: “%(code)s” is there twice.", what=what, code=code))
