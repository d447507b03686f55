"""Checks whether a server speaks Open311 GeoReport v2 (http://wiki.open311.org/GeoReport_v2).

SPDX-License-Identifier: MIT

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without
limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the
Software, and to permit persons to whom the Software is furnished to do so, subject to the following
conditions: The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.

Copyright 2026 the authors of the Civic Participation System.

Stands alone: Python 3.11, no other package. `main` reads the command line; `checks` yields one result after
another for whatever asks a server, such as a test client.
"""

import argparse
import json
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

FORMS = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
LISTS = {"services": "service", "service_requests": "request", "errors": "error"}
SERVICE = ("service_code", "service_name", "description", "metadata", "type", "keywords", "group")
ATTRIBUTE = (*("variable", "code", "datatype", "required", "datatype_description", "order", "description"),)
DATATYPES = {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}
REQUEST = (
    *("service_request_id", "status", "status_notes", "service_name", "service_code", "description"),
    *("agency_responsible", "service_notice", "requested_datetime", "updated_datetime"),
    *("expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url"),
)
W3C = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
DECLARATION = re.compile(rb"<\?xml version=[\"']1\.0[\"'] encoding=[\"']utf-8[\"']", re.IGNORECASE)
Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Reply:
    """What a server answered."""

    status: int
    content_type: str
    body: bytes

    def entries(self, root: str, form: str) -> list[dict[str, Any]]:
        """Return the entries of a list; raises ValueError for another shape than that of the standard."""
        if form == "json":
            found = json.loads(self.body.decode())
            if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
                raise ValueError("the JSON is no array of objects without an outer name")
            return found
        top = ET.fromstring(self.body)
        if top.tag != root or any(one.tag != LISTS[root] for one in top):
            raise ValueError(f"the XML is no <{root}> of <{LISTS[root]}>")
        return [{part.tag: part.text for part in one} for one in top]


Ask = Callable[[str, str, Fields], Reply]
"""Asks a server: method, path below its base address, fields. GET sends them in the address."""


@dataclass(frozen=True)
class Result:
    """One check: what should be, and what is wrong with it; "" where nothing is."""

    what: str
    wrong: str = ""


@dataclass(frozen=True)
class Filing:
    """With what a request can be filed. Without a service the first one that needs no attribute is taken."""

    api_key: str
    lat: str
    long: str
    service_code: str = ""


def checks(ask: Ask, filing: Filing | None = None) -> Iterator[Result]:
    """Yield each check of a server; with a key also those that file."""
    for form in FORMS:
        yield from _reading(ask, form)
    if filing is not None:
        service = filing.service_code or _plain_service(ask)
        for form in FORMS:
            yield from _refusals(ask, form, filing, service)
        yield from _filing(ask, filing, service)


def _reading(ask: Ask, form: str) -> Iterator[Result]:
    yield _seen(f"GET discovery.{form}", ask("GET", f"/discovery.{form}", ()), form, _is_discovery)
    services = ask("GET", f"/services.{form}", ())
    yield _seen(f"GET services.{form}", services, form, _are_services)
    empty = ask("GET", f"/services.{form}", [("jurisdiction_id", "")])
    yield Result(
        f"GET services.{form} with an empty jurisdiction_id is as without one",
        "" if empty.body == services.body else "the answers differ",
    )
    for code in _codes(services, form)[:3]:
        definition = ask("GET", f"/services/{code}.{form}", ())
        yield _seen(f"GET services/{code}.{form}", definition, form, _is_definition)
    yield from _wrong_addresses(ask, form)
    yield from _lists(ask, form)


def _wrong_addresses(ask: Ask, form: str) -> Iterator[Result]:
    nowhere = [("jurisdiction_id", "nowhere.invalid")]
    for path in ("services", "requests"):
        yield _refused(
            f"GET {path}.{form} of an unknown jurisdiction", ask("GET", f"/{path}.{form}", nowhere), form, 404
        )
    for path in ("services/no-such-service", "requests/no-such-request", "tokens/no-such-token"):
        yield _refused(f"GET {path}.{form}", ask("GET", f"/{path}.{form}", ()), form, 404)


def _lists(ask: Ask, form: str) -> Iterator[Result]:
    reply = ask("GET", f"/requests.{form}", ())
    yield _seen(f"GET requests.{form}", reply, form, _are_requests)
    empty = [
        (name, "") for name in ("service_code", "start_date", "end_date", "status", "service_request_id")
    ]
    yield Result(
        f"GET requests.{form} with empty parameters is as without them",
        "" if ask("GET", f"/requests.{form}", empty).body == reply.body else "the answers differ",
    )
    for status in ("open", "closed"):
        narrowed = ask("GET", f"/requests.{form}", [("status", status)])
        yield _seen(
            f"GET requests.{form} that are {status}", narrowed, form, partial(_all_are, status=status)
        )
    for what, fields in {
        "start after end": [("start_date", "2026-02-01T00:00:00Z"), ("end_date", "2026-01-01T00:00:00Z")],
        "more than 90 days": [("start_date", "2026-01-01T00:00:00Z"), ("end_date", "2026-04-30T00:00:00Z")],
        "no date": [("start_date", "yesterday")],
        "no status": [("status", "lost")],
    }.items():
        yield _refused(f"GET requests.{form}: {what}", ask("GET", f"/requests.{form}", fields), form, 400)
    ids = [str(one["service_request_id"]) for one in _entries(reply, "service_requests", form)][:2]
    if ids:
        yield from _ids(ask, form, ids)


def _ids(ask: Ask, form: str, ids: list[str]) -> Iterator[Result]:
    one = ask("GET", f"/requests/{ids[0]}.{form}", ())
    yield _seen(f"GET requests/{{id}}.{form}", one, form, lambda r, f: _has_ids(r, f, ids[:1]))
    fields = [
        ("service_request_id", ",".join(ids)),
        ("start_date", "1999-01-01T00:00:00Z"),
        ("status", "lost"),
    ]
    listed = ask("GET", f"/requests.{form}", fields)
    yield _seen(f"GET requests.{form}: ids override the rest", listed, form, lambda r, f: _has_ids(r, f, ids))


def _refusals(ask: Ask, form: str, filing: Filing, service: str) -> Iterator[Result]:
    place = [("lat", filing.lat), ("long", filing.long)]
    key, code = ("api_key", filing.api_key), ("service_code", service)
    for what, fields, status in (
        ("without a key", [code, *place], 403),
        ("with a wrong key", [("api_key", "wrong"), code, *place], 403),
        ("without a service_code", [key, *place], 400),
        ("of an unknown service", [key, ("service_code", "no-such-service"), *place], 404),
        ("without a location", [key, code], 400),
        ("with lat alone", [key, code, place[0]], 400),
        ("with words for lat", [key, code, ("lat", "north"), place[1]], 400),
        ("with 4001 characters", [key, code, *place, ("description", "x" * 4001)], 400),
        ("for another jurisdiction", [key, code, *place, ("jurisdiction_id", "nowhere.invalid")], 404),
    ):
        yield _refused(f"POST requests.{form} {what}", ask("POST", f"/requests.{form}", fields), form, status)


def _filing(ask: Ask, filing: Filing, service: str) -> Iterator[Result]:
    words = 'Conformance test: <b>bold</b> & "quoted", naïve 구멍 \u0007bell.'
    fields = [
        ("api_key", filing.api_key), ("service_code", service), ("lat", filing.lat), ("long", filing.long),
        ("description", words), ("device_id", "conformance"), ("email", ""), ("media_url", ""),
    ]  # fmt: skip
    reply = ask("POST", "/requests.json", fields)
    told = _entries(reply, "service_requests", "json")
    made = str(told[0].get("service_request_id") or "") if told else ""
    yield Result(
        "POST requests.json files a request", "" if made and reply.status in {200, 201} else _short(reply)
    )
    if not made:
        return
    again = _entries(ask("POST", "/requests.xml", fields), "service_requests", "xml")
    same = bool(again) and again[0].get("service_request_id") == made
    yield Result("the same request sent again is answered with the same id", "" if same else str(again)[:200])
    for form in FORMS:
        one = ask("GET", f"/requests/{made}.{form}", ())
        yield _seen(f"the new request can be read as {form}", one, form, lambda r, f: _keeps_text(r, f))


def _seen(what: str, reply: Reply, form: str, look: Callable[[Reply, str], str]) -> Result:
    if reply.status != 200:
        return Result(what, f"answered {reply.status}: {_short(reply)}")
    if reply.content_type.lower() != FORMS[form]:
        return Result(what, f"Content-Type is {reply.content_type}, not {FORMS[form]}")
    if form == "xml" and not DECLARATION.match(reply.body):
        return Result(what, "the XML declaration with its encoding is missing")
    try:
        return Result(what, look(reply, form))
    except (ValueError, KeyError, TypeError, ET.ParseError) as error:
        return Result(what, f"{type(error).__name__}: {error}")


def _refused(what: str, reply: Reply, form: str, status: int) -> Result:
    if reply.status != status:
        return Result(f"{what} is {status}", f"answered {reply.status}: {_short(reply)}")
    if reply.content_type.lower() != FORMS[form]:
        return Result(f"{what} is {status}", f"the error is {reply.content_type}")
    told = _entries(reply, "errors", form)
    right = bool(told) and str(told[0].get("code")) == str(status) and bool(told[0].get("description"))
    return Result(
        f"{what} is {status}", "" if right else f"no error with code and description: {_short(reply)}"
    )


def _is_discovery(reply: Reply, form: str) -> str:
    if form == "json":
        found = json.loads(reply.body)
        points = found["endpoints"]
        formats = [one for point in points for one in point["formats"]]
        names, urls = set(found), [point["url"] for point in points]
    else:
        top = ET.fromstring(reply.body)
        names, urls = {one.tag for one in top}, [one.text for one in top.findall("endpoints/endpoint/url")]
        formats = [one.text for one in top.findall("endpoints/endpoint/formats/format")]
    lacking = {"changeset", "contact", "key_service", "endpoints"} - names
    if lacking or not all(urls) or "text/xml" not in formats:
        return f"lacks {sorted(lacking) or 'addresses or the format text/xml'}"
    return ""


def _are_services(reply: Reply, form: str) -> str:
    services = reply.entries("services", form)
    if not services:
        return "there is no service"
    if wrong := [one for one in services if set(one) != set(SERVICE)]:
        return f"elements are {sorted(wrong[0])}"
    kinds = {one["type"] for one in services} - {"realtime", "batch", "blackbox"}
    switches = {str(one["metadata"]).lower() for one in services} - {"true", "false"}
    return f"unknown type or metadata: {kinds | switches}" if kinds | switches else ""


def _is_definition(reply: Reply, form: str) -> str:
    if form == "json":
        attributes = json.loads(reply.body)["attributes"]
    else:
        top = ET.fromstring(reply.body)
        attributes = [{part.tag: part.text for part in one} for one in top.findall("attributes/attribute")]
    for one in attributes:
        if set(ATTRIBUTE) - set(one) or one["datatype"] not in DATATYPES:
            return f"attribute is {one}"
    orders = [int(one["order"]) for one in attributes]
    return "" if len(set(orders)) == len(orders) else "two attributes have the same order"


def _are_requests(reply: Reply, form: str) -> str:
    found = reply.entries("service_requests", form)
    if len(found) > 1000:
        return f"{len(found)} requests, more than 1000"
    for one in found:
        if set(one) != set(REQUEST):
            return f"elements are {sorted(set(one) ^ set(REQUEST))} more or less than the standard's"
        if one["status"] not in {"open", "closed"} or not isinstance(one["service_request_id"], str):
            return f"status or id is wrong: {one['status']}, {one['service_request_id']!r}"
        if not all(W3C.fullmatch(one[name]) for name in ("requested_datetime", "updated_datetime")):
            return f"no W3C time with a zone: {one['requested_datetime']}"
    times = [datetime.fromisoformat(one["requested_datetime"]) for one in found]
    return "" if times == sorted(times, reverse=True) else "not the newest first"


def _all_are(reply: Reply, form: str, status: str) -> str:
    others = {one["status"] for one in reply.entries("service_requests", form)} - {status}
    return f"has {sorted(others)}" if others else ""


def _has_ids(reply: Reply, form: str, ids: list[str]) -> str:
    found = {str(one["service_request_id"]) for one in reply.entries("service_requests", form)}
    return "" if found == set(ids) else f"has {sorted(found)}, not {sorted(ids)}"


def _keeps_text(reply: Reply, form: str) -> str:
    (one,) = reply.entries("service_requests", form)
    kept = str(one["description"])
    wanted = ('<b>bold</b> & "quoted"', "naïve 구멍")
    return "" if all(part in kept for part in wanted) else f"the description became {kept!r}"


def _codes(reply: Reply, form: str) -> list[str]:
    return [str(one.get("service_code")) for one in _entries(reply, "services", form)]


def _plain_service(ask: Ask) -> str:
    services = _entries(ask("GET", "/services.json", ()), "services", "json")
    plain = [one["service_code"] for one in services if one.get("metadata") in {False, "false"}]
    return str((plain or [""])[0])


def _entries(reply: Reply, root: str, form: str) -> list[dict[str, Any]]:
    try:
        return reply.entries(root, form)
    except (ValueError, ET.ParseError):
        return []


def _short(reply: Reply) -> str:
    return reply.body.decode(errors="replace")[:200]


def over_http(base: str) -> Ask:
    """Return what asks the server at this address."""

    def ask(method: str, path: str, fields: Fields) -> Reply:
        sent = urlencode(list(fields))
        address = base.rstrip("/") + path + (f"?{sent}" if method == "GET" and sent else "")
        request = urllib.request.Request(address, sent.encode() if method == "POST" else None, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return Reply(reply.status, reply.headers.get("Content-Type", ""), reply.read())
        except urllib.error.HTTPError as error:
            return Reply(error.code, error.headers.get("Content-Type", ""), error.read())

    return ask


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a server and print what was found."""
    parser = argparse.ArgumentParser(description="Check whether a server speaks Open311 GeoReport v2.")
    parser.add_argument("address", help="its base address, such as https://hear.your.city/open311/v2")
    parser.add_argument("--api-key", help="file a request with it; use a test server")
    parser.add_argument("--lat", default="", help="where the request is")
    parser.add_argument("--long", default="")
    parser.add_argument("--service-code", default="", help="the first without attributes where not given")
    given = parser.parse_args(arguments)
    if given.api_key and not (given.lat and given.long):
        parser.error("--api-key needs --lat and --long inside the city")
    filing = Filing(given.api_key, given.lat, given.long, given.service_code) if given.api_key else None
    failed = 0
    try:
        for result in checks(over_http(given.address), filing):
            failed += bool(result.wrong)
            print(f"FAIL  {result.what}: {result.wrong}" if result.wrong else f"ok    {result.what}")
    except OSError as error:
        print(f"{given.address} cannot be asked: {error}", file=sys.stderr)
        return 2
    print(f"{failed} wrong" if failed else "everything is as it should be")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
