import json
from pathlib import Path
from typing import Any

import pytest

from cps.wards.boundaries import BadBoundaries, Fault, FileProblem, read_boundaries
from cps.wards.outlines import Problem

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "boundaries"
SQUARE = [[127.0, 37.0], [127.1, 37.0], [127.1, 37.1], [127.0, 37.1], [127.0, 37.0]]
EIGHT = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]


def feature(ring: object, **properties: object) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def collection(*features: object, **more: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features, **more})


def named(name: str) -> dict[str, Any]:
    return {"type": "name", "properties": {"name": name}}


def faults(text: str | bytes) -> tuple[Fault, ...]:
    with pytest.raises(BadBoundaries) as caught:
        read_boundaries(text)
    return caught.value.faults


def test_a_collection_gives_its_features_with_number_and_properties() -> None:
    found = read_boundaries(collection(feature(SQUARE, code="N"), feature(SQUARE, code="S"))).features

    assert [(f.number, f.properties) for f in found] == [(1, {"code": "N"}), (2, {"code": "S"})]
    assert found[0].area.bbox == (127.0, 37.0, 127.1, 37.1)


def test_a_single_feature_is_read() -> None:
    assert len(read_boundaries(json.dumps(feature(SQUARE))).features) == 1


def test_a_byte_order_mark_is_no_matter() -> None:
    text = collection(feature(SQUARE))

    assert (
        read_boundaries("\ufeff" + text) == read_boundaries(text.encode("utf-8-sig")) == read_boundaries(text)
    )


def test_a_feature_without_properties_has_none() -> None:
    bare = {**feature(SQUARE), "properties": None}

    assert read_boundaries(collection(bare)).features[0].properties == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", FileProblem.NOT_JSON),
        ("code,name\n1,North", FileProblem.NOT_JSON),
        (b"\xff\xfe\x00", FileProblem.NOT_JSON),
        ("[" * 100_000, FileProblem.NOT_JSON),
        ("[]", FileProblem.NOT_GEOJSON),
        ("{}", FileProblem.NOT_GEOJSON),
        ('{"type": "FeatureCollection", "features": {}}', FileProblem.NOT_GEOJSON),
        ('{"type": "FeatureCollection", "features": [1]}', FileProblem.NOT_GEOJSON),
        ('{"type": "Topology", "objects": {}}', FileProblem.TOPOLOGY),
        (collection(), FileProblem.NO_FEATURES),
        (collection(feature(SQUARE), crs=named("urn:ogc:def:crs:EPSG::5179")), FileProblem.PROJECTED),
    ],
)
def test_a_file_that_cannot_be_read_is_told_why(text: str | bytes, problem: FileProblem) -> None:
    assert faults(text) == (Fault(problem),)


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326"])
def test_a_file_may_name_the_system_that_we_use(name: str) -> None:
    assert read_boundaries(collection(feature(SQUARE), crs=named(name))).features


def test_every_feature_that_is_wrong_is_told_with_its_number() -> None:
    swapped = [[lat, lon] for lon, lat in SQUARE]
    point = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [127, 37]}}
    text = collection(feature(SQUARE), feature(swapped), point, feature(SQUARE))

    assert faults(text) == (Fault(Problem.SWAPPED, 2), Fault(Problem.NO_AREA, 3))


def test_a_fault_says_the_feature_and_what_to_do() -> None:
    with pytest.raises(BadBoundaries, match=r"Feature 1: .*WGS 84"):
        read_boundaries(collection(feature([[953_000.5, 1_952_000.25]])))


def test_an_outline_that_crosses_itself_is_taken_and_told() -> None:
    found = read_boundaries(collection(feature(SQUARE), feature(EIGHT)))

    assert len(found.features) == 2
    assert found.remarks == (Fault(Problem.CROSSES_ITSELF, 2),)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("seoul_gu_2013_simple", 25),
        ("seoul_dong_2013_simple", 423),
        ("ph_makati_barangays_2023", 23),
        ("ph_san_fernando_la_union_barangays_2023", 59),
        ("np_kathmandu_district", 1),
    ],
)
def test_real_boundaries_are_read_without_a_fault(name: str, count: int) -> None:
    path = SAMPLES / f"{name}.geojson"
    if not path.exists():
        pytest.skip("the sample boundaries are not beside the project")

    assert len(read_boundaries(path.read_bytes()).features) == count
