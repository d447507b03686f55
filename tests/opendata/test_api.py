"""`/api/v1`: public lists as JSON, part by part, and the document that describes what programs can ask."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from cps.core import clock
from cps.opendata.views import api
from tests.proposals.making import make_proposal
from tests.support import factories as make
from tests.support import polls
from tests.support.application import BASE_URL
from tests.support.site import Site
from tests.support.world import make_answer

PUBLIC_FORMS = re.compile(r"^(/api/v1/|/open311/v2/|/healthz$|/readyz$|/metrics$)|\.(csv|geojson|atom)$")
PART = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")
OF_TYPE: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "null": type(None),
    "array": list,
    "object": dict,
}


def test_lists_have_what_everybody_may_see_a_part_at_a_time(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "SIZE", 2)
    lamp, now = make.make_category("Lamp"), clock.now()
    for minutes in range(3):
        make.make_complaint(category=lamp, at=now - timedelta(minutes=minutes))
    secret = [make.make_complaint(is_private=True), make.make_complaint(is_hidden=True)]
    proposal = make_proposal("A bench")

    first = site.get(f"/api/v1/complaints?category={lamp.code}").json
    rest = site.get(first["next"].removeprefix(BASE_URL)).json
    (idea,) = site.get("/api/v1/proposals").json["items"]

    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]
    assert site.get(f"/api/v1/complaints/{rest['items'][0]['reference']}").json == rest["items"][0]
    assert site.get("/api/v1/complaints?state=done").json == {"items": [], "next": None}
    assert site.get(f"/api/v1/proposals/{idea['reference']}").json == idea
    assert idea["reference"] == proposal.case.reference
    for case in (*secret, proposal.case):
        page = site.get(f"/api/v1/complaints/{case.reference}")
        assert (page.status, page.json["code"]) == (404, 404)


def test_what_is_described_is_what_is_answered(site: Site) -> None:
    make.make_complaint(ward=make.make_ward())
    make_proposal("A bench")
    polls.make_poll("a-poll")
    slug = make_answer({"agent": make.make_agent(), "supervisor": make.make_supervisor()})[
        "slug of an answer"
    ]
    described = site.get("/api/v1/openapi.json").json

    for path in ("complaints", "proposals", "polls", "answers", "polls/a-poll", f"answers/{slug}"):
        told = path.replace("a-poll", "{slug}").replace(slug, "{slug}")
        schema = described["paths"][f"/api/v1/{told}"]["get"]["responses"]["200"]["content"]
        answer = site.get(f"/api/v1/{path}").json
        assert answer.get("items", True), path
        check(answer, schema["application/json"]["schema"], described, path)
    for path, address in {
        "services.{suffix}": "services.json",
        "requests.{suffix}": "requests.json",
        "servicerequestupdates.{suffix}": "servicerequestupdates.json",
    }.items():
        schema = described["paths"][f"/open311/v2/{path}"]["get"]["responses"]["200"]["content"]
        answer = site.get(f"/open311/v2/{address}").json
        check(answer, schema["application/json"]["schema"], described, path)


def check(value: Any, schema: dict[str, Any], described: dict[str, Any], where: str) -> None:
    """Fail where a value is not what its schema says; objects have no fields but those described."""
    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(isinstance(value, OF_TYPE[kind]) for kind in kinds), f"{where} is {value!r}, not {kinds}"
    if isinstance(value, dict) and "properties" in schema:
        assert set(schema["required"]) <= set(value) <= set(schema["properties"]), where
        for name, part in value.items():
            check(part, schema["properties"][name], described, f"{where}.{name}")
    if isinstance(value, list):
        for part in value:
            check(part, schema["items"], described, f"{where}[]")


@pytest.mark.one_database("the table of addresses")
def test_every_public_address_for_programs_is_described_and_no_other(app: Flask, site: Site) -> None:
    paths = site.get("/api/v1/openapi.json").json["paths"]
    described = {
        (method, path) for path, methods in paths.items() for method in methods if method != "parameters"
    }
    existing = {
        (method.lower(), PART.sub(r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
        if PUBLIC_FORMS.search(rule.rule) and app.view_functions[rule.endpoint].cps_requires is None  # type: ignore[attr-defined]
    }

    assert existing - described == set(), "describe these in cps/pages/openapi.py"
    assert described - existing == set(), "these are gone"
    for path, methods in paths.items():
        parts = {part["name"] for part in methods.get("parameters", ())}
        assert parts == set(re.findall(r"{(\w+)}", path)), path
