"""What rows say, as the plain values that services take: to change one thing and keep the rest."""

from cps.departments.models import Category, Question
from cps.departments.rules import Needs
from cps.departments.specs import CategorySpec, QuestionSpec


def category_spec(row: Category) -> CategorySpec:
    """Return everything that is said of a category."""
    return CategorySpec(
        code=row.code,
        name=row.name,
        department=row.department.code,
        service_time=row.service_time,
        service_time_unit=row.service_time_unit,
        kind=row.kind,
        group_name=row.group_name,
        description=row.description,
        keywords=row.keywords,
        icon=row.icon,
        acknowledge_hours=row.acknowledge_hours,
        is_repair=row.is_repair,
        is_private_by_default=row.is_private_by_default,
        is_integrity=row.is_integrity,
        ord=row.ord,
        questions=[question_spec(question) for question in row.questions],
        is_active=row.is_active,
        needs=Needs.of(row.needs),
    )


def question_spec(row: Question) -> QuestionSpec:
    """Return everything that is said of a question."""
    return QuestionSpec(
        row.code,
        row.datatype,
        row.label,
        help=row.help,
        is_required=row.is_required,
        choices=[(choice["key"], choice["name"]) for choice in row.choices],
        stops=row.stops,
        dangers=[choice["key"] for choice in row.choices if choice.get("danger")],
    )
