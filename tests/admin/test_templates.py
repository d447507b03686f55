"""Reply templates: placeholders checked by name, a preview with a real case, offered where they fit."""

import pytest

from cps.cases.reference import display
from cps.cases.rules import Status
from cps.departments import placeholders, queries
from tests.support.factories import (
    make_administrator,
    make_category,
    make_complaint,
    make_department,
    make_officer,
    make_template,
)
from tests.support.site import Site

TEMPLATES = "/admin/templates"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("Case {reference} is due {due}.", []), ("{refernce} {due} {}", ["refernce", ""]), ("no braces", [])],
)
def test_what_is_no_placeholder_is_named(text: str, wrong: list[str]) -> None:
    assert placeholders.unknown_in(text) == wrong


def test_a_value_that_looks_like_a_placeholder_stays_as_it_is() -> None:
    assert placeholders.fill("{title}: {phone}", {"title": "{city}", "phone": ""}) == "{city}: …"


def test_a_wrong_placeholder_is_refused_by_name_and_the_words_are_kept(site: Site) -> None:
    site.sign_in(make_administrator())

    page = site.submit(f"{TEMPLATES}/new", title_en="Thanks", body_en="Thank you for {refernce}.")

    assert (page.status, "There is no placeholder “{refernce}”" in page.text) == (422, True)
    assert page.form(f"{TEMPLATES}/new").value("body_en") == "Thank you for {refernce}."
    assert not queries.all_templates()


def test_a_template_is_looked_at_with_a_real_case_before_it_is_saved(site: Site) -> None:
    make_complaint(category=make_category("Street light"), title="The lamp at the quay is out")
    site.sign_in(make_administrator())

    page = site.submit(f"{TEMPLATES}/new", button="Look at it first", title_en="Thanks",
                       body_en="“{title}” ({category})")  # fmt: skip

    assert "“The lamp at the quay is out” (Street light)" in page.text
    assert not queries.all_templates()


def test_a_template_is_saved_and_changed_with_a_history(site: Site) -> None:
    site.sign_in(make_administrator(display_name="Ada"))
    site.submit(f"{TEMPLATES}/new", title_en="Lamp mended", body_en="It shines.", move="fixed")
    (made,) = queries.all_templates()
    assert (made.code, made.move) == ("lamp-mended", "fixed")

    site.submit(f"{TEMPLATES}/{made.id}", body_en="It shines again.")

    page = site.get(f"{TEMPLATES}/{made.id}")
    assert "It shines. → It shines again." in page.text
    assert "Ada" in page.text


def test_the_desk_offers_what_fits_the_case_and_the_move_and_fills_it(site: Site) -> None:
    roads = make_department("Roads")
    lamps, holes = make_category(department=roads), make_category(department=roads)
    case = make_complaint(Status.IN_PROGRESS, category=lamps)
    always = make_template(body="About {category}: {reference}.")
    fixed = make_template(roads, move="fixed", category_id=lamps.id)
    planned = make_template(roads, move="planned")
    make_template(roads, category_id=holes.id)
    make_template(roads, is_active=False)
    site.sign_in(make_officer(roads))

    desk = f"/desk/{display(case.reference)}"
    page = site.get(desk)

    reply, close = (page.form(f"{desk}/{act}?box=new") for act in ("reply", "close"))
    assert set(reply.choices("template")) == {"", always.code, planned.code}
    assert close.choices("template") == ["", fixed.code, always.code]
    filled = site.submit(page, form=f"{desk}/reply?box=new", button="Insert", template=always.code)
    message = filled.form(f"{desk}/reply?box=new").value("message")
    assert message.startswith(f"About {lamps.name['en']}: ")
    assert case.reference[-4:] in message
