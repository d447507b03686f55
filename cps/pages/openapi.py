"""What programs can ask of this server, as a document of OpenAPI 3.1; a test compares the addresses."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cps.complaints.asking import NAMES as OF_COMPLAINTS
from cps.open311.presenting import ATTRIBUTE_FIELDS, REQUEST_FIELDS, SERVICE_FIELDS, UPDATE_FIELDS
from cps.opendata.rows import ANSWER_COLUMNS, CASE_COLUMNS, POLL_COLUMNS, PROPOSAL_COLUMNS
from cps.proposals.asking import NAMES as OF_PROPOSALS

Schema = dict[str, Any]

VERSION = "1.0.0"
"""Of what is described here, not of the program."""

NUMBERS = frozenset({"lat", "lon", "long"})
COUNTS = frozenset({"supports", "needed", "former_supports", "percent", "eligible", "order"})
SWITCHES = frozenset({"metadata", "variable", "required"})

JSON, XML, CSV, TEXT = "application/json", "text/xml", "text/csv", "text/plain"
GEOJSON, ATOM = "application/geo+json", "application/atom+xml"

TO_FILE = (
    *("api_key", "service_code", "lat", "long", "address_string", "address_id", "description", "email"),
    *("phone", "first_name", "last_name", "device_id", "account_id", "media_url", "jurisdiction_id"),
)
LISTED = (
    *("service_request_id", "service_code", "status", "start_date", "end_date", "updated_after"),
    *("updated_before", "bbox", "lat", "long", "radius", "page", "page_size", "extensions"),
)
FILES = {
    "complaints": (CSV, GEOJSON, OF_COMPLAINTS),
    "proposals": (CSV, GEOJSON, OF_PROPOSALS),
    "notices": (CSV, GEOJSON, ()),
    "polls": (CSV, "", ()),
    "answers": (CSV, "", ()),
}
"""Lists that can be taken away, in which forms, and by what they are narrowed."""

PARTS: Mapping[str, Schema] = {"suffix": {"enum": ["xml", "json"]}}
"""What parts of addresses can be, where that is little."""

_PART = re.compile(r"{(\w+)}")

FEEDS = ("index", "complaints", "proposals", "notices", "polls", "answers")


def document(origin: str) -> Schema:
    """Return the document; `origin` is scheme and host of this installation."""
    paths = {**_json(), **_open311(), **_files(), **_watching()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Public complaints, proposals, polls and answers of the city",
            "version": VERSION,
            "description": "Everything that everybody can see, and GeoReport v2. Nothing personal is in it.",
        },
        "servers": [{"url": origin}],
        "paths": {address: _with_parts(address, path) for address, path in paths.items()},
        "components": {"schemas": _schemas(), "securitySchemes": _keys()},
    }


def _with_parts(address: str, path: Schema) -> Schema:
    """Return a path with the parts of its address that whoever asks fills in."""
    text = {"type": "string"}
    parts = [
        {"name": name, "in": "path", "required": True, "schema": {**text, **PARTS.get(name, {})}}
        for name in _PART.findall(address)
    ]
    return {**({"parameters": parts} if parts else {}), **path}


def _json() -> Schema:
    lists = {
        "complaints": ("Complaint", "reference", OF_COMPLAINTS),
        "proposals": ("Proposal", "reference", OF_PROPOSALS),
        "polls": ("Poll", "slug", ()),
        "answers": ("Answer", "slug", ()),
    }
    paths: Schema = {}
    for name, (schema, key, filters) in lists.items():
        page = _object({"items": _array(_ref(schema)), "next": {"type": ["string", "null"], "format": "uri"}})
        narrowed = () if name == "polls" else (*filters, "after")
        paths[f"/api/v1/{name}"] = _get(f"Public {name}, a part at a time", {JSON: page}, narrowed)
        paths[f"/api/v1/{name}/{{{key}}}"] = _get(f"One of the {name}", {JSON: _ref(schema)}, missing=JSON)
    paths["/api/v1/wards.geojson"] = _get("Outlines of the wards", {GEOJSON: {"type": "object"}})
    paths["/api/v1/openapi.json"] = _get("This document", {JSON: {"type": "object"}})
    return paths


def _open311() -> Schema:
    base = "/open311/v2"
    requests = {JSON: _array(_ref("ServiceRequest"))}
    made = _array(_fields(("service_request_id", "service_notice", "account_id")))
    token = _array(_fields(("service_request_id", "token")))
    updates = {JSON: _array(_ref("ServiceRequestUpdate"))}
    added = _array(_fields(("update_id", "account_id")))
    return {
        f"{base}/discovery.{{suffix}}": _both("Who answers", {JSON: {"type": "object"}}),
        f"{base}/services.{{suffix}}": _both("Every service", {JSON: _array(_ref("Service"))}),
        f"{base}/services/{{service_code}}.{{suffix}}": _both(
            "The attributes of a service", {JSON: _ref("ServiceDefinition")}
        ),
        f"{base}/requests.{{suffix}}": _both("Public service requests, newest first", requests, LISTED)
        | _post("File a service request", TO_FILE, made),
        f"{base}/requests/{{reference}}.{{suffix}}": _both("One service request", requests, ("extensions",)),
        f"{base}/tokens/{{reference}}.{{suffix}}": _both("The id of a token", {JSON: token}),
        f"{base}/servicerequestupdates.{{suffix}}": _both(
            "What the city said", updates, ("start_date", "end_date")
        )
        | _post("Add to a request of one's own key", ("api_key", "service_request_id", "description"), added),
    }


def _files() -> Schema:
    paths: Schema = {}
    for name, (table, places, filters) in FILES.items():
        asked = () if name == "polls" else (*filters, "after")
        paths[f"/{name}.csv"] = _get(f"The {name} as a table", {table: {"type": "string"}}, asked)
        if places:
            paths[f"/{name}.geojson"] = _get(f"The {name} as GeoJSON", {places: {"type": "object"}}, asked)
    for name in FEEDS:
        paths[f"/feeds/{name}.atom"] = _get(f"A feed: {name}", {ATOM: {"type": "string"}})
    heads = _get("A feed: the heads of a poll's ledger", {ATOM: {"type": "string"}})
    paths["/feeds/polls/{slug}/heads.atom"] = heads
    paths["/polls/{slug}/results.csv"] = _get("A result as a table", {CSV: {"type": "string"}})
    paths["/insights.csv"] = _get("What residents told the city in a year", {CSV: {"type": "string"}})
    paths["/data/moderation.csv"] = _get("What was hidden and why", {CSV: {"type": "string"}})
    paths["/promises/{month}/{edition}.csv"] = _get("Promises of a month", {CSV: {"type": "string"}})
    for name, filters in (("complaints", OF_COMPLAINTS), ("proposals", OF_PROPOSALS)):
        points = _get(f"Points of the map of {name}", {GEOJSON: {"type": "object"}}, (*filters, "zoom"))
        paths[f"/{name}/points.geojson"] = points
    return paths


def _watching() -> Schema:
    paths = {
        "/healthz": _get("A web process answers", {TEXT: {"type": "string"}}),
        "/readyz": _get("The database answers too", {TEXT: {"type": "string"}}),
    }
    paths["/metrics"] = _get("Measures, for whom the settings allow it", {TEXT: {"type": "string"}})
    paths["/metrics"]["get"]["responses"]["404"] = {"description": "Not for this address or token"}
    paths["/readyz"]["get"]["responses"]["503"] = {"description": "It does not"}
    return paths


def _get(
    summary: str, answers: Mapping[str, Schema], asked: Iterable[str] = (), *, missing: str = ""
) -> Schema:
    """Return the path of a GET: what it answers by media type, and the parameters that narrow it."""
    responses: Schema = {"200": {"description": summary, "content": _content(answers)}}
    if missing:
        responses["404"] = {"description": "Not there", "content": _content({missing: _ref("Error")})}
    return {"get": {"summary": summary, "parameters": _queries(asked), "responses": responses}}


def _both(summary: str, answers: Mapping[str, Schema], asked: Iterable[str] = ()) -> Schema:
    """Return the path of a GET of GeoReport v2, in XML and in JSON."""
    path = _get(summary, {**answers, XML: {"type": "string"}}, (*asked, "jurisdiction_id"))
    path["get"]["responses"]["default"] = _open311_errors()
    return path


def _post(summary: str, fields: Iterable[str], made: Schema) -> Schema:
    form = _object({name: {"type": "string"} for name in fields}, needed=("api_key",))
    files = _object({**form["properties"], "media": _array({"type": "string", "format": "binary"})})
    content = _content({JSON: made, XML: {"type": "string"}})
    return {
        "post": {
            "summary": summary,
            "security": [{"ApiKey": []}],
            "requestBody": {
                "content": _content({"application/x-www-form-urlencoded": form, "multipart/form-data": files})
            },
            "responses": {
                "200": {"description": "It was filed before", "content": content},
                "201": {"description": "It is filed", "content": content},
                "default": _open311_errors(),
            },
        }
    }


def _open311_errors() -> Schema:
    return {
        "description": "What is wrong: 403, 404, 400, 429",
        "content": _content({JSON: _array(_ref("Error")), XML: {"type": "string"}}),
    }


def _schemas() -> Schema:
    definition = {"service_code": {"type": "string"}, "attributes": _array(_ref("ServiceAttribute"))}
    attribute = _fields(ATTRIBUTE_FIELDS)
    attribute["properties"]["values"] = _array(_fields(("key", "name")))
    return {
        "Complaint": _fields(CASE_COLUMNS),
        "Proposal": _fields(PROPOSAL_COLUMNS),
        "Poll": _fields(POLL_COLUMNS),
        "Answer": _fields(ANSWER_COLUMNS),
        "Service": _fields(SERVICE_FIELDS),
        "ServiceAttribute": attribute,
        "ServiceDefinition": _object(definition, needed=definition),
        "ServiceRequest": _fields(REQUEST_FIELDS),
        "ServiceRequestUpdate": _fields(UPDATE_FIELDS),
        "Error": _object(
            {"code": {"type": "integer"}, "description": {"type": "string"}}, needed=("code", "description")
        ),
    }


def _keys() -> Schema:
    return {"ApiKey": {"type": "apiKey", "in": "query", "name": "api_key"}}


def _fields(names: Iterable[str]) -> Schema:
    """Return an object that always has these fields; what is not known is null."""
    return _object({name: {"type": [_type_of(name), "null"]} for name in names}, needed=names)


def _type_of(name: str) -> str:
    if name in NUMBERS:
        return "number"
    return "integer" if name in COUNTS else "boolean" if name in SWITCHES else "string"


def _object(properties: Schema, needed: Iterable[str] = ()) -> Schema:
    return {"type": "object", "properties": properties, "required": [*needed]}


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _content(answers: Mapping[str, Schema]) -> Schema:
    return {kind: {"schema": schema} for kind, schema in answers.items()}


def _queries(names: Iterable[str]) -> list[Schema]:
    return [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]
