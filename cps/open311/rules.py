"""GeoReport v2 as far as it is pure: what may be asked, how long a list may be, what a repetition is.

The standard: http://wiki.open311.org/GeoReport_v2. Refusals are in English, for whoever writes the client.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cps.cases.rules import Status

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-11-27T00:00:00Z"
"""When what this server understands changed last."""

MOST_ROWS = 1_000
MOST_DEEP = 100_000
"""So far pages lead into a list; whoever wants more asks by dates."""

LONGEST_SPAN = timedelta(days=90)
LONGEST_DESCRIPTION = 4_000
LONGEST_URL = 2_000
REPEATED_WITHIN = timedelta(hours=1)

STATUSES = {
    "open": tuple(one for one in Status if one is not Status.CLOSED),
    "closed": (Status.CLOSED,),
}
YEARS = range(1970, 3000)
_LOST_PLUS = re.compile(r" (?=\d{2}:?\d{2}$)")
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,60})\](?:\[\d{0,3}\])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a request, in the words of the answer."""

    code: HTTPStatus
    description: str


class Refused(Exception):
    """A request that is not answered as asked; the first problem gives the status."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems[0].description)
        self.problems = problems


def bad(description: str) -> Problem:
    """Return the problem of a value that cannot be used: 400."""
    return Problem(HTTPStatus.BAD_REQUEST, description)


def missing(description: str) -> Problem:
    """Return the problem of what does not exist, or must not be known to exist: 404."""
    return Problem(HTTPStatus.NOT_FOUND, description)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, both ends included; None is open."""

    start: datetime | None = None
    end: datetime | None = None

    @property
    def is_asked(self) -> bool:
        """Whether somebody gave an end of it."""
        return self.start is not None or self.end is not None

    def bounded(self, now: datetime) -> "Span":
        """Return it with both ends, 90 days apart where one was left open; without any the last 90 days."""
        if self.start is not None:
            return Span(self.start, self.end or self.start + LONGEST_SPAN)
        end = self.end or now
        return Span(end - LONGEST_SPAN, end)


ALWAYS = Span()


def span(given: Mapping[str, str], start: str, end: str, zone: ZoneInfo) -> Span:
    """Read the ends that have these names.

    Raises Refused where one is no time, they are the wrong way round, or too far apart.
    """
    read = Span(moment(given.get(start, ""), start, zone), moment(given.get(end, ""), end, zone))
    if read.start is not None and read.end is not None:
        if read.start > read.end:
            raise Refused(bad(f"{start} is after {end}"))
        if read.end - read.start > LONGEST_SPAN:
            raise Refused(bad(f"{start} and {end} are more than {LONGEST_SPAN.days} days apart"))
    return read


def moment(text: str, name: str, zone: ZoneInfo) -> datetime | None:
    """Read a time of the W3C profile of ISO 8601 in UTC, None for nothing; raises Refused.

    Without a zone it is of the city's clock. A plus sign that was sent as it is has become a space.
    """
    if not text:
        return None
    try:
        read = datetime.fromisoformat(_LOST_PLUS.sub("+", text) if "T" in text else f"{text}T00:00:00")
    except ValueError:
        read = None
    if read is None or read.year not in YEARS:
        raise Refused(bad(f"{name} is no date and time such as 2026-11-18T10:00:00Z"))
    return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)


def listed(text: str) -> tuple[str, ...]:
    """Return the parts of a list with commas, each once; raises Refused where there are too many."""
    parts = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if len(parts) > MOST_ROWS:
        raise Refused(bad(f"no more than {MOST_ROWS} values in one list"))
    return parts


def statuses(text: str) -> tuple[Status, ...]:
    """Return the statuses of cases that `open`, `closed` or both stand for; raises Refused."""
    asked = listed(text)
    if unknown := [one for one in asked if one not in STATUSES]:
        raise Refused(bad(f"status is open, closed or both, not {unknown[0][:40]}"))
    return () if len(asked) != 1 else STATUSES[asked[0]]


def status_of(status: Status) -> str:
    """Return the status of the standard for that of a case."""
    return "closed" if status is Status.CLOSED else "open"


def number(text: str, name: str, *, most: int, default: int) -> int:
    """Read a whole number from 1 on; raises Refused."""
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise Refused(bad(f"{name} is a whole number from 1 to {most}"))
    return int(text)


def attribute_code(field: str) -> str | None:
    """Return the code of a field such as `attribute[code]` or `attribute[code][]`; None for other fields."""
    found = _ATTRIBUTE.fullmatch(field)
    return found[1] if found else None


def day_and_time(text: str, zone: ZoneInfo) -> tuple[str, str]:
    """Part a date, or a date and time, into day and time of the city's clock; what is neither stays whole."""
    try:
        read = moment(text, "attribute", zone) if "T" in text else None
    except Refused:
        read = None
    if read is None:
        return text, ""
    local = read.astimezone(zone)
    return local.date().isoformat(), time(local.hour, local.minute).isoformat("minutes")


def link(text: str) -> str:
    """Return the address of a photo at the client's; raises Refused where it is no address on the web."""
    if not text:
        return ""
    parts = _parted(text)
    is_address = parts is not None and parts[0] in {"http", "https"} and parts[1]
    if (
        len(text) > LONGEST_URL
        or not text.isascii()
        or not text.isprintable()
        or " " in text
        or not is_address
    ):
        raise Refused(bad(f"media_url is an http or https address of at most {LONGEST_URL} characters"))
    return text


def host_of(address: str) -> str:
    """Return the host of an address in small letters; "" where it has none."""
    parts = _parted(address)
    return parts[1] if parts else ""


def _parted(address: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(address)
        return parts.scheme.lower(), (parts.hostname or "").lower()
    except ValueError:
        return None


def jurisdictions(origin: str) -> frozenset[str]:
    """Return the values of jurisdiction_id that name this city: its host, with and without `www.`."""
    host = host_of(origin)
    return frozenset({host, host.removeprefix("www."), f"www.{host}"})


def content_of(fields: Iterable[tuple[str, str]], files: Sequence[str]) -> str:
    """Return what tells a request from another: its fields but for the key, in order, and its files."""
    kept = sorted((name, value) for name, value in fields if name != "api_key" and value)
    return "\n".join([*(f"{len(name)}:{name}={value}" for name, value in kept), *files])
