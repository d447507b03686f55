"""What is odd about wards that are to be brought in, in sentences for whoever brings them; no database."""

from collections import Counter
from collections.abc import Mapping, Sequence

from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import ngettext
from cps.wards import fitting
from cps.wards.fitting import Kind, Misfit
from cps.wards.geometry import Area, inner_point
from cps.wards.outlines import read_area
from cps.wards.rules import LONGEST_NAME, WardSpec
from cps.wards.whereabouts import FAR_KM, kilometres_off

LARGE_FIRST = frozenset({"ko", "ja", "zh"})
"""Languages that say the district before its neighbourhood."""


def outlines_of(specs: Sequence[WardSpec]) -> dict[str, Area]:
    """Return the outlines of those that have one, by code."""
    return {spec.code: read_area(spec.geometry) for spec in specs if spec.geometry}


def refuse_swapped(areas: Mapping[str, Area], zone: str) -> None:
    """Raise RuleViolation where all lies far from the city, and would not with exchanged axes."""
    off = kilometres_off(areas.values(), zone)
    if off and off[0] > FAR_KM > off[1] and off[0] > 2 * off[1]:
        raise RuleViolation(
            _("The outlines lie %(km)s km from %(zone)s. Latitude and longitude seem to be swapped; GeoJSON"
              " has the longitude first.", km=round(off[0]), zone=zone)
        )  # fmt: skip


def remarks(specs: Sequence[WardSpec], areas: Mapping[str, Area], zone: str | None) -> list[str]:
    """Return what is odd but does not stop us."""
    found = fitting.misfits(areas)
    return [
        *_far(areas, zone),
        *_levels(areas),
        *_misfits([misfit for misfit in found if misfit.kind is Kind.OVERLAP]),
        *_misfits([misfit for misfit in found if misfit.kind is Kind.GAP]),
        *_same_names(specs),
    ]


def _far(areas: Mapping[str, Area], zone: str | None) -> list[str]:
    off = kilometres_off(areas.values(), zone) if zone else None
    if off is None or off[0] <= FAR_KM:
        return []
    return [_("The outlines lie %(km)s km from %(zone)s. Is this another city?", km=round(off[0]), zone=zone)]


def _levels(areas: Mapping[str, Area]) -> list[str]:
    inside = fitting.nested(areas, areas)
    if not inside:
        return []
    small, large = inside[0]
    return [
        ngettext(
            "%(num)s ward lies inside another (%(small)s in %(large)s). If these are wards of two levels,"
            " bring in one level.",
            "%(num)s wards lie inside others (such as %(small)s in %(large)s). If these are wards of two"
            " levels, bring in one level.",
            len(inside), small=small, large=large,
        )
    ]  # fmt: skip


def _misfits(found: Sequence[Misfit]) -> list[str]:
    if not found:
        return []
    worst = found[0]
    values = {"one": worst.one, "other": worst.other, "metres": max(1, round(worst.metres))}
    if worst.kind is Kind.OVERLAP:
        return [
            ngettext(
                "%(num)s pair of wards overlaps, by up to %(metres)s m (%(one)s and %(other)s). A place there"
                " belongs to the smaller code.",
                "%(num)s pairs of wards overlap, by up to %(metres)s m (%(one)s and %(other)s). A place there"
                " belongs to the smaller code.",
                len(found), **values,
            )
        ]  # fmt: skip
    return [
        ngettext(
            "%(num)s pair of wards leaves a gap, up to %(metres)s m wide (%(one)s and %(other)s). A place"
            " there belongs to the nearest.",
            "%(num)s pairs of wards leave gaps, up to %(metres)s m wide (%(one)s and %(other)s). A place"
            " there belongs to the nearest.",
            len(found), **values,
        )
    ]  # fmt: skip


def _same_names(specs: Sequence[WardSpec]) -> list[str]:
    names = Counter(name for spec in specs for name in spec.name.values())
    twice = [f"{name} ({number})" for name, number in names.most_common() if number > 1]
    if not twice:
        return []
    return [
        _("Several wards have the same name: %(names)s. With --within and a file of districts, names say the"
          " district too.", names=", ".join(twice[:5]) + (" …" if len(twice) > 5 else ""))
    ]  # fmt: skip


def with_districts(
    specs: Sequence[WardSpec], districts: Sequence[WardSpec]
) -> tuple[list[WardSpec], list[str]]:
    """Return the wards with the district in their names, and a remark on those that are in none."""
    index = fitting.Index(outlines_of(districts))
    names = {district.code: district.name for district in districts}
    found, without = [], []
    for spec in specs:
        at = index.at(*inner_point(read_area(spec.geometry))) if spec.geometry else []
        if at:
            found.append(_renamed(spec, names[at[0]]))
        else:
            without.append(spec.code)
            found.append(spec)
    told = ", ".join(without[:10])
    return found, [_("In no district: %(codes)s.", codes=told)] if without else []


def _renamed(spec: WardSpec, district: Mapping[str, str]) -> WardSpec:
    name = {language: _joined(language, text, district.get(language)) for language, text in spec.name.items()}
    return WardSpec(spec.code, name, spec.geometry, spec.population, spec.is_active)


def _joined(language: str, ward: str, district: str | None) -> str:
    if not district:
        return ward
    large_first = language.partition("-")[0] in LARGE_FIRST
    return (f"{district} {ward}" if large_first else f"{ward}, {district}")[:LONGEST_NAME]
