import io
import json
from pathlib import Path

import pytest

from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.models import AuditRow
from cps.wards import queries, services
from cps.wards.geometry import PlaceKind
from cps.wards.models import Ward
from cps.wards.rules import BadFile, Wanted, read_geojson, read_table
from cps.wards.services import Report
from tests.support import factories

pytestmark = pytest.mark.usefixtures("app")

BOUNDARIES = Path(__file__).parents[3] / "shared" / "data" / "boundaries"
KOREAN = Wanted(default_language="ko", languages=("ko", "en"))


def collection(*features: tuple[dict[str, object], object]) -> str:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": properties, "geometry": geometry}
                for properties, geometry in features
            ],
        }
    )


def table(*lines: str) -> io.BytesIO:
    return io.BytesIO("\n".join(lines).encode(errors="surrogateescape"))


def load(text: str | bytes, wanted: Wanted | None = None) -> Report:
    with transaction():
        return services.import_wards(text, wanted or Wanted(), by=None, at=clock.now())


HARBOUR = ({"code": "harbour", "name": "Harbour"}, factories.square(129.5, 36.0, 0.02))
ORCHARD = ({"code": "orchard", "name": "Orchard"}, factories.square(129.52, 36.0, 0.02))


def test_wards_are_made_with_their_outlines() -> None:
    report = load(collection(HARBOUR, ORCHARD))

    assert report.created == ["harbour", "orchard"]
    assert queries.ward_by_code("orchard").name == {"en": "Orchard"}  # type: ignore[union-attr]
    assert [ward.code for ward in queries.wards()] == ["harbour", "orchard"]


def test_a_second_import_of_the_same_file_changes_nothing() -> None:
    load(collection(HARBOUR, ORCHARD))
    versions = {ward.code: ward.version for ward in queries.wards()}

    report = load(collection(HARBOUR, ORCHARD))

    assert (report.created, report.changed) == ([], [])
    assert report.unchanged == ["harbour", "orchard"]
    assert {ward.code: ward.version for ward in queries.wards()} == versions
    assert db.session.scalar(db.select(db.func.count(AuditRow.id))) == 1


def test_only_what_differs_is_changed() -> None:
    load(collection(HARBOUR, ORCHARD))

    report = load(collection(HARBOUR, ({"code": "orchard", "name": "Old Orchard"}, ORCHARD[1])))

    assert (report.changed, report.unchanged) == (["orchard"], ["harbour"])
    assert queries.ward_by_code("orchard").name == {"en": "Old Orchard"}  # type: ignore[union-attr]


def test_names_in_several_languages_are_recognised_by_their_columns_and_their_script() -> None:
    features = ({"code": "1", "name": "항구", "name_eng": "Harbour"}, HARBOUR[1])

    load(collection(features), Wanted(default_language="en", languages=("en", "ko")))

    assert queries.ward_by_code("1").name == {"ko": "항구", "en": "Harbour"}  # type: ignore[union-attr]


def test_who_imports_can_say_which_columns_to_read() -> None:
    features = ({"code": "1", "name": "x", "REF": "h-1", "LABEL": "Harbour"}, HARBOUR[1])

    load(collection(features), Wanted(code="REF", names={"en": "LABEL"}))

    assert queries.ward_by_code("h-1").name == {"en": "Harbour"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (Wanted(code="REF"), "There is no “REF”; the file has: code, name"),
        (Wanted(names={"ko": "name_ko"}), "There is no “name_ko”"),
    ],
)
def test_a_column_that_is_not_there_is_refused_with_those_that_are(wanted: Wanted, says: str) -> None:
    with pytest.raises(BadFile, match=says):
        load(collection(HARBOUR), wanted)


def test_a_code_that_stands_twice_is_refused_and_nothing_is_written() -> None:
    with pytest.raises(BadFile, match="Ward 3: the code “harbour” is there twice"):
        load(collection(HARBOUR, ORCHARD, HARBOUR), Wanted(code="code"))

    assert queries.wards() == []


def test_a_ward_without_a_name_is_refused() -> None:
    with pytest.raises(BadFile, match="Ward 2: it has no name"):
        load(
            collection(HARBOUR, ({"code": "orchard", "name": " "}, ORCHARD[1])), Wanted(names={"en": "name"})
        )


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_written() -> None:
    point = ({"code": "point", "name": "Point"}, {"type": "Point", "coordinates": [1, 2]})
    metres = ({"code": "metres", "name": "Metres"}, factories.square(955_000, 1_950_000, 900))

    with pytest.raises(BadFile) as caught:
        load(collection(HARBOUR, point, metres))

    assert [problem.split(":")[0] for problem in caught.value.problems] == ["Ward 2", "Ward 3"]
    assert "WGS 84" in caught.value.problems[1]
    assert queries.wards() == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not a JSON file"),
        ("[1]", "not GeoJSON"),
        ('{"type": "Topology", "objects": {}}', "TopoJSON"),
        ('{"type": "FeatureCollection", "features": []}', "no feature"),
        ('{"type": "FeatureCollection", "features": [7]}', "not GeoJSON"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_file_that_is_no_collection_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(BadFile, match=says):
        load(text)


def test_a_file_in_another_coordinate_system_is_refused() -> None:
    document = {
        **json.loads(collection(HARBOUR)),
        "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::5179"}},
    }

    with pytest.raises(BadFile, match="WGS 84"):
        load(json.dumps(document))


def test_an_outline_that_crosses_itself_is_taken_with_a_remark() -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}

    reading = read_geojson(collection(({"code": "bow", "name": "Bow"}, bow)), Wanted())

    assert (len(reading.wards), len(reading.remarks)) == (1, 1)


def test_a_table_of_names_makes_wards_without_outlines_and_keeps_outlines_that_are_there() -> None:
    load(collection(HARBOUR))
    reading = read_table(
        table("code,name,name_ko,population", "harbour,Harbour,항구,1200", "hill,Hill,언덕,"), Wanted()
    )

    with transaction():
        report = services.save_wards(reading.wards, by=None, at=clock.now())

    harbour, hill = queries.wards()
    assert (report.created, report.changed) == (["hill"], ["harbour"])
    assert harbour.geometry == {"type": "MultiPolygon", "coordinates": [HARBOUR[1]["coordinates"]]}
    assert (harbour.name, harbour.population) == ({"en": "Harbour", "ko": "항구"}, 1200)
    assert (hill.name, hill.geometry) == ({"en": "Hill", "ko": "언덕"}, None)


def test_a_table_may_have_quotes_across_lines() -> None:
    reading = read_table(table("code,name,note", 'hill,"Hill, upper","steep', 'and windy"'), Wanted())

    assert [(ward.code, ward.name) for ward in reading.wards] == [("hill", {"en": "Hill, upper"})]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "The file is empty"),
        (["code,name"], "no rows"),
        (["code,name", "hill"], "Line 2: It has 1 fields and the head 2."),
        (["code,name", "hill,H\0ill"], "Line 2: It holds a zero byte"),
        (["code,name", "hill,H\udcffill"], "Line 2: It is not text in UTF-8."),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_table_that_is_none_is_refused(lines: list[str], says: str) -> None:
    with pytest.raises(RuleViolation, match=says):
        read_table(table(*lines), Wanted())


@pytest.mark.parametrize(
    ("name", "wards", "code", "languages"),
    [
        ("seoul_gu_2013_simple", 25, "11250", {"ko", "en"}),
        ("seoul_dong_2013_simple", 423, "1125074", {"ko", "en"}),
        ("ph_makati_barangays_2023", 23, "1380300001", {"en"}),
        ("ph_san_fernando_la_union_barangays_2023", 59, "103314001", {"en"}),
        ("np_kathmandu_district", 1, "KATHMANDU", {"ko"}),
    ],
)
def test_files_of_real_cities_are_read_without_a_word_and_only_once(
    name: str, wards: int, code: str, languages: set[str]
) -> None:
    file = BOUNDARIES / f"{name}.geojson"
    if not file.exists():
        pytest.skip("sample boundaries are not on this machine")

    first = load(file.read_bytes(), KOREAN)
    second = load(file.read_bytes(), KOREAN)

    assert (len(first.created), len(second.unchanged)) == (wards, wards)
    assert set(queries.ward_by_code(code).name) == languages  # type: ignore[union-attr]


def test_a_position_inside_a_ward_is_placed_there() -> None:
    harbour, _orchard = factories.make_ward("harbour"), factories.make_ward("orchard")

    place = services.locate(*factories.middle(harbour))

    assert place is not None
    assert (place.kind, place.ward.id, place.others) == (PlaceKind.INSIDE, harbour.id, ())


def test_a_position_on_a_border_names_both_wards() -> None:
    factories.make_ward("harbour")
    factories.make_ward("orchard")

    place = services.locate(36.01, 129.52)

    assert place is not None
    assert place.kind is PlaceKind.NEAR_BORDER
    assert (place.ward.code, [ward.code for ward in place.others]) == ("harbour", ["orchard"])


def test_a_position_outside_the_city_says_how_far() -> None:
    factories.make_ward("harbour")

    place = services.locate(35.0, 129.51)

    assert place is not None
    assert place.kind is PlaceKind.OUTSIDE
    assert 110_000 < place.distance_m < 112_000


def test_without_outlines_nothing_is_said_about_a_position() -> None:
    factories.save(Ward(code="hill", name={"en": "Hill"}))

    assert services.locate(36.01, 129.51) is None


def test_a_changed_ward_is_noticed_at_the_next_question() -> None:
    harbour = factories.make_ward("harbour")
    before = queries.areas()

    with transaction():
        db.session.get_one(Ward, harbour.id).is_active = False

    assert "harbour" in before.wards
    assert queries.areas().wards == {}
    assert services.locate(36.01, 129.51) is None


def test_the_middle_of_the_city_is_known_from_its_wards() -> None:
    factories.make_ward("harbour")
    factories.make_ward("orchard")

    assert queries.areas().centre == pytest.approx((36.01, 129.52))
