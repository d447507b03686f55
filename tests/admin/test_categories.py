"""The administrator's pages of categories and their questions."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from flask import Flask

from cps.cases.rules import Status
from cps.core.db import db
from cps.departments import queries
from cps.departments.models import Category
from cps.departments.rules import Datatype
from tests.support.factories import (
    make_administrator,
    make_category,
    make_complaint,
    make_department,
    make_routing_rule,
    question,
)
from tests.support.fixtures import WEDNESDAY
from tests.support.site import Site

CATEGORIES = "/admin/categories"


def test_a_category_is_made_and_residents_can_choose_it(site: Site) -> None:
    department = make_department("Street light")
    site.sign_in(make_administrator())

    site.submit(f"{CATEGORIES}/new", code="street-light", name_en="Street light", name_ko="가로등",
                department=department.code, service_time="3")  # fmt: skip

    made = queries.catalogue().offer("street-light")
    assert made is not None
    assert (made.name, made.service_time) == ({"en": "Street light", "ko": "가로등"}, 3)


def test_a_code_that_is_taken_is_refused_and_nothing_is_overwritten(site: Site) -> None:
    there = make_category(code="street-light")
    site.sign_in(make_administrator())

    page = site.submit(f"{CATEGORIES}/new", code="street-light", name_en="Another", service_time="3")

    assert (page.status, "Choose another code" in page.text) == (422, True)
    assert db.session.get_one(Category, there.id).name == there.name


def test_a_change_is_looked_at_first_then_saved_and_told_in_the_history(site: Site) -> None:
    category = make_category(questions=[question("depth")])
    site.sign_in(make_administrator(display_name="Ada"))
    address = f"{CATEGORIES}/{category.id}"

    looked = site.submit(address, button="Look at it first", name_en="Holes in the road")
    assert "Nothing is saved yet" in looked.text
    assert db.session.get_one(Category, category.id).name["en"] != "Holes in the road"

    page = site.submit(address, form=address, button="Save", name_en="Holes in the road", service_time="9")

    assert "Holes in the road" in page.text
    assert "9" in page.text
    assert "Ada" in page.text
    (now,) = [one for one in queries.all_categories() if one.id == category.id]
    assert [one.code for one in now.questions] == ["depth"]


def test_a_question_with_answers_and_a_stop_message_is_made_and_changed(site: Site) -> None:
    category = make_category()
    site.sign_in(make_administrator())
    new = f"{CATEGORIES}/{category.id}/questions/new"

    site.submit(new, label_en="Whose ground is it?", datatype="singlevaluelist", choice0_en="The city’s",
                choice1_en="Private", stop1_en="Please ask the owner.")  # fmt: skip

    (made,) = queries.category(category.id).questions  # type: ignore[union-attr]
    assert [choice["key"] for choice in made.choices] == ["the-city-s", "private"]
    assert made.stops == {"private": {"en": "Please ask the owner."}}

    site.submit(f"{CATEGORIES}/{category.id}/questions/{made.id}", choice1_en="Somebody’s garden")

    db.session.expire_all()
    (now,) = queries.category(category.id).questions  # type: ignore[union-attr]
    assert [(choice["key"], choice["name"]["en"]) for choice in now.choices][1] == (
        "private",
        "Somebody’s garden",
    )


def test_an_answer_can_say_that_somebody_is_in_danger_and_can_cease_to(site: Site) -> None:
    category = make_category()
    site.sign_in(make_administrator())
    new = f"{CATEGORIES}/{category.id}/questions/new"

    site.submit(new, label_en="Are you threatened?", datatype="singlevaluelist", choice0_en="Yes",
                danger0=True, choice1_en="No")  # fmt: skip

    (made,) = queries.category(category.id).questions  # type: ignore[union-attr]
    yes, no = made.choices
    assert (yes, no) == (
        {"key": "yes", "name": {"en": "Yes"}, "danger": True},
        {"key": "no", "name": {"en": "No"}},
    )
    own = f"{CATEGORIES}/{category.id}/questions/{made.id}"
    assert site.get(own).has("“Yes” shows the number to call and makes the case urgent")

    site.submit(own, form=own, danger0=False)

    db.session.expire_all()
    (now,) = queries.category(category.id).questions  # type: ignore[union-attr]
    assert not any("danger" in choice for choice in now.choices)
    assert "Yes (somebody is in danger)" in site.get(f"{CATEGORIES}/{category.id}").text


def test_a_list_without_answers_is_refused(site: Site) -> None:
    category = make_category()
    site.sign_in(make_administrator())

    page = site.submit(
        f"{CATEGORIES}/{category.id}/questions/new", label_en="Which?", datatype="singlevaluelist"
    )

    assert (page.status, "Write at least one" in page.text) == (422, True)
    assert page.form(f"{CATEGORIES}/{category.id}/questions/new").value("label_en") == "Which?"


def test_a_question_that_cases_answer_is_not_taken_away(site: Site) -> None:
    category = make_category(questions=[question("depth"), question("width", Datatype.NUMBER)])
    make_complaint(category=category, answers={"depth": ["deep"]})
    site.sign_in(make_administrator())
    depth, width = category.questions

    for one in (depth, width):
        address = f"{CATEGORIES}/{category.id}/questions/{one.id}"
        site.submit(address, form=f"{address}/remove")

    db.session.expire_all()
    assert [one.code for one in queries.category(category.id).questions] == ["depth"]  # type: ignore[union-attr]


def test_a_category_tells_what_uses_it(site: Site) -> None:
    category, other = make_category(), make_category()
    make_complaint(category=category)
    make_routing_rule(make_department("Light"), "Lamps", conditions={"categories": [category.code]})
    site.sign_in(make_administrator())

    assert "Rule of routing: Lamps" in site.get(f"{CATEGORIES}/{category.id}").text
    assert "Rule of routing: Lamps" not in site.get(f"{CATEGORIES}/{other.id}").text


def test_the_order_changes_by_one_press(site: Site, app: Flask) -> None:
    first, second = make_category(ord=1), make_category(ord=2)
    site.sign_in(make_administrator())

    site.submit(CATEGORIES, form=f"{CATEGORIES}/{second.id}/move", button=f"Move up: {second.name['en']}")

    codes = [one.code for one in queries.all_categories()]
    assert codes.index(second.code) < codes.index(first.code)


def test_what_moves_need_is_set_for_a_category(site: Site) -> None:
    category = make_category()
    site.sign_in(make_administrator())
    address = f"{CATEGORIES}/{category.id}"

    site.submit(address, button="Save", needs_photo=["answered"], needs_second=["cannot-be-done"])

    known = queries.catalogue().categories[category.id].needs
    assert (known.message, known.photo, known.second) == (set(), {"answered"}, {"cannot-be-done"})


def test_another_service_time_is_tried_on_last_months_complaints_of_the_category(site: Site) -> None:
    category = make_category(service_time=5)
    came = WEDNESDAY - timedelta(days=14)
    make_complaint(Status.CLOSED, category=category, at=came, answered_at=came + timedelta(days=5))
    make_complaint(category=category, at=came)
    make_complaint(category=make_category(), at=came)
    site.sign_in(make_administrator())
    address = f"{CATEGORIES}/{category.id}"

    assert "Tried on the last" not in site.submit(address, button="Look at it first").text
    page = site.submit(address, button="Look at it first", service_time="1")

    told = dict(zip(page.all(".notice dt"), page.all(".notice dd"), strict=True))
    assert (told["Complaints"], told["An earlier date would have been promised"]) == ("2", "2")
    assert (told["In time as it is now"], told["In time after the change"]) == ("1", "0")
    assert db.session.get_one(Category, category.id).service_time == 5


def test_of_two_who_save_a_category_at_the_same_moment_the_second_keeps_what_was_typed(site: Site) -> None:
    address = f"{CATEGORIES}/{make_category('Lamp').id}"
    pages = [site.sign_in(make_administrator()), site.another().sign_in(make_administrator())]
    for one in pages:
        one.get(address)
    barrier = Barrier(2)

    def press(number: int) -> tuple[int, str]:
        barrier.wait()
        page = pages[number].submit(button="Save", follow=False, name_en=f"Lamp {number}")
        return page.status, page.text if page.status == 303 else page.form(address).value("name_en")

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(press, range(2)))

    assert sorted(status for status, _text in said) == [303, 409]
    late = next(number for number, (status, _text) in enumerate(said) if status == 409)
    assert said[late][1] == f"Lamp {late}"
