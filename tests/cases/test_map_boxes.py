"""Boxes and cells: what addresses say, and that nothing falls between two cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.cases.rules import Status, colour
from cps.cases.rules.boxes import FINEST, Box, grid_of, level_of, read_box, too_wide, zoom_for
from cps.cases.services.filing import CELL_ZOOM
from cps.core.triggers import places
from cps.wards.geometry import grid_cell

CITY = Box(103.8, 1.27, 103.9, 1.33)
lats, lons = st.floats(-80, 80), st.floats(-179, 179)


def test_an_address_says_a_box_in_the_order_of_geojson() -> None:
    assert read_box("103.8,1.27,103.9,1.33") == CITY
    assert str(CITY) == "103.8,1.27,103.9,1.33"


@pytest.mark.parametrize(
    "written",
    [
        *("", "1,2,3", "1,2,3,4,5", "a,b,c,d", "1e1,2,3,4", "nan,1,2,3", "inf,1,2,3", " 1,2,3,4"),
        *("3,2,1,4", "1,4,3,2", "-181,0,1,1", "0,-91,1,1", "0,0,0,1", "1,2,3,４"),
    ],
)
def test_what_is_no_box_on_the_map_is_none(written: str) -> None:
    assert read_box(written) is None


@given(lats, lons, st.floats(0.0001, 5), st.integers(0, 19))
def test_a_widened_box_holds_the_box_and_widening_it_again_changes_nothing(
    lat: float, lon: float, size: float, zoom: int
) -> None:
    box = Box(lon - size / 9, lat - size / 9, lon, lat)

    whole = box.whole(grid_of(zoom))

    edge = 0.03 * 360 / (1 << grid_of(zoom))
    assert whole.west <= box.west + edge
    assert whole.south <= box.south + edge
    assert whole.east >= box.east - edge
    assert whole.north >= box.north - edge
    assert read_box(str(whole)) == whole == whole.whole(grid_of(zoom))


@given(lats, lons, st.integers(8, 16))
def test_the_cells_of_a_widened_box_are_the_same_at_every_finer_level(
    lat: float, lon: float, level: int
) -> None:
    block = Box(lon - 0.01, lat - 0.01, lon, lat).cells(level)

    assert block.box().cells(FINEST) == block.at(FINEST)


@given(lats, lons)
def test_a_position_is_in_the_box_of_its_cell(lat: float, lon: float) -> None:
    x, y = grid_cell(lat, lon, FINEST)
    box = Box(lon - 1e-7, lat - 1e-7, lon + 1e-7, lat + 1e-7)

    block = box.cells(FINEST)

    assert abs(block.west - x) <= 1
    assert abs(block.north - y) <= 1
    assert block.wide <= 2
    assert block.high <= 2


def test_a_box_as_large_as_a_country_is_too_wide_for_a_map_of_streets() -> None:
    assert too_wide(CITY, 17)
    assert not too_wide(CITY, 12)


def test_a_city_fills_a_screen_at_a_zoom_of_cities() -> None:
    assert 11 <= zoom_for(CITY) <= 13


def test_counted_cells_are_as_wide_as_a_thumb_until_streets_are_seen() -> None:
    assert [level_of(zoom) - zoom for zoom in range(6, 16)] == [2] * 10
    assert level_of(19) == FINEST == CELL_ZOOM


def test_the_triggers_know_the_colour_of_every_status_but_draft() -> None:
    known = {"waiting": places.WAITING, "in-hand": places.IN_HAND, "done": places.DONE}

    wanted = {status.value: colour(status).value for status in Status if status is not Status.DRAFT}
    assert {status: name for name, own in known.items() for status in own} == wanted
