"""What a map shows, as GeoJSON (RFC 7946) with every word in it, so that the script needs none of its own."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Row

from cps.cases.queries.map_cells import Counts
from cps.cases.queries.map_view import Cluster, Seen
from cps.cases.rules import CaseKind
from cps.cases.rules.boxes import Box
from cps.cases.wording import status_look
from cps.core.i18n import compact, ngettext
from cps.core.i18n import gettext as _

CaseAddress = Callable[[CaseKind, str], str]
ListAddress = Callable[[Box], str]


def collection(seen: Seen, *, case_address: CaseAddress, list_address: ListAddress) -> dict[str, Any]:
    """Return what is seen as a FeatureCollection, with how many there are and where they are listed.

    A point has `title`, `reference`, `href`, `colour`, `icon`, `status` and `lang`. A cluster has `count`,
    `waiting`, `in_hand`, `done`, `short` (the count in few letters), `text`, `bbox` and the `href` of its
    list. Without any case there is no `bbox`.
    """
    features = [_point(row, case_address) for row in seen.points]
    features += [_cluster(one, list_address) for one in seen.clusters]
    whole: dict[str, Any] = {"type": "FeatureCollection", "zoom": seen.zoom, **_counts(seen.counts)}
    if seen.box is not None:
        whole |= {"bbox": seen.box.degrees, "list": list_address(seen.box)}
    return {**whole, "text": _here(seen), "to_list": _to_list(seen.counts.total), "features": features}


def _point(row: Row[Any], case_address: CaseAddress) -> dict[str, Any]:
    look = status_look(row.status, row.outcome)
    return _feature(
        row.lat,
        row.lon,
        {
            "title": row.title,
            "reference": row.reference,
            "href": case_address(row.kind, row.reference),
            "colour": look.colour,
            "icon": look.icon,
            "status": str(look.word),
            "lang": row.language,
        },
    )


def _cluster(cluster: Cluster, list_address: ListAddress) -> dict[str, Any]:
    counts = cluster.counts
    return _feature(
        cluster.lat,
        cluster.lon,
        {
            **_counts(counts),
            "short": compact(counts.total),
            "text": in_words(counts),
            "bbox": cluster.box.degrees,
            "href": list_address(cluster.box),
        },
    )


def _feature(lat: float, lon: float, properties: dict[str, Any]) -> dict[str, Any]:
    place = {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]}
    return {"type": "Feature", "geometry": place, "properties": properties}


def _counts(counts: Counts) -> dict[str, int]:
    return {
        "count": counts.total,
        "waiting": counts.waiting,
        "in_hand": counts.in_hand,
        "done": counts.done,
    }


def in_words(counts: Counts) -> str:
    """Return so many cases as one says it: "37 cases, 12 waiting"."""
    cases = ngettext("%(num)s case", "%(num)s cases", counts.total)
    if not counts.waiting:
        return cases
    return _(
        "%(cases)s, %(waiting)s",
        cases=cases,
        waiting=ngettext("%(num)s waiting", "%(num)s waiting", counts.waiting),
    )


def _here(seen: Seen) -> str:
    if seen.is_part and not seen.counts.total:
        return _("None of the newest cases. The list shows older ones too.")
    if not seen.counts.total:
        return _("Nothing on this part of the map.")
    if seen.is_part:
        return _("The newest %(count)s of them are on the map.", count=compact(seen.counts.total))
    return _("On this part of the map: %(cases)s.", cases=in_words(seen.counts))


def _to_list(total: int) -> str:
    return ngettext("List this one", "List these %(num)s", total)
