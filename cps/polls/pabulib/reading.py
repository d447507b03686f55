"""Reads a `.pb` file: options with costs for a new poll, and its ballots. What does not add up is refused."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from cps.polls.pabulib.sections import PabulibError, Section, Why, check_sections, sections_of
from cps.polls.rules import Method
from cps.polls.tally import Choice, Rules

__all__ = ["Instance", "PabulibError", "Project", "Why", "read"]

_WHOLE = re.compile(r"([0-9]{1,15})(?:\.0+)?")
_LONGEST_CODE = 12


@dataclass(frozen=True)
class Project:
    """A project: its name in the file, the code of the option made of it, whole units of money, its words."""

    id: str
    code: str
    cost: int
    name: str
    text: str = ""


@dataclass(frozen=True)
class Instance:
    """What a file holds; `dearest` is what one ballot may cost."""

    meta: Mapping[str, str]
    budget: int
    most: int
    dearest: int
    projects: tuple[Project, ...]
    ballots: Counter[Choice]

    def rules(self) -> Rules:
        """Return how these ballots are counted: greedily, from the most approvals down."""
        options = tuple((project.code, project.cost) for project in self.projects)
        return Rules(Method.BUDGET, options, self.most, self.budget, dearest=self.dearest)


def read(data: bytes) -> Instance:
    """Return what the file holds; raises PabulibError for the first line that cannot be right."""
    sections = sections_of(data)
    check_sections(sections)
    meta = _Meta(sections[0])
    projects, approvals = _projects(sections[1])
    meta.expect("num_projects", len(projects))
    most = meta.number("max_length", default=len(projects))
    dearest = meta.number("max_sum_cost", default=sum(project.cost for project in projects.values()))
    votes = _Votes(projects, meta.number("min_length", default=0), most, dearest)
    ballots = votes.read(sections[2])
    meta.expect("num_votes", ballots.total())
    _compare(approvals, ballots)
    return Instance(
        meta=meta.values,
        budget=meta.number("budget"),
        most=min(most, len(projects)),
        dearest=dearest,
        projects=tuple(projects.values()),
        ballots=ballots,
    )


class _Meta:
    """Keys and values of META with their lines."""

    def __init__(self, section: Section) -> None:
        self.end = section.line
        self.values: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        for line, record in section.records("key", "value"):
            key = record["key"].lower()
            if key in self.values:
                raise PabulibError(line, Why.REPEATED, key)
            self.values[key], self.lines[key] = record["value"], line
        if self.text("vote_type") != "approval":
            raise PabulibError(self.lines["vote_type"], Why.NOT_APPROVAL, self.text("vote_type"))

    def text(self, key: str) -> str:
        if key not in self.values:
            raise PabulibError(self.end, Why.FIELD_MISSING, key)
        return self.values[key]

    def number(self, key: str, default: int | None = None) -> int:
        if default is not None and not self.values.get(key):
            return default
        text = self.text(key)
        return _whole(text, self.lines[key])

    def expect(self, key: str, counted: int) -> None:
        if self.number(key) != counted:
            raise PabulibError(self.lines[key], Why.COUNTED_OTHERWISE, f"{key}: {counted}")


def _projects(section: Section) -> tuple[dict[str, Project], dict[str, tuple[int, int]]]:
    """Return the projects by their names, and by option code the line and number of votes they claim."""
    projects: dict[str, Project] = {}
    claimed: dict[str, tuple[int, int]] = {}
    codes: set[str] = set()
    for line, record in section.records("project_id", "cost"):
        id_ = record["project_id"]
        if id_ in projects:
            raise PabulibError(line, Why.REPEATED, id_)
        code = _new_code(id_, codes)
        cost, name = _whole(record["cost"], line), record.get("name") or id_
        projects[id_] = Project(id_, code, cost, name, record.get("description", ""))
        if record.get("votes"):
            claimed[code] = (line, _whole(record["votes"], line))
    if not projects:
        raise PabulibError(section.line, Why.TOO_FEW)
    return projects, claimed


class _Votes:
    """The limits that a file sets to its ballots."""

    def __init__(self, projects: Mapping[str, Project], least: int, most: int, dearest: int) -> None:
        self.projects = projects
        self.least = least
        self.most = most
        self.dearest = dearest

    def read(self, section: Section) -> Counter[Choice]:
        """Return each choice with how often it was made."""
        voters: set[str] = set()
        ballots: Counter[Choice] = Counter()
        for line, record in section.records("voter_id", "vote"):
            if record["voter_id"] in voters:
                raise PabulibError(line, Why.REPEATED, record["voter_id"])
            voters.add(record["voter_id"])
            ballots[self._choice(line, record["vote"])] += 1
        return ballots

    def _choice(self, line: int, text: str) -> Choice:
        ids = [part.strip() for part in text.split(",")] if text else []
        for id_ in ids:
            if id_ not in self.projects:
                raise PabulibError(line, Why.UNKNOWN_PROJECT, id_[:80])
        if len({*ids}) != len(ids):
            raise PabulibError(line, Why.REPEATED, text[:80])
        if not self.least <= len(ids) <= self.most:
            raise PabulibError(line, Why.TOO_FEW if len(ids) < self.least else Why.TOO_MANY, text[:80])
        if sum(self.projects[id_].cost for id_ in ids) > self.dearest:
            raise PabulibError(line, Why.TOO_EXPENSIVE, text[:80])
        return tuple(sorted(self.projects[id_].code for id_ in ids))


def _compare(claimed: Mapping[str, tuple[int, int]], ballots: Mapping[Choice, int]) -> None:
    counted: Counter[str] = Counter()
    for choice, number in ballots.items():
        counted.update(dict.fromkeys(choice, number))
    for code, (line, votes) in claimed.items():
        if votes != counted[code]:
            raise PabulibError(line, Why.COUNTED_OTHERWISE, f"votes: {counted[code]}")


def _whole(text: str, line: int) -> int:
    match = _WHOLE.fullmatch(text)
    if match is None:
        raise PabulibError(line, Why.NOT_WHOLE, text[:80])
    return int(match[1])


def _new_code(id_: str, taken: set[str]) -> str:
    """Return an option code like the name of the project, one that is not taken, and take it."""
    code = re.sub(r"[^a-z0-9]", "", id_.lower())[:_LONGEST_CODE]
    number = len(taken) + 1
    while not code or code in taken:
        code = f"p{number}"
        number += 1
    taken.add(code)
    return code
