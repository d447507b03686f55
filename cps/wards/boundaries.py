"""Reading a file of ward boundaries in GeoJSON (RFC 7946), with every fault told at once."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cps.wards.geometry import Area
from cps.wards.outlines import BadOutline, Problem, crosses_itself, read_area

_WGS84_NAMES = ("CRS84", "EPSG::4326", "EPSG:4326")


class FileProblem(StrEnum):
    """What is wrong with a file as a whole, in a sentence."""

    NOT_JSON = "This is not a JSON file."
    TOPOLOGY = "This is TopoJSON. Export it as GeoJSON."
    NOT_GEOJSON = "This is not GeoJSON with features."
    NO_FEATURES = "There is no feature in the file."
    PROJECTED = "The file names another system of coordinates. Export it again as WGS 84 (EPSG:4326)."


@dataclass(frozen=True)
class Fault:
    """One problem; ``feature`` counts from 1, and is None where the file as a whole is meant."""

    problem: Problem | FileProblem
    feature: int | None = None

    def __str__(self) -> str:
        return f"Feature {self.feature}: {self.problem.value}" if self.feature else self.problem.value


class BadBoundaries(ValueError):
    """The file cannot be used; ``faults`` has one entry for each feature that is wrong."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Feature:
    """One area with what the file says about it; ``number`` counts from 1."""

    number: int
    properties: dict[str, Any]
    area: Area


@dataclass(frozen=True)
class Boundaries:
    """The features of a file, and remarks on what is odd but does not stop us."""

    features: tuple[Feature, ...]
    remarks: tuple[Fault, ...] = ()


def read_boundaries(text: str | bytes) -> Boundaries:
    """Read a FeatureCollection or one Feature of polygons; raises BadBoundaries with all faults.

    An outline that crosses itself is a remark and no fault.
    """
    features, faults = [], []
    for number, feature in enumerate(_features(text), start=1):
        properties = feature.get("properties")
        try:
            area = read_area(feature.get("geometry"))
        except BadOutline as bad:
            faults.append(Fault(bad.problem, number))
        else:
            features.append(Feature(number, properties if isinstance(properties, dict) else {}, area))
    if faults:
        raise BadBoundaries(*faults)
    crossing = [feature.number for feature in features if crosses_itself(feature.area)]
    return Boundaries(tuple(features), tuple(Fault(Problem.CROSSES_ITSELF, number) for number in crossing))


def _features(text: str | bytes) -> list[dict[str, Any]]:
    data = _json(text)
    if not isinstance(data, dict):
        raise BadBoundaries(Fault(FileProblem.NOT_GEOJSON))
    if data.get("type") == "Topology":
        raise BadBoundaries(Fault(FileProblem.TOPOLOGY))
    if _names_another_system(data):
        raise BadBoundaries(Fault(FileProblem.PROJECTED))
    found = [data] if data.get("type") == "Feature" else data.get("features")
    if not isinstance(found, list) or not all(isinstance(feature, dict) for feature in found):
        raise BadBoundaries(Fault(FileProblem.NOT_GEOJSON))
    if not found:
        raise BadBoundaries(Fault(FileProblem.NO_FEATURES))
    return found


def _json(text: str | bytes) -> object:
    try:
        return json.loads(
            text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        )
    except (ValueError, RecursionError) as error:
        raise BadBoundaries(Fault(FileProblem.NOT_JSON)) from error


def _names_another_system(data: dict[str, Any]) -> bool:
    """Look at the name of the system that older files carry; RFC 7946 dropped it and knows WGS 84 alone."""
    system = data.get("crs")
    properties = system.get("properties") if isinstance(system, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return isinstance(name, str) and not name.endswith(_WGS84_NAMES)
