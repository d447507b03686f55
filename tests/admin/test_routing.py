"""The administrator's pages of routing: made, tried, ordered and taken away without a programmer."""

from datetime import timedelta

from cps.departments import queries
from tests.support.factories import (
    make_administrator,
    make_category,
    make_complaint,
    make_department,
    make_routing_rule,
)
from tests.support.fixtures import WEDNESDAY
from tests.support.site import Site

ROUTING = "/admin/routing"


def test_a_rule_is_made_and_stands_in_the_list_with_who_made_it(site: Site) -> None:
    light = make_department("Street light")
    site.sign_in(make_administrator(display_name="Ada"))
    assert "No rule yet" in site.get(ROUTING).text

    page = site.submit(f"{ROUTING}/new", name="Lamps at night", words="lamp, 가로등", starts="22:00",
                       ends="06:00", department=light.code)  # fmt: skip

    assert page.path == ROUTING
    assert all(
        told in page.text for told in ("Lamps at night", "22:00–06:00", "“lamp”", "Street light", "Ada")
    )
    (rule,) = queries.routing()
    assert rule.conditions.words == ("lamp", "가로등")


def test_a_rule_is_tried_on_last_month_without_being_saved(site: Site) -> None:
    light, category = make_department("Light"), make_category(department=make_department("Roads"))
    make_complaint(category=category, body="The lamp is out", at=WEDNESDAY - timedelta(days=3))
    make_complaint(category=category, body="The lamp was out", at=WEDNESDAY - timedelta(days=40))
    make_complaint(category=category, body="A hole", at=WEDNESDAY - timedelta(days=3))
    make_complaint(category=category, body="A lamp", is_private=True, title="Do not tell",
                   at=WEDNESDAY - timedelta(days=2))  # fmt: skip
    site.sign_in(make_administrator())

    page = site.submit(
        f"{ROUTING}/new", button="Try it on last month", name="Lamps", words="lamp", department=light.code
    )

    assert "Roads → Light" in page.text
    assert "A private complaint" in page.text
    assert "Do not tell" not in page.text
    assert not queries.routing_rules()


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(site: Site) -> None:
    site.sign_in(make_administrator())

    page = site.submit(f"{ROUTING}/new", name="Half a time", starts="22:00", words="lamp")

    assert (page.status, "Give both times, or none." in page.text) == (422, True)
    assert page.form(f"{ROUTING}/new").value("words") == "lamp"


def test_a_rule_that_somebody_changed_meanwhile_is_not_overwritten(site: Site) -> None:
    rule = make_routing_rule(make_department("Light"), "Lamps")
    site.sign_in(make_administrator())
    address = f"{ROUTING}/{rule.id}"
    before = site.get(address)
    site.submit(address, name="Lamps and cables")

    page = site.submit(before, form=address, name="Only lamps")

    assert (page.status, "Somebody changed this meanwhile" in page.text) == (409, True)
    assert page.form(address).value("name") == "Only lamps"
    assert queries.routing_rules()[0].name == "Lamps and cables"

    site.submit(page, form=address, name="Only lamps")

    assert queries.routing_rules()[0].name == "Only lamps"


def test_the_list_says_what_is_of_no_use(site: Site) -> None:
    category = make_category()
    for _number in range(2):
        make_complaint(category=category, at=WEDNESDAY - timedelta(days=1))
    make_routing_rule(make_department("Light"), "Everything")
    make_routing_rule(make_department("Waste"), "Never", conditions={"words": ["zzzz"]})
    site.sign_in(make_administrator())

    page = site.get(ROUTING)

    assert "fits every complaint" in page.text
    assert "fits none of last month" in page.text
