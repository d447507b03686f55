"""Writing a pack: the city as it is now, in the order in which people read it."""

import json
from typing import Any

from cps.admin.pack.face import written_logo
from cps.admin.pack.shapes import CITY_FACTS, FORMAT, OWN_SETTINGS, VERSION, WEEKDAYS
from cps.admin.townhall import crests
from cps.admin.townhall import queries as townhall
from cps.core import city as cities
from cps.departments import queries as departments
from cps.departments.models import Category, Department, Question, ReplyTemplate
from cps.wards import queries as wards
from cps.wards.models import Ward


def whole_pack() -> dict[str, Any]:
    """Return everything that a pack can hold of this city."""
    by_id = {one.id: one.code for one in departments.all_departments()}
    categories = {one.id: one.code for one in departments.all_categories()}
    return {
        "format": FORMAT,
        "version": VERSION,
        "city": _city(),
        "wards": [_ward(one) for _code, one in sorted(wards.all_by_code().items())],
        "departments": [_department(one) for one in departments.all_departments()],
        "categories": [_category(one) for one in departments.all_categories()],
        "calendar": _calendar(),
        "templates": [_template(one, by_id, categories) for one in departments.all_templates()],
    }


def written(pack: dict[str, Any]) -> str:
    """Return a pack as a text that people can read and compare: a line for each value, outlines on one."""
    lines = json.dumps(_without_outlines(pack), ensure_ascii=False, indent=2)
    for ward in pack.get("wards", []):
        if ward.get("geometry"):
            mark = json.dumps(_mark(ward["code"]), ensure_ascii=False)
            outline = json.dumps(ward["geometry"], separators=(",", ":"))
            lines = lines.replace(mark, outline, 1)
    return f"{lines}\n"


def _without_outlines(pack: dict[str, Any]) -> dict[str, Any]:
    """Return the pack with a mark in place of each outline: thousands of lines of numbers help nobody."""
    wards = [{**one, "geometry": _mark(one["code"])} if one.get("geometry") else one for one in pack["wards"]]
    return {**pack, "wards": wards}


def _mark(code: str) -> str:
    return f"\x00outline {code}\x00"


def _city() -> dict[str, Any]:
    facts = cities.get()
    found = {name: getattr(facts, name) for name in CITY_FACTS if name != "zone"}
    settings = {key: value for key, value in facts.settings.items() if key not in OWN_SETTINGS}
    return {**found, "zone": facts.zone.key, "settings": settings, **_face(facts.logo)}


def _face(crest: str) -> dict[str, Any]:
    """Return the city's own words and its crest, where it has them."""
    words = {page.value: texts for page, texts in townhall.all_words().items()}
    large = crests.read(crest, "large")
    return {**({"texts": words} if words else {}), **({"logo": written_logo(large)} if large else {})}


def _ward(row: Ward) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "population": row.population,
        "is_active": row.is_active,
        "geometry": _outline(row.geometry),
    }


def _outline(geometry: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return an outline in the one form in which reading a pack keeps it, so that packs can be compared."""
    if geometry and geometry["type"] == "Polygon":
        return {"type": "MultiPolygon", "coordinates": [geometry["coordinates"]]}
    return geometry


def _department(row: Department) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "about": row.about,
        "email": row.email,
        "phone": row.phone,
        "is_triage": row.is_triage,
        "is_active": row.is_active,
    }


def _category(row: Category) -> dict[str, Any]:
    return {
        "code": row.code,
        "kind": row.kind.value,
        "group": row.group_name,
        "name": row.name,
        "description": row.description,
        "keywords": row.keywords,
        "icon": row.icon,
        "department": row.department.code,
        "service_time": {"amount": row.service_time, "unit": row.service_time_unit.value},
        "acknowledge_hours": row.acknowledge_hours or 0,
        "is_repair": row.is_repair,
        "is_private_by_default": row.is_private_by_default,
        "is_integrity": row.is_integrity,
        "is_active": row.is_active,
        "needs": row.needs,
        "order": row.ord,
        "questions": [_question(one) for one in row.questions],
    }


def _question(row: Question) -> dict[str, Any]:
    return {
        "code": row.code,
        "datatype": row.datatype.value,
        "label": row.label,
        "help": row.help,
        "is_required": row.is_required,
        "choices": row.choices,
        "stops": row.stops,
    }


def _calendar() -> dict[str, Any]:
    return {
        "hours": [
            {"day": WEEKDAYS[one.weekday], "opens": f"{one.opens:%H:%M}", "closes": f"{one.closes:%H:%M}"}
            for one in departments.opening_hours()
        ],
        "holidays": [{"day": one.day.isoformat(), "name": one.name} for one in departments.holidays()],
    }


def _template(
    row: ReplyTemplate, departments_by_id: dict[int, str], categories_by_id: dict[int, str]
) -> dict[str, Any]:
    return {
        "code": row.code,
        "department": departments_by_id[row.department_id] if row.department_id else None,
        "category": categories_by_id[row.category_id] if row.category_id else "",
        "move": row.move,
        "is_active": row.is_active,
        "title": row.title,
        "body": row.body,
    }
