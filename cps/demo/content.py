"""Read the demo city's content from `content/` and make sure that it hangs together."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from cps.cases.rules import Channel, Outcome, Status
from cps.demo.shapes import (
    Category,
    Choice,
    City,
    Complaint,
    Content,
    Department,
    Poll,
    PollOption,
    Proposal,
    Question,
    StaffMember,
    Step,
    StepKind,
    Ward,
)
from cps.departments.rules import Datatype, TimeUnit
from cps.polls.rules import Lines, Method, ResultsWhen

FOLDER: Final = Path(__file__).parent / "content"


class ContentError(ValueError):
    """The content names something that does not exist; the message says what and where."""


@cache
def load() -> Content:
    """The whole content, read once.

    Raises ContentError for a reference that leads nowhere or a course that ends after today.
    """
    content = Content(
        city=_city(_read("city.json")),
        wards=_wards(),
        departments={row["code"]: Department(**row) for row in _read("departments.json")},
        categories={row["code"]: _category(row) for row in _read("categories.json")},
        danger_words={language: tuple(words) for language, words in _read("danger_words.json").items()},
        residents=tuple(_read("people.json")["residents"]),
        staff=tuple(StaffMember(**row) for row in _read("people.json")["staff"]),
        complaints=_complaints(),
        proposals=tuple(Proposal(**row) for row in _read("proposals.json")),
        polls=tuple(map(_poll, _read("polls.json"))),
    )
    for category in content.categories.values():
        _known(category.department, content.departments, f"category {category.code}")
    for member in content.staff:
        if member.department is not None:
            _known(member.department, content.departments, f"staff {member.role}")
    for proposal in content.proposals:
        if proposal.ward is not None:
            _known(proposal.ward, content.wards, f"proposal {proposal.key}")
    for complaint in content.complaints.values():
        _check_complaint(complaint, content)
    return content


def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def _city(row: dict[str, Any]) -> City:
    centre = row.pop("centre")
    return City(
        **{**row, "languages": tuple(row["languages"])},
        centre=(centre["lat"], centre["lon"]),
    )


def _wards() -> dict[str, Ward]:
    streets = _read("streets.json")
    wards: dict[str, Ward] = {}
    for feature in _read("wards.geojson")["features"]:
        code, geometry = feature["properties"]["code"], feature["geometry"]
        wards[code] = Ward(
            code=code,
            name=feature["properties"]["name"],
            ring=tuple((lon, lat) for lon, lat in geometry["coordinates"][0]),
            geometry=geometry,
            streets={language: tuple(names) for language, names in streets[code].items()},
        )
    return wards


def _category(row: dict[str, Any]) -> Category:
    time = row.pop("service_time")
    return Category(
        **{
            **row,
            "keywords": {language: tuple(words) for language, words in row["keywords"].items()},
            "questions": tuple(map(_question, row["questions"])),
        },
        amount=time["amount"],
        unit=TimeUnit(time["unit"]),
    )


def _question(row: dict[str, Any]) -> Question:
    return Question(
        code=row["code"],
        datatype=Datatype(row["datatype"]),
        required=row["required"],
        label=row["label"],
        help=row["help"],
        values=tuple(Choice(**value) for value in row["values"]),
        stops={stop["when"]: stop["message"] for stop in row["stop"]},
    )


def _complaints() -> dict[str, Complaint]:
    complaints: dict[str, Complaint] = {}
    for path in sorted((FOLDER / "cases").glob("*.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            if row["key"] in complaints:
                raise ContentError(f"{path.name}: {row['key']} is there twice")
            complaints[row["key"]] = _complaint(row)
    return complaints


def _complaint(row: dict[str, Any]) -> Complaint:
    return Complaint(
        **{
            **row,
            "photos": tuple(row["photos"]),
            "channel": Channel(row["channel"]),
            "course": tuple(map(_step, row["course"])),
        }
    )


def _step(row: dict[str, Any]) -> Step:
    return Step(
        **{
            **row,
            "kind": StepKind(row["kind"]),
            "move": Status(row["move"]) if "move" in row else None,
            "outcome": Outcome(row["outcome"]) if "outcome" in row else None,
        }
    )


def _poll(row: dict[str, Any]) -> Poll:
    return Poll(
        **{
            **row,
            "method": Method(row["method"]),
            "lines": Lines(row["lines"]),
            "results": ResultsWhen(row.get("results", ResultsWhen.AFTER)),
            "witnesses": tuple(row["witnesses"]),
            "options": tuple(PollOption(**option) for option in row["options"]),
        }
    )


def _known(code: str, among: Any, where: str) -> None:
    if code not in among:
        raise ContentError(f"{where}: there is no {code}")


def _check_complaint(complaint: Complaint, content: Content) -> None:
    where = f"complaint {complaint.key}"
    _known(complaint.category, content.categories, where)
    _known(complaint.ward, content.wards, where)
    _check_answers(complaint, content.categories[complaint.category])
    hours = [step.after_hours for step in complaint.course]
    if hours != sorted(hours) or (hours and hours[-1] > max(4, complaint.days_ago * 24)):
        raise ContentError(f"{where}: its steps are out of order or lie in the future")
    for step in complaint.course:
        if step.department is not None:
            _known(step.department, content.departments, where)
        if step.joined_to is not None:
            _known(step.joined_to, content.complaints, where)


def _check_answers(complaint: Complaint, category: Category) -> None:
    where = f"complaint {complaint.key}"
    questions = {question.code: question for question in category.questions}
    for code, answer in complaint.answers.items():
        _known(code, questions, where)
        for key in answer if isinstance(answer, list) else [answer]:
            if questions[code].values:
                _known(str(key), {value.key for value in questions[code].values}, where)
    for question in category.questions:
        if question.required:
            _known(question.code, complaint.answers, where)
