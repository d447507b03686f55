"""The city's own facts, what administrators look at first, and what was done."""

import pytest

from cps.accounts.rules import Role
from cps.cases.models import Case
from cps.core import city as cities
from cps.core import clock as real_clock
from cps.core.db import db, transaction
from cps.core.models import AuditRow
from tests.support.factories import (
    make_account,
    make_administrator,
    make_category,
    make_complaint,
    make_department,
    make_officer,
    make_supervisor,
    triage_department,
)
from tests.support.site import Site

CITY, AUDIT = "/admin/city", "/admin/audit"


def test_the_name_languages_and_colour_of_the_city_are_changed_and_the_zone_stays(site: Site) -> None:
    site.sign_in(make_administrator())
    zone = cities.get().zone

    page = site.submit(
        CITY, form=CITY, button="Save", name_en="Newford", accent="#ffdd00",
        offered=["en", "ko", "fr"], danger_en="gas leak, fire",
    )  # fmt: skip

    assert page.has("Saved. Everybody reads it from now on.")
    db.session.rollback()
    now = cities.get()
    assert (now.name["en"], now.name["ko"], now.accent) == ("Newford", "시험시", "#ffdd00")
    assert (now.languages, now.zone) == (["en", "ko", "fr"], zone)
    assert now.danger_words["en"] == ["gas leak", "fire"]
    assert "Newford" in site.another().get("/").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"accent": "blue"}, "Write a colour such as #0b5cad, or leave it empty."),
        (
            {"emergency_phone": "the police"},
            "Give the number to call when somebody is in danger, such as 112.",
        ),
        ({"offered": ["ko"]}, "The city’s own language must be one of its languages."),
    ],
)
def test_what_would_break_the_city_is_refused_and_kept_on_the_page(
    site: Site, typed: dict[str, object], said: str
) -> None:
    site.sign_in(make_administrator())

    page = site.submit(CITY, form=CITY, button="Save", name_en="Newford", **typed)

    assert (page.status, page.has(said)) == (422, True)
    assert page.form(CITY).value("name_en") == "Newford"
    assert cities.get().name["en"] == "Testford"


def test_a_colour_is_looked_at_in_both_themes_before_it_is_taken(site: Site) -> None:
    site.sign_in(make_administrator())

    page = site.submit(CITY, form=CITY, button="Look at it first", accent="#ffdd00")

    assert page.has("Nothing is saved yet.")
    sheet = site.get(f"{CITY}/colour.css?colour=%23ffdd00").text
    assert ".accent-sample.is-light" in sheet
    assert ".accent-sample.is-dark" in sheet
    assert cities.get().accent == ""


def test_the_first_page_says_who_is_missing_and_nothing_once_all_are_there(site: Site) -> None:
    roads = make_department("Roads")
    make_category("Lamp", department=roads)
    site.sign_in(make_administrator())

    page = site.get("/admin")
    assert page.has("Nobody works in “Roads”.")
    assert page.has("You are the only administrator.")
    make_supervisor(roads)
    make_administrator()
    make_account(Role.INTEGRITY_OFFICER)
    make_officer(triage_department())

    assert site.get("/admin").has("Nothing waits for you.")


def test_what_was_done_is_told_by_person_group_and_day_and_never_about_complaints_about_staff(
    site: Site,
) -> None:
    ada = make_administrator(display_name="Ada")
    bob = make_administrator(display_name="Bob")
    open_case, secret = make_complaint(), make_complaint()
    with transaction() as session:
        session.get_one(Case, secret.id).is_integrity = session.get_one(Case, secret.id).is_private = True
        at = real_clock.now()
        for actor, action, kind, key, changes in (
            (ada.id, "grant-role", "account", bob.id, {"role": [None, "officer"], "secret": ["a", "hush"]}),
            (bob.id, "note-case", "case", open_case.reference, {}),
            (bob.id, "note-case", "case", secret.reference, {}),
        ):
            session.add(
                AuditRow(
                    at=at,
                    actor_id=actor,
                    action=action,
                    object_kind=kind,
                    object_id=str(key),
                    changes=changes,
                )
            )
    site.sign_in(ada)

    page = site.get(AUDIT)
    assert page.has("Role given · Account Bob")
    assert "hush" not in page.text
    assert page.text.count("Note written") == 1
    assert not site.get(f"{AUDIT}?who=bob").has("Role given")
    assert not site.get(f"{AUDIT}?what=cases").has("Role given")
    assert site.get(f"{AUDIT}?day=2001-01-01").has("Nothing was done")
    assert site.get(f"{AUDIT}?day=x&before=0&what=y").status == 200
