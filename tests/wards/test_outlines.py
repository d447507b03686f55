import json
import random
from pathlib import Path
from typing import Any

import pytest

from cps.wards.geometry import Area, PlaceKind, contains, locate, simplify
from cps.wards.outlines import BadOutline, Problem, crosses_itself, read_area

BOUNDARIES = Path(__file__).parents[3] / "shared" / "data" / "boundaries"
SQUARE = [[127.0, 37.0], [127.1, 37.0], [127.1, 37.1], [127.0, 37.1], [127.0, 37.0]]
HOLE = [[127.04, 37.04], [127.06, 37.04], [127.06, 37.06], [127.04, 37.06], [127.04, 37.04]]


def polygon(*rings: object) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def multi(*polygons: object) -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": list(polygons)}


def problem(geometry: object) -> Problem:
    with pytest.raises(BadOutline) as caught:
        read_area(geometry)
    return caught.value.problem


def test_a_polygon_with_a_hole_is_read() -> None:
    area = read_area(polygon(SQUARE, HOLE))

    assert contains(area, 37.01, 127.01)
    assert not contains(area, 37.05, 127.05)
    assert area.bbox == (127.0, 37.0, 127.1, 37.1)


def test_several_polygons_make_one_area() -> None:
    east = [[lon + 1, lat] for lon, lat in SQUARE]

    assert len(read_area(multi([SQUARE], [east])).polygons) == 2


def test_heights_are_dropped() -> None:
    assert read_area(polygon([[*point, 30.5] for point in SQUARE])) == read_area(polygon(SQUARE))


def test_an_open_ring_is_closed() -> None:
    assert read_area(polygon(SQUARE[:-1])) == read_area(polygon(SQUARE))


def test_points_that_repeat_are_taken_once() -> None:
    assert read_area(polygon([point for point in SQUARE for _ in range(3)])) == read_area(polygon(SQUARE))


@pytest.mark.parametrize(
    ("geometry", "expected"),
    [
        (None, Problem.NO_AREA),
        ("Polygon", Problem.NO_AREA),
        ({}, Problem.NO_AREA),
        ({"type": "Point", "coordinates": [127, 37]}, Problem.NO_AREA),
        ({"type": ["Polygon"], "coordinates": []}, Problem.NO_AREA),
        (polygon(), Problem.NO_AREA),
        (multi(), Problem.NO_AREA),
        (multi([]), Problem.NO_AREA),
        (polygon([]), Problem.NO_AREA),
        ({"type": "Polygon"}, Problem.BAD_COORDINATES),
        ({"type": "Polygon", "coordinates": "SQUARE"}, Problem.BAD_COORDINATES),
        (polygon(127, 37), Problem.BAD_COORDINATES),
        (polygon([127, 37]), Problem.BAD_COORDINATES),
        (polygon([[127]]), Problem.BAD_COORDINATES),
        (polygon([["127", "37"]]), Problem.BAD_COORDINATES),
        (polygon([[True, 37]]), Problem.BAD_COORDINATES),
        (polygon([[None, None]]), Problem.BAD_COORDINATES),
        (polygon([*SQUARE, [float("nan"), 37]]), Problem.NOT_FINITE),
        (polygon([*SQUARE, [127, float("inf")]]), Problem.NOT_FINITE),
        (polygon([*SQUARE, [10**400, 37]]), Problem.NOT_FINITE),
        (polygon([[953_000.5, 1_952_000.25]]), Problem.PROJECTED),
        (polygon([[127.0, 181.0]]), Problem.PROJECTED),
        (polygon([[lat, lon] for lon, lat in SQUARE]), Problem.SWAPPED),
        (polygon(SQUARE[:2]), Problem.TOO_FEW_POINTS),
        (polygon(SQUARE[:1] * 9), Problem.TOO_FEW_POINTS),
        (polygon(SQUARE, SQUARE[:2]), Problem.TOO_FEW_POINTS),
    ],
)
def test_what_is_no_area_is_refused_with_its_reason(geometry: object, expected: Problem) -> None:
    assert problem(geometry) is expected


def test_an_outline_like_an_eight_crosses_itself() -> None:
    eight = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]

    assert crosses_itself(read_area(polygon(eight)))
    assert crosses_itself(read_area(polygon(SQUARE, eight)))


def test_an_outline_that_only_touches_itself_does_not_cross() -> None:
    touching = [[0, 0], [2, 0], [1, 1], [2, 2], [0, 2], [1, 1], [0, 0]]

    assert not crosses_itself(read_area(polygon(SQUARE, HOLE)))
    assert not crosses_itself(read_area(polygon(touching)))


def test_one_crossing_among_thousands_of_points_is_found() -> None:
    comb = [[x * 0.001, 0.001 * (x % 2)] for x in range(5000)]
    clean = [*comb, [5.0, -0.001], [0.0, -0.001]]
    crossed = [*comb[:2500], [2.5, -0.01], *comb[2501:], [5.0, -0.001], [0.0, -0.001]]

    assert not crosses_itself(read_area(polygon(clean)))
    assert crosses_itself(read_area(polygon(crossed)))


@pytest.fixture(scope="module")
def seoul() -> dict[str, Area]:
    path = BOUNDARIES / "seoul_gu_2013_simple.geojson"
    if not path.exists():
        pytest.skip("the sample boundaries are not beside the project")
    features = json.loads(path.read_text())["features"]
    return {feature["properties"]["code"]: read_area(feature["geometry"]) for feature in features}


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [(37.5796, 126.977, "11010"), (37.5145, 127.1059, "11240"), (37.5172, 127.0473, "11230")],
)
def test_known_places_lie_in_their_real_districts(
    seoul: dict[str, Area], lat: float, lon: float, code: str
) -> None:
    assert locate(seoul, lat, lon).code == code


def test_another_city_lies_outside(seoul: dict[str, Area]) -> None:
    assert locate(seoul, 35.1796, 129.0756).kind is PlaceKind.OUTSIDE


def test_no_place_in_a_real_city_falls_between_its_districts(seoul: dict[str, Area]) -> None:
    dice = random.Random(7)
    inside = 0
    for _ in range(500):
        place = locate(seoul, dice.uniform(37.5, 37.6), dice.uniform(126.9, 127.1))
        inside += place.distance_m == 0
        assert place.kind is not PlaceKind.OUTSIDE
    assert inside > 480


def test_real_districts_stay_recognisable_when_drawn_simply(seoul: dict[str, Area]) -> None:
    simple = {code: simplify(area, 300) for code, area in seoul.items()}
    before = sum(len(p.outer) for area in seoul.values() for p in area.polygons)
    after = sum(len(p.outer) for area in simple.values() for p in area.polygons)

    assert after < before * 0.8
    assert all(len(area.polygons) >= 1 for area in simple.values())
