"""The demo city itself: its row, wards, departments, categories, calendar and templates."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from cps.admin import services as admin
from cps.admin.townhall import services as townhall
from cps.admin.townhall.rules import OwnPage
from cps.core import emblems
from cps.demo.crest import draw_crest
from cps.demo.shapes import Category, Content, Question
from cps.departments import services as departments
from cps.departments.routing import Conditions, RoutingSpec
from cps.departments.specs import (
    CategorySpec,
    DepartmentSpec,
    QuestionSpec,
    ReasonSpec,
    Stretch,
    TemplateSpec,
)
from cps.wards import services as wards
from cps.wards.rules import WardSpec

FOLDER: Final = Path(__file__).parent / "content"
YEARS: Final = range(-4, 3)
"""The years around now for which holidays are known."""


def found(content: Content, *, at: datetime) -> None:
    """Make the city with everything that stands before any case does."""
    _city(content, at)
    wards.save_wards([WardSpec(w.code, dict(w.name), dict(w.geometry)) for w in content.wards.values()],
                     by=None, at=at)  # fmt: skip
    for department in content.departments.values():
        spec = DepartmentSpec(
            department.code, department.name, department.about, department.email, department.phone,
            is_triage=department.triage,
        )  # fmt: skip
        departments.save_department(spec, by=None, at=at)
    for order, category in enumerate(content.categories.values()):
        departments.save_category(category_spec(category, order), by=None, at=at)
    _calendar(at)
    for template in _read("templates.json"):
        departments.save_template(TemplateSpec(**template), by=None, at=at)
    for reason in _read("reasons.json"):
        endings = frozenset(reason.pop("endings"))
        departments.save_reason(ReasonSpec(endings=endings, **reason), by=None, at=at)


def set_routing(*, at: datetime) -> None:
    """Make the rules of routing. They come after the complaints: those went where their categories say."""
    for rule in _read("routing.json"):
        conditions = Conditions.of(rule.pop("conditions"))
        departments.add_routing_rule(RoutingSpec(conditions=conditions, **rule), by=None, at=at)


def _city(content: Content, at: datetime) -> None:
    facts = content.city
    row = admin.found_city(
        admin.NewCity(
            name=dict(facts.name),
            zone=facts.zone,
            country=facts.country_code,
            languages=[facts.default_language, *(x for x in facts.languages if x != facts.default_language)],
            emergency_phone=facts.emergency_phone,
            phone=facts.phone,
            currency=facts.currency,
            accent=facts.accent or "",
        ),
        at=at,
    )
    row.welcome = dict(facts.welcome)
    row.danger_words = {language: list(words) for language, words in content.danger_words.items()}
    row.settings = {"centre": list(facts.centre), "hours": dict(facts.hours)}
    townhall.bring_crest(row, emblems.draw(draw_crest()), by=None, at=at)
    for page, texts in facts.says.items():
        townhall.change_words(OwnPage(page), texts, by=None, at=at)


def category_spec(category: Category, order: int) -> CategorySpec:
    """Return what the services take for a category of the content."""
    return CategorySpec(
        code=category.code,
        name=category.name,
        department=category.department,
        service_time=category.amount,
        service_time_unit=category.unit,
        group_name=category.group,
        description=category.description,
        keywords=category.keywords,
        icon=category.icon,
        is_repair=category.repair,
        is_private_by_default=category.private_by_default,
        is_integrity=category.integrity,
        ord=order,
        questions=_questions(category.questions),
    )


def _questions(questions: Sequence[Question]) -> list[QuestionSpec]:
    return [
        QuestionSpec(
            question.code,
            question.datatype,
            question.label,
            help=question.help or {},
            is_required=question.required,
            choices=[(choice.key, choice.name) for choice in question.values],
            stops=question.stops,
            dangers=[choice.key for choice in question.values if choice.danger],
        )
        for question in questions
    ]


def _calendar(at: datetime) -> None:
    calendar = _read("calendar.json")
    week = [
        Stretch(row["weekday"], time.fromisoformat(row["opens"]), time.fromisoformat(row["closes"]))
        for row in calendar["hours"]
    ]
    departments.save_opening_hours(week, by=None, at=at)
    for offset in YEARS:
        for row in calendar["holidays"]:
            day = date(at.year + offset, row["month"], row["day"])
            departments.save_holiday(day, row["name"], by=None, at=at)


def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))
