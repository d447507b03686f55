"""Wards from the pages of the administration: a file is looked at first, and nothing changes before a yes."""

import json

from cps.core.db import db
from cps.wards import queries
from cps.wards.models import Ward
from tests.support.factories import make_administrator, make_complaint, make_ward, square
from tests.support.site import Site

HERE = "/admin/wards"


def a_file(*wards: tuple[str, str, float]) -> bytes:
    """Return GeoJSON of square wards: code, name, how far west they begin."""
    features = [
        {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": square(west, 36.0, 0.02)}
        for code, name, west in wards
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_a_file_is_looked_at_then_taken_and_doing_it_twice_changes_nothing(site: Site) -> None:
    make_ward("old", geometry=square(129.5, 36.0, 0.02))
    site.sign_in(make_administrator())
    data = a_file(("harbour", "Harbour", 129.52), ("hill", "Hill “A”", 129.54))

    page = site.submit(HERE, form=HERE, file=(data, "wards.geojson"), replaces=True)
    assert page.has("Nothing is changed yet.")
    assert [one.code for one in queries.wards()] == ["old"]
    page = site.submit(page, form=f"{HERE}/take")

    assert page.has("The wards are taken over.")
    db.session.rollback()
    assert [one.code for one in queries.wards()] == ["harbour", "hill"]
    page = site.submit(HERE, form=HERE, file=(data, "wards.geojson"))
    assert page.has("There is nothing to do.")


def test_a_file_with_faults_tells_each_and_cannot_be_taken(site: Site) -> None:
    site.sign_in(make_administrator())
    data = a_file(("harbour", "Harbour", 129.5), ("hill", "Hill", 500.0))

    for wrong in (data, b"\xff\xfe no json", b"[1]"):
        page = site.submit(HERE, form=HERE, file=(wrong, "wards.geojson"))
        assert (page.status, page.has("This file cannot be taken")) == (422, True)
        assert (
            site.post_raw(f"{HERE}/take", {"form_key": "k", "text": wrong.decode(errors="replace")}).status
            == 422
        )
    assert queries.wards() == []
    assert site.submit(HERE, form=HERE).status == 422


def test_a_ward_is_renamed_and_goes_out_of_use_with_its_cases(site: Site) -> None:
    ward, other = make_ward("hill"), make_ward("harbour")
    case = make_complaint(ward=ward)
    site.sign_in(make_administrator())

    page = site.submit(f"{HERE}/{ward.id}", form=f"{HERE}/{ward.id}", name_en="Old Hill", people="1200")
    assert page.has("→ Old Hill")
    site.post_raw(f"{HERE}/{ward.id}/use", {"to": "off"})
    page = site.post_raw(f"{HERE}/{other.id}/use", {"to": "off"})

    assert page.has("This is the last ward in use.")
    db.session.rollback()
    kept = db.session.get_one(Ward, ward.id)
    assert (kept.name["en"], kept.population, kept.is_active) == ("Old Hill", 1200, False)
    assert case.ward_id == ward.id
