import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.wards.geometry import (
    Area,
    Place,
    PlaceKind,
    Polygon,
    Ring,
    contains,
    distance_m,
    distance_to_border_m,
    grid_cell,
    locate,
    nearest,
    simplify,
)

METRE = 1 / 111_195  # a metre in degrees of latitude, and of longitude on the equator


def box(west: float, south: float, east: float, north: float) -> Ring:
    return ((west, south), (east, south), (east, north), (west, north), (west, south))


def area(*polygons: Polygon) -> Area:
    return Area(polygons)


def square(west: float, south: float, east: float, north: float) -> Area:
    return area(Polygon(box(west, south, east, north)))


RING_ROAD = area(Polygon(box(0, 0, 10, 10), (box(4, 4, 6, 6),)), Polygon(box(20, 0, 22, 2)))
SHAPE = area(Polygon(((0, 0), (8, 0), (8, 6), (6, 6), (6, 2), (2, 2), (2, 6), (0, 6), (0, 0))))  # a U


# Inside or not


@pytest.mark.parametrize(
    ("lat", "lon", "inside"),
    [
        (1, 1, True),
        (5, 5, False),  # in the hole
        (5, 3, True),
        (1, 21, True),  # in the second polygon
        (1, 15, False),
        (11, 5, False),
        (-0.001, 5, False),
    ],
)
def test_holes_are_outside_and_every_polygon_counts(lat: float, lon: float, inside: bool) -> None:
    assert contains(RING_ROAD, lat, lon) is inside


@pytest.mark.parametrize(
    ("lat", "lon"),
    [(0, 0), (0, 5), (10, 10), (5, 0), (10, 3), (5, 10), (4, 5), (5, 6), (6, 6), (4, 4)],
)
def test_borders_and_corners_belong_to_the_area_those_of_holes_too(lat: float, lon: float) -> None:
    assert contains(RING_ROAD, lat, lon)


@pytest.mark.parametrize(
    ("lat", "lon", "inside"),
    [
        (4, 1, True),
        (4, 4, False),
        (4, 7, True),
        (2, 1, True),
        (2, 4, True),
        (6, 4, False),
        (6, -1, False),
        (0, 9, False),
    ],
)
def test_rows_through_corners_are_counted_rightly(lat: float, lon: float, inside: bool) -> None:
    assert contains(SHAPE, lat, lon) is inside


def test_a_slanted_border_belongs_to_the_area() -> None:
    triangle = area(Polygon(((0, 0), (4, 0), (0, 4), (0, 0))))

    assert contains(triangle, 2, 2)
    assert contains(triangle, 1, 3)
    assert not contains(triangle, 2.0001, 2)


def test_the_direction_of_a_ring_does_not_matter() -> None:
    turned = area(Polygon(tuple(reversed(box(0, 0, 10, 10))), (tuple(reversed(box(4, 4, 6, 6))),)))

    assert contains(turned, 1, 1)
    assert not contains(turned, 5, 5)


@given(st.floats(-1, 11), st.floats(-1, 11))
def test_two_halves_of_a_square_share_nothing_but_their_border(lat: float, lon: float) -> None:
    left = area(Polygon(((0, 0), (10, 10), (0, 10), (0, 0))))
    right = area(Polygon(((0, 0), (10, 0), (10, 10), (0, 0))))
    whole = contains(square(0, 0, 10, 10), lat, lon)

    assert (contains(left, lat, lon) or contains(right, lat, lon)) is whole
    assert not (contains(left, lat, lon) and contains(right, lat, lon)) or math.isclose(
        lat, lon, abs_tol=1e-9
    )


# Distances


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        ((0, 0), (0, 0), 0),
        ((0, 0), (0, 1), 111_195),
        ((0, 0), (90, 0), 10_007_557),
        ((0, -180), (0, 180), 0),
        ((0, 0), (0, 180), 20_015_115),
        ((37.5665, 126.978), (35.1796, 129.0756), 325_100),
    ],
)
def test_distances_on_the_sphere_are_known(
    a: tuple[float, float], b: tuple[float, float], metres: float
) -> None:
    assert distance_m(*a, *b) == pytest.approx(metres, rel=0.001, abs=0.01)


def test_the_distance_to_the_border_is_zero_inside_and_the_shortest_way_outside() -> None:
    town = square(0, 0, 0.1, 0.1)

    assert distance_to_border_m(town, 0.05, 0.05) == 0
    assert distance_to_border_m(town, 0.05, 0.1 + 30 * METRE) == pytest.approx(30, rel=0.001)
    assert distance_to_border_m(town, 0.1 + 30 * METRE, 0.1 + 40 * METRE) == pytest.approx(50, rel=0.001)


def test_in_a_hole_the_border_of_the_hole_is_the_nearest() -> None:
    park = area(Polygon(box(0, 0, 0.1, 0.1), (box(0.04, 0.04, 0.06, 0.06),)))

    assert distance_to_border_m(park, 0.05, 0.04 + 20 * METRE) == pytest.approx(20, rel=0.001)


def test_degrees_of_longitude_are_shorter_in_the_north() -> None:
    town = square(0, 59, 0.1, 61)

    assert distance_to_border_m(town, 60, 0.1 + 100 * METRE) == pytest.approx(50, rel=0.001)


@given(st.floats(-0.3, 0.4), st.floats(-0.3, 0.4))
def test_the_distance_to_a_border_agrees_with_that_to_its_nearest_point(lat: float, lon: float) -> None:
    away = distance_to_border_m(square(0, 0, 0.1, 0.1), lat, lon)
    foot = min(max(lat, 0), 0.1), min(max(lon, 0), 0.1)

    assert away == pytest.approx(distance_m(lat, lon, *foot), rel=0.001, abs=0.01)


# Which area


WARDS = {
    "W2": square(0, 0, 0.01, 0.01),
    "W1": square(0.01, 0, 0.02, 0.01),
    "W3": square(0.02 + 40 * METRE, 0, 0.03, 0.01),  # a sliver of 40 m lies before it
    "W4": square(0.028, 0, 0.04, 0.01),  # lies over W3
}


def test_well_inside_a_ward_it_is_that_ward() -> None:
    assert locate(WARDS, 0.005, 0.005) == Place(PlaceKind.INSIDE, "W2", 0)


def test_inside_but_near_a_neighbour_both_are_told() -> None:
    assert locate(WARDS, 0.005, 0.01 - 20 * METRE) == Place(PlaceKind.NEAR_BORDER, "W2", 0, ("W1",))


def test_on_a_common_border_the_smallest_code_is_taken() -> None:
    assert locate(WARDS, 0.005, 0.01) == Place(PlaceKind.NEAR_BORDER, "W1", 0, ("W2",))


def test_where_two_wards_overlap_the_smallest_code_is_taken() -> None:
    assert locate(WARDS, 0.005, 0.029) == Place(PlaceKind.NEAR_BORDER, "W3", 0, ("W4",))


def test_in_a_sliver_the_nearest_ward_is_taken() -> None:
    place = locate(WARDS, 0.005, 0.02 + 25 * METRE)

    assert (place.kind, place.code, place.others) == (PlaceKind.NEAR_BORDER, "W3", ("W1",))
    assert place.distance_m == pytest.approx(15, abs=0.1)


def test_in_the_middle_of_a_sliver_the_smallest_code_is_taken() -> None:
    assert locate(WARDS, 0.005, 0.02 + 20 * METRE).code == "W1"


def test_the_order_of_the_wards_changes_nothing() -> None:
    backwards = dict(reversed(WARDS.items()))

    for lon in (0.005, 0.01, 0.0199, 0.02 + 20 * METRE, 0.029, 0.05):
        assert locate(WARDS, 0.005, lon) == locate(backwards, 0.005, lon)


def test_just_outside_the_city_the_nearest_ward_is_offered() -> None:
    place = locate(WARDS, 0.005, -100 * METRE)

    assert (place.kind, place.code) == (PlaceKind.NEAR_BORDER, "W2")
    assert place.distance_m == pytest.approx(100, rel=0.001)


def test_far_outside_it_says_so_and_how_far() -> None:
    place = locate(WARDS, 0.005, -0.01)

    assert (place.kind, place.code) == (PlaceKind.OUTSIDE, "W2")
    assert place.distance_m == pytest.approx(1112, rel=0.001)


def test_how_near_is_near_is_for_the_caller_to_say() -> None:
    assert locate(WARDS, 0.005, -100 * METRE, near_m=50).kind is PlaceKind.OUTSIDE
    assert locate(WARDS, 0.005, 0.01 - 20 * METRE, near_m=10).kind is PlaceKind.INSIDE


def test_without_wards_everything_is_outside() -> None:
    assert locate({}, 0, 0) == Place(PlaceKind.OUTSIDE, None, math.inf)
    assert nearest({}, 0, 0) is None


@given(st.floats(-0.1, 0.1), st.floats(-0.1, 0.1))
def test_the_nearest_ward_is_the_one_with_the_shortest_way(lat: float, lon: float) -> None:
    found = nearest(WARDS, lat, lon)
    shortest = min(distance_to_border_m(ward, lat, lon) for ward in WARDS.values())

    assert found
    assert found[1] == pytest.approx(shortest, abs=0.02)


# Drawing


def wavy(points: int, *, wave_m: float) -> Area:
    ring = []
    for number in range(points):
        angle = 2 * math.pi * number / points
        radius = 0.05 + (wave_m * METRE if number % 2 else 0)
        ring.append((radius * math.cos(angle), radius * math.sin(angle)))
    return area(Polygon((*ring, ring[0])))


def test_an_outline_loses_the_points_that_hardly_show() -> None:
    fine = wavy(400, wave_m=5)

    simple = simplify(fine, 50)

    assert len(simple.polygons[0].outer) < 60
    assert simple.polygons[0].outer[0] == simple.polygons[0].outer[-1]
    assert set(simple.polygons[0].outer) <= set(fine.polygons[0].outer)


def test_every_point_left_out_lies_within_the_tolerance_of_the_new_outline() -> None:
    fine = wavy(300, wave_m=20)
    simple = simplify(fine, 60).polygons[0].outer

    for lon, lat in fine.polygons[0].outer:
        edges = (Polygon((a, b, a)) for a, b in pairwise(simple))
        assert min(distance_to_border_m(area(edge), lat, lon) for edge in edges) <= 60.5


def test_corners_stay() -> None:
    assert simplify(square(0, 0, 0.1, 0.1), 100) == square(0, 0, 0.1, 0.1)


def test_small_holes_and_islands_go_and_the_largest_polygon_stays() -> None:
    bay = area(
        Polygon(box(0.2, 0.2, 0.2 + 10 * METRE, 0.2 + 10 * METRE)),
        Polygon(box(0, 0, 0.1, 0.1), (box(0.05, 0.05, 0.05 + 10 * METRE, 0.05 + 10 * METRE),)),
    )

    assert simplify(bay, 100) == square(0, 0, 0.1, 0.1)


def test_an_area_smaller_than_the_tolerance_is_still_drawn() -> None:
    tiny = square(0, 0, 10 * METRE, 10 * METRE)

    assert simplify(tiny, 1000) == tiny


# Grid


@pytest.mark.parametrize(
    ("lat", "lon", "zoom", "cell"),
    [
        (0, 0, 0, (0, 0)),
        (1, -1, 1, (0, 0)),
        (-1, 1, 1, (1, 1)),
        (37.5665, 126.978, 10, (873, 396)),
        (51.5074, -0.1278, 12, (2046, 1362)),
        (90, 180, 3, (7, 0)),
        (-90, -180, 3, (0, 7)),
    ],
)
def test_the_grid_is_that_of_web_map_tiles(lat: float, lon: float, zoom: int, cell: tuple[int, int]) -> None:
    assert grid_cell(lat, lon, zoom) == cell


@given(st.floats(-90, 90), st.floats(-180, 180), st.integers(1, 20))
def test_each_cell_lies_in_the_cell_of_the_coarser_grid(lat: float, lon: float, zoom: int) -> None:
    column, row = grid_cell(lat, lon, zoom)

    assert grid_cell(lat, lon, zoom - 1) == (column // 2, row // 2)
