"""How outlines fit together, and points well inside them."""

import pytest

from cps.wards.fitting import Index, Kind, misfits, nested
from cps.wards.geometry import Area, Polygon, contains, inner_point
from cps.wards.outlines import read_area
from tests.support.factories import square

SIZE = 0.02
METRE = 1 / 111_195


def area(west: float, south: float = 0.0, size: float = SIZE) -> Area:
    return read_area(square(west, south, size))


def turned(one: Area) -> Area:
    """Return the area with its rings the other way round."""
    return Area(tuple(Polygon(polygon.outer[::-1]) for polygon in one.polygons))


def test_wards_that_meet_are_well() -> None:
    assert misfits({"a": area(0), "b": area(SIZE), "c": area(0, SIZE), "d": area(5)}) == []


@pytest.mark.parametrize("way", [lambda one: one, turned])
def test_an_overlap_is_told_with_its_depth(way) -> None:  # type: ignore[no-untyped-def]
    (found,) = misfits({"a": way(area(0)), "b": area(SIZE - 30 * METRE), "c": area(5)})

    assert (found.kind, found.one, found.other) == (Kind.OVERLAP, "a", "b")
    assert found.metres == pytest.approx(30, abs=1)


@pytest.mark.parametrize("way", [lambda one: one, turned])
def test_a_gap_is_told_with_its_width(way) -> None:  # type: ignore[no-untyped-def]
    (found,) = misfits({"a": way(area(0)), "b": area(SIZE + 20 * METRE)})

    assert (found.kind, found.one, found.other) == (Kind.GAP, "a", "b")
    assert 20 <= found.metres < 26


def test_wards_far_apart_leave_no_gap() -> None:
    assert misfits({"a": area(0), "b": area(SIZE + 200 * METRE)}) == []


def test_the_worst_of_each_kind_comes_first() -> None:
    found = misfits({"a": area(0), "b": area(SIZE - 10 * METRE), "c": area(0, SIZE - 40 * METRE)})

    assert (found[-1].kind, found[-1].metres) == (Kind.OVERLAP, pytest.approx(10, abs=1))
    assert (found[0].one, found[0].other) == ("a", "c")


def test_a_ward_inside_another_is_found() -> None:
    large, small = area(0, size=0.1), area(0.01)

    assert nested({"small": small, "far": area(5)}, {"large": large}) == [("small", "large")]
    assert nested({"large": large}, {"small": area(0.001)}) == []


def test_a_hole_is_not_inside() -> None:
    ring = read_area({"type": "Polygon", "coordinates": [
        square(0, 0, 0.1)["coordinates"][0], square(0.04, 0.04, SIZE)["coordinates"][0]]})  # fmt: skip

    assert nested({"enclave": area(0.04, 0.04)}, {"ring": ring}) == []
    assert misfits({"enclave": area(0.04, 0.04), "ring": ring}) == []
    assert contains(ring, *inner_point(ring))


def test_a_crooked_area_has_a_point_inside() -> None:
    bent = read_area({"type": "Polygon", "coordinates": [
        [[0, 0], [10, 0], [10, 1], [1, 1], [1, 9], [10, 9], [10, 10], [0, 10], [0, 0]]]})  # fmt: skip

    assert contains(bent, *inner_point(bent))


def test_a_position_is_found_without_looking_at_all() -> None:
    index = Index({f"{place}": area(place * SIZE) for place in range(50)})

    assert index.at(0.01, 7.5 * SIZE) == ["7"]
    assert index.at(1, 1) == []
