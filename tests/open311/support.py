"""A client of another program: it has a key and sends fields, no cookie and no token."""

from typing import Any
from xml.etree.ElementTree import Element, fromstring

from cps.core import clock
from cps.core.db import transaction
from cps.open311 import services
from cps.open311.services import Client
from tests.support.page import Page
from tests.support.site import Site

BASE = "/open311/v2"


def make_key(name: str = "Fix It", media_host: str = "") -> str:
    """Make a key as administrators do, and return it."""
    with transaction():
        return services.make_key(Client(name, "apps@example.org", media_host), by=None, at=clock.now())


def send(site: Site, fields: dict[str, Any], path: str = "/requests.json", **headers: str) -> Page:
    """Send fields, as a program does."""
    return site.post_raw(f"{BASE}{path}", fields, with_token=False, headers=headers)


def ids(page: Page) -> list[str]:
    """Return the ids of a list in JSON."""
    assert page.status == 200, page.data
    return [one["service_request_id"] for one in page.json]


def xml(page: Page) -> Element:
    """Return the root of an answer in XML."""
    assert page.header("Content-Type") == "text/xml; charset=utf-8"
    assert page.data.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    return fromstring(page.data)


def why(page: Page) -> str:
    """Return what is wrong, in one line."""
    return "; ".join(one["description"] for one in page.json)
