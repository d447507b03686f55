"""`cps import wards`: what is told about outlines, levels, districts, and files of real cities."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.models import City
from cps.wards import queries, whereabouts
from cps.wards.commands import import_wards_command
from tests.support.factories import make_complaint, make_ward, square

BOUNDARIES = Path(__file__).parents[3] / "shared" / "data" / "boundaries"
SEOUL = (126.9, 37.5)


def ward(code: str, name: str, west: float, *, south: float = SEOUL[1], size: float = 0.01) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name},
        "geometry": square(west, south, size),
    }


def bring_in(app: Flask, folder: Path, *features: dict[str, Any], options: tuple[str, ...] = ()) -> Result:
    file = folder / "wards.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    answer = app.test_cli_runner().invoke(import_wards_command, [str(file), *options])
    db.session.rollback()
    return answer


def codes() -> list[str]:
    return [ward.code for ward in queries.wards()]


EAST, WEST = ward("east", "East", 126.91), ward("west", "West", 126.9)


def test_wards_that_fit_come_in_without_a_remark(app: Flask, tmp_path: Path) -> None:
    answer = bring_in(app, tmp_path, EAST, WEST)

    assert (answer.exit_code, answer.stderr) == (0, "")
    assert codes() == ["east", "west"]


def test_overlaps_and_gaps_are_told_with_the_worst_pair(app: Flask, tmp_path: Path) -> None:
    answer = bring_in(
        app, tmp_path, WEST, ward("east", "East", 126.9098), ward("south", "South", 126.9, south=37.4898)
    )

    assert answer.exit_code == 0
    assert "1 pair of wards overlaps, by up to 18 m (east and west)." in answer.stderr
    assert "leaves a gap, up to" in answer.stderr
    assert "(south and west)" in answer.stderr


def test_heights_are_dropped(app: Flask, tmp_path: Path) -> None:
    high = ward("hill", "Hill", 126.9)
    high["geometry"]["coordinates"][0] = [[*point, 120.5] for point in high["geometry"]["coordinates"][0]]

    assert bring_in(app, tmp_path, high).exit_code == 0
    outline = queries.ward_by_code("hill").geometry  # type: ignore[union-attr]
    assert outline is not None
    assert outline["coordinates"][0][0][0] == [126.9, 37.5]


def test_an_outline_that_crosses_itself_is_told(app: Flask, tmp_path: Path) -> None:
    bow = {**WEST, "geometry": {"type": "Polygon", "coordinates": [
        [[126.9, 37.5], [126.91, 37.51], [126.91, 37.5], [126.9, 37.51], [126.9, 37.5]]]}}  # fmt: skip

    answer = bring_in(app, tmp_path, bow)

    assert "Ward 1: An outline crosses itself." in answer.stderr
    assert codes() == ["west"]


def test_exchanged_axes_are_refused_where_a_latitude_would_be_beyond_the_pole(
    app: Flask, tmp_path: Path
) -> None:
    answer = bring_in(app, tmp_path, {**WEST, "geometry": square(37.5, 126.9, 0.01)})

    assert "Latitude and longitude seem to be swapped" in str(answer.exception)
    assert codes() == []


@pytest.mark.skipif(whereabouts.place_of_zone("Asia/Kathmandu") is None, reason="no list of zones here")
def test_exchanged_axes_are_refused_where_the_city_lies_elsewhere(app: Flask, tmp_path: Path) -> None:
    with transaction() as session:
        session.get_one(City, 1).zone = "Asia/Kathmandu"

    answer = bring_in(app, tmp_path, {**WEST, "geometry": square(27.7, 85.3, 0.01)})

    assert isinstance(answer.exception, RuleViolation)
    assert "Latitude and longitude seem to be swapped" in answer.exception.message
    assert bring_in(app, tmp_path, {**WEST, "geometry": square(85.3, 27.7, 0.01)}).exit_code == 0


@pytest.mark.skipif(whereabouts.place_of_zone("Asia/Seoul") is None, reason="no list of zones here")
def test_wards_of_another_part_of_the_world_are_told(app: Flask, tmp_path: Path) -> None:
    answer = bring_in(app, tmp_path, {**WEST, "geometry": square(2.3, 48.8, 0.01)})

    assert "km from Asia/Seoul. Is this another city?" in answer.stderr
    assert codes() == ["west"]


def test_two_levels_in_one_file_are_told(app: Flask, tmp_path: Path) -> None:
    answer = bring_in(app, tmp_path, ward("gu", "District", 126.9, size=0.1), EAST, WEST)

    assert "2 wards lie inside others (such as east in gu)." in answer.stderr


@pytest.mark.parametrize("is_finer", [True, False])
def test_wards_of_another_level_than_the_city_has_are_refused_or_take_their_place(
    app: Flask, tmp_path: Path, is_finer: bool
) -> None:
    district = ward("gu", "District", 126.9, size=0.1)
    old, new = ([district], [EAST, WEST]) if is_finer else ([EAST, WEST], [district])
    bring_in(app, tmp_path, *old)
    before = codes()
    case = make_complaint(ward=queries.wards()[0], lat=None, lon=None)

    answer = bring_in(app, tmp_path, *new)
    assert isinstance(answer.exception, RuleViolation)
    assert "which the city has already. Wards are of one level" in answer.exception.message
    assert codes() == before

    answer = bring_in(app, tmp_path, *new, options=("--replace",))
    assert f"Out of use, {len(old)}: {', '.join(before)}." in answer.output
    assert codes() == sorted(one["properties"]["code"] for one in new)
    db.session.refresh(case)
    assert case.ward_id is not None
    assert queries.areas().codes[case.ward_id] == before[0]


def test_districts_tell_apart_wards_of_one_name(app: Flask, tmp_path: Path) -> None:
    districts = tmp_path / "districts.geojson"
    first, second = ward("1", "North", 126.9, size=0.1), ward("2", "South", 127.0, size=0.1)
    for district, korean in ((first, "북구"), (second, "남구")):
        district["properties"]["name_kor"] = korean
    districts.write_text(json.dumps({"type": "FeatureCollection", "features": [first, second]}))
    twins = [ward("11", "Sinsa", 126.95), ward("21", "Sinsa", 127.05), ward("31", "Island", 128.0)]
    for twin in twins:
        twin["properties"]["name_kor"] = "신사동"

    assert (
        "Several wards have the same name: 신사동 (3), Sinsa (2)." in bring_in(app, tmp_path, *twins).stderr
    )
    answer = bring_in(app, tmp_path, *twins, options=("--within", str(districts)))

    assert [one.name for one in queries.wards()] == [
        {"en": "Sinsa, North", "ko": "북구 신사동"},
        {"en": "Sinsa, South", "ko": "남구 신사동"},
        {"en": "Island", "ko": "신사동"},
    ]
    assert "In no district: 31." in answer.stderr


def test_a_dry_run_tells_and_writes_nothing(app: Flask, tmp_path: Path) -> None:
    make_ward("harbour")

    answer = bring_in(app, tmp_path, EAST, WEST, options=("--dry-run", "--replace"))

    assert "Wards: 2 new" in answer.output
    assert answer.output.endswith("Nothing was changed.\n")
    assert codes() == ["harbour"]


@pytest.mark.parametrize(
    ("name", "number", "said"),
    [
        ("seoul_gu_2013_simple", 25, ""),
        ("seoul_dong_2013_simple", 423, "Several wards have the same name: 신사동"),
        ("ph_makati_barangays_2023", 23, ""),
        ("ph_san_fernando_la_union_barangays_2023", 59, ""),
        ("np_kathmandu_district", 1, ""),
    ],
)
def test_boundaries_of_real_cities_come_in_once(app: Flask, name: str, number: int, said: str) -> None:
    file = BOUNDARIES / f"{name}.geojson"
    if not file.exists():
        pytest.skip("sample boundaries are not on this machine")

    first = app.test_cli_runner().invoke(import_wards_command, [str(file)])
    again = app.test_cli_runner().invoke(import_wards_command, [str(file)])

    assert f"Wards: {number} new" in first.output
    assert said in first.stderr
    assert f"0 new, 0 changed, {number} as before." in again.output


def test_neighbourhoods_of_seoul_are_not_taken_beside_its_districts(app: Flask) -> None:
    districts, neighbourhoods = (
        BOUNDARIES / f"seoul_{level}_2013_simple.geojson" for level in ("gu", "dong")
    )
    if not districts.exists():
        pytest.skip("sample boundaries are not on this machine")
    runner = app.test_cli_runner()
    runner.invoke(import_wards_command, [str(districts)])

    refused = runner.invoke(import_wards_command, [str(neighbourhoods)])
    taken = runner.invoke(
        import_wards_command, [str(neighbourhoods), "--replace", "--within", str(districts)]
    )

    assert "Wards are of one level" in str(refused.exception)
    assert "Out of use, 25:" in taken.output
    assert queries.ward_by_code("1123051").name["ko"].startswith("강남구 ")  # type: ignore[union-attr]
