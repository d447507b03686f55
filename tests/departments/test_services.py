from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import ConfigurationError, RuleViolation
from cps.core.models import AuditRow
from cps.departments import queries, services
from cps.departments.models import Category, Department, ReplyTemplate
from cps.departments.rules import CategoryKind, Datatype, TimeUnit
from cps.departments.specs import CategorySpec, DepartmentSpec, QuestionSpec, Stretch, TemplateSpec
from tests.support import factories
from tests.support.application import Application
from tests.support.fixtures import WEDNESDAY

pytestmark = pytest.mark.usefixtures("app")

SEOUL = ZoneInfo("Asia/Seoul")
ROADS = DepartmentSpec("roads", {"en": "Roads", "ko": "도로과"}, email="roads@testford.test")
DEPTH = QuestionSpec(
    "depth",
    Datatype.SINGLE,
    {"en": "How deep?"},
    choices=[("flat", {"en": "Flat"}), ("deep", {"en": "Deep"})],
    stops={"flat": {"en": "Flat holes are left as they are."}},
)
POTHOLE = CategorySpec(
    "pothole", {"en": "Pothole"}, "roads", 3, TimeUnit.WORKING_DAYS, questions=[DEPTH], is_repair=True
)
WEEK = [Stretch(day, time(9), time(18)) for day in range(5)]


def save_department(spec: DepartmentSpec = ROADS) -> Department:
    with transaction():
        return services.save_department(spec, by=None, at=clock.now())


def save_category(spec: CategorySpec = POTHOLE) -> Category:
    with transaction():
        return services.save_category(spec, by=None, at=clock.now())


def save_template(spec: TemplateSpec) -> ReplyTemplate:
    with transaction():
        return services.save_template(spec, by=None, at=clock.now())


def actions() -> list[str]:
    return list(db.session.scalars(db.select(AuditRow.action).order_by(AuditRow.id)))


def test_a_department_is_made_once_and_changed_where_it_differs() -> None:
    first = save_department()
    save_department()
    changed = save_department(replace(ROADS, phone="+82 59-555-0131"))

    assert (changed.id, changed.phone) == (first.id, "+82 59-555-0131")
    assert actions() == ["create-department", "change-department"]


def test_the_change_of_a_department_is_told_field_by_field() -> None:
    save_department()
    save_department(replace(ROADS, email="streets@testford.test"))

    row = db.session.scalars(db.select(AuditRow).order_by(AuditRow.id.desc()).limit(1)).one()

    assert row.changes == {"email": ["roads@testford.test", "streets@testford.test"]}


def test_only_one_department_reads_new_cases() -> None:
    with pytest.raises(RuleViolation, match="now it is “front-desk”"):
        save_department(replace(ROADS, is_triage=True))

    assert queries.triage_department().code == "front-desk"


@pytest.mark.parametrize("code", ["", "Roads", "roads dept", "-roads", "도로", "a" * 41])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_department_needs_a_plain_code(code: str) -> None:
    with pytest.raises(RuleViolation, match="small letters, digits and hyphens"):
        save_department(replace(ROADS, code=code))


@pytest.mark.parametrize("name", [{}, {"en": " "}])
def test_a_department_needs_a_name(name: dict[str, str]) -> None:
    with pytest.raises(RuleViolation, match="a name or text is missing"):
        save_department(replace(ROADS, name=name))


def test_a_text_in_no_language_is_refused() -> None:
    with pytest.raises(RuleViolation, match="“English” is not a language"):
        save_department(replace(ROADS, name={"English": "Roads"}))


def test_a_category_is_made_with_its_questions_and_a_second_time_nothing_changes() -> None:
    save_department()
    first = save_category()
    version = first.version
    again = save_category()

    assert again.version == version
    assert [(q.code, q.datatype, q.stops) for q in again.questions] == [
        ("depth", Datatype.SINGLE, {"flat": {"en": "Flat holes are left as they are."}})
    ]
    assert actions() == ["create-department", "create-category"]


def test_a_changed_question_makes_a_new_version_of_its_category() -> None:
    save_department()
    before = save_category().version

    changed = save_category(replace(POTHOLE, questions=[replace(DEPTH, is_required=True)]))

    assert changed.version > before
    assert changed.questions[0].is_required


def test_questions_are_added_moved_and_removed_with_their_category() -> None:
    save_department()
    since = QuestionSpec("since", Datatype.DATETIME, {"en": "Since when?"})
    save_category(replace(POTHOLE, questions=[DEPTH, since]))

    save_category(replace(POTHOLE, questions=[since]))
    save_category(replace(POTHOLE, questions=[since, DEPTH]))

    (category,) = queries.categories()
    assert [question.code for question in category.questions] == ["since", "depth"]


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        (replace(POTHOLE, department="parks"), "no department with the code “parks”"),
        (replace(POTHOLE, service_time=0), "more than zero"),
        (replace(POTHOLE, acknowledge_hours=-1), "more than zero"),
        (replace(POTHOLE, name={}), "a name or text is missing"),
        (replace(POTHOLE, questions=[DEPTH, DEPTH]), "“depth” is there twice"),
        (replace(POTHOLE, questions=[replace(DEPTH, choices=())]), "a list needs choices"),
        (replace(POTHOLE, questions=[replace(DEPTH, datatype=Datatype.NUMBER)]), "a list needs choices"),
        (
            replace(POTHOLE, questions=[replace(DEPTH, stops={"x": {"en": "Stop"}})]),
            "no choice has the key “x”",
        ),
        (replace(POTHOLE, questions=[replace(DEPTH, label={})]), "a name or text is missing"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_category_that_says_something_impossible_is_refused(spec: CategorySpec, says: str) -> None:
    save_department()

    with pytest.raises(RuleViolation, match=says):
        save_category(spec)

    assert queries.category_by_code("pothole") is None


def test_categories_are_read_in_order_with_everything_in_two_statements(application: Application) -> None:
    save_department()
    save_category(replace(POTHOLE, ord=2))
    save_category(replace(POTHOLE, code="kerb", ord=1))
    save_category(replace(POTHOLE, code="idea", kind=CategoryKind.PROPOSAL))
    gone = save_category(replace(POTHOLE, code="gone"))
    with transaction():
        db.session.get_one(Category, gone.id).is_active = False
    db.session.rollback()
    application.statements.clear()

    found = [(c.code, c.department.code, [q.code for q in c.questions]) for c in queries.categories()]

    assert found == [("kerb", "roads", ["depth"]), ("pothole", "roads", ["depth"])]
    assert len([s for s in application.statements if s.startswith("SELECT")]) == 2


def test_departments_are_read_with_the_one_for_new_cases_first() -> None:
    save_department()

    assert [department.code for department in queries.departments()] == ["front-desk", "roads"]


def test_a_city_where_nobody_reads_new_cases_says_what_to_set() -> None:
    with transaction() as session:
        session.delete(factories.triage_department())

    with pytest.raises(ConfigurationError, match="No department reads new cases"):
        queries.triage_department()


def test_an_account_knows_the_departments_it_works_in() -> None:
    roads = save_department()
    officer, other = factories.make_officer(roads), factories.make_officer()
    front_desk = factories.triage_department()

    with transaction():
        assert services.add_staff(officer.id, front_desk, by=None, at=clock.now())
        assert not services.add_staff(officer.id, roads, by=None, at=clock.now())

    assert queries.department_ids_of(officer.id) == {roads.id, front_desk.id}
    assert roads.id not in queries.department_ids_of(other.id)


def test_a_department_has_its_own_templates_before_those_of_all() -> None:
    roads = save_department()
    save_department(replace(ROADS, code="parks"))
    thanks = TemplateSpec("thanks", {"en": "Thanks"}, {"en": "Thank you."})
    save_template(thanks)
    save_template(replace(thanks, code="zebra", department="roads"))
    save_template(replace(thanks, code="trees", department="parks"))

    assert [template.code for template in queries.templates_for(roads.id)] == ["zebra", "thanks"]


def test_a_template_keeps_its_time_until_it_changes() -> None:
    thanks = TemplateSpec("thanks", {"en": "Thanks"}, {"en": "Thank you."})
    first = save_template(thanks).updated_at
    with clock.set_to(datetime(2026, 12, 1, tzinfo=UTC)):
        same = save_template(thanks).updated_at
        changed = save_template(replace(thanks, body={"en": "Thank you!"})).updated_at

    assert (first, same) == (WEDNESDAY, WEDNESDAY)
    assert changed == datetime(2026, 12, 1, tzinfo=UTC)


def test_a_template_without_words_is_refused() -> None:
    with pytest.raises(RuleViolation, match="a name or text is missing"):
        save_template(TemplateSpec("thanks", {"en": "Thanks"}, {}))


def test_the_working_week_is_replaced_as_a_whole() -> None:
    with transaction():
        services.save_opening_hours([Stretch(5, time(10), time(14))], by=None, at=clock.now())

    assert [(row.weekday, row.opens, row.closes) for row in queries.opening_hours()] == [
        (5, time(10), time(14))
    ]
    assert actions() == ["change-opening-hours"]


def test_the_same_week_again_is_no_change() -> None:
    with transaction():
        services.save_opening_hours(list(reversed(WEEK)), by=None, at=clock.now())

    assert actions() == []


@pytest.mark.parametrize(
    ("week", "says"),
    [
        ([], "at some time in the week"),
        ([Stretch(7, time(9), time(18))], "on a day of the week"),
        ([Stretch(0, time(18), time(9))], "open before they close"),
        ([Stretch(0, time(9), time(13)), Stretch(0, time(12), time(18))], "must not overlap"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_an_impossible_week_is_refused_and_the_old_one_stays(week: list[Stretch], says: str) -> None:
    with pytest.raises(RuleViolation, match=says), transaction():
        services.save_opening_hours(week, by=None, at=clock.now())

    assert len(queries.opening_hours()) == 5


def test_a_holiday_moves_due_dates() -> None:
    save_department()
    category = save_category()
    due = services.due_at(category, WEDNESDAY, queries.working_calendar(SEOUL))
    with transaction():
        services.save_holiday(date(2026, 11, 20), {"en": "Founding Day"}, by=None, at=clock.now())

    later = services.due_at(category, WEDNESDAY, queries.working_calendar(SEOUL))

    assert (due.date(), later.date()) == (date(2026, 11, 23), date(2026, 11, 24))


def test_a_holiday_needs_a_name() -> None:
    with pytest.raises(RuleViolation, match="a name or text is missing"), transaction():
        services.save_holiday(date(2026, 11, 20), {}, by=None, at=clock.now())


@pytest.mark.parametrize(
    ("amount", "unit", "due"),
    [
        (30, TimeUnit.HOURS, datetime(2026, 11, 19, 7, tzinfo=UTC)),
        (9, TimeUnit.WORKING_HOURS, datetime(2026, 11, 19, 1, tzinfo=UTC)),
        (3, TimeUnit.WORKING_DAYS, datetime(2026, 11, 23, 9, tzinfo=UTC)),
    ],
)
def test_a_case_is_due_when_its_service_time_has_passed(amount: int, unit: TimeUnit, due: datetime) -> None:
    save_department()
    category = save_category(replace(POTHOLE, service_time=amount, service_time_unit=unit))

    assert services.due_at(category, WEDNESDAY, queries.working_calendar(SEOUL)) == due


@pytest.mark.bare_database
def test_a_city_without_working_hours_says_what_to_set() -> None:
    with pytest.raises(ConfigurationError, match="no working hours"):
        queries.working_calendar(SEOUL)
