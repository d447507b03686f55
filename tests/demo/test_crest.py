"""The crest of the demo city: drawn alike every time, light, and seen by day and by night."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from cps.core import city, emblems
from cps.demo.crest import draw_crest
from tests.demo.conftest import demo_database
from tests.support.fixtures import Database
from tests.support.site import Site


@pytest.fixture
def database(request: pytest.FixtureRequest, run_folder: Path, tmp_path: Path) -> Iterator[Database]:
    """The demo city in place of the city of the other tests."""
    yield from demo_database(request.param, run_folder, tmp_path / "instance")


def test_the_crest_is_the_same_every_time_and_light() -> None:
    crest = emblems.draw(draw_crest())

    assert draw_crest() == draw_crest()
    assert len(crest.small.data) <= 3_000
    corner = Image.open(BytesIO(crest.small.data)).convert("RGBA").getpixel((1, 95))
    assert isinstance(corner, tuple)
    assert corner[3] == 0


def test_the_demo_city_shows_it_and_says_that_the_city_does_not_exist(site: Site) -> None:
    name = city.get().logo

    assert name == emblems.draw(draw_crest()).name
    assert f'src="/crest/{name}.webp"' in site.get("/").html
    assert site.get("/about").has("Aurelia City does not exist.")
