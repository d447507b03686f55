"""The calls of GeoReport v2 that we make to another system. Each raises Failed with what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from cps.core import offline, outward
from cps.core.outward import Answer
from cps.open311.documents import JSON, XML
from cps.open311.outgoing import reading
from cps.open311.outgoing.rules import LONGEST_NUMBER, Failed, There, Trouble, trouble_of, word

KEY_HEADER = "Idempotency-Key"
Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a system is, what it gave us, in which form it answers."""

    base_url: str
    jurisdiction: str = ""
    form: str = JSON
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """A case as it is sent, which the standard calls a service request; `key` tells a repetition.

    `before` is what it was called there when it was done there, where it is sent again.
    """

    reference: str
    key: str
    fields: tuple[tuple[str, str], ...]
    before: str = ""


def services(endpoint: Endpoint) -> tuple[list[dict[str, Any]], str]:
    """Return the services of a system, and the form in which it gave them: JSON, else XML."""
    try:
        return reading.services(_got(endpoint, "services")), endpoint.form
    except Failed as failed:
        if failed.trouble not in {Trouble.UNREADABLE, Trouble.NOT_FOUND, Trouble.REFUSED}:
            raise
        other = replace(endpoint, form=XML if endpoint.form == JSON else JSON)
        try:
            return reading.services(_got(other, "services")), other.form
        except Failed:
            raise failed from None


def attributes(endpoint: Endpoint, code: str) -> list[dict[str, Any]]:
    """Return what a service asks."""
    return reading.attributes(_got(endpoint, f"services/{quote(code, safe='')}"))


def send(endpoint: Endpoint, service_request: ServiceRequest) -> tuple[str, str]:
    """File a case and return its number there, or a token until it has one.

    The same request again, within the time that the other system keeps its key, is the same case there.
    """
    named = [("jurisdiction_id", endpoint.jurisdiction)] if endpoint.jurisdiction else []
    fields = [("api_key", endpoint.key), *named, *service_request.fields]
    headers = {KEY_HEADER: service_request.key}
    url = f"{endpoint.base_url}/requests.{endpoint.form}"
    body = _judged(endpoint, lambda: outward.post(url, fields, headers, may_be_here=_may_be_here()))
    try:
        number, token = reading.number_or_token(reading.entries(body, endpoint.form))
    except Failed:
        number, token = "", ""
    if not (number or token):
        raise Failed(Trouble.NO_NUMBER)
    return number, token


def number_of(endpoint: Endpoint, token: str) -> str:
    """Return the number that a token has got, "" while it has none."""
    number, _token = reading.number_or_token(_got(endpoint, f"tokens/{quote(token, safe='')}"))
    return number


def look(endpoint: Endpoint, numbers: list[str]) -> dict[str, There]:
    """Return what is said of these cases, by their numbers; about whom nothing is said has no entry."""
    if len(numbers) == 1:
        return reading.requests(_got(endpoint, f"requests/{quote(numbers[0], safe='')}"))
    asked = [("service_request_id", ",".join(numbers))]
    return reading.requests(_got(endpoint, "requests", asked))


def is_number(text: str) -> bool:
    """Return whether a number can stand in a list of numbers."""
    return bool(word(text, LONGEST_NUMBER)) and "," not in text


def _got(endpoint: Endpoint, path: str, asked: Fields | None = None) -> list[dict[str, Any]]:
    named = [("jurisdiction_id", endpoint.jurisdiction)] if endpoint.jurisdiction else []
    url, query = f"{endpoint.base_url}/{path}.{endpoint.form}", [*named, *(asked or [])]
    body = _judged(endpoint, lambda: outward.get(url, query, may_be_here=_may_be_here()))
    return reading.entries(body, endpoint.form)


def _judged(endpoint: Endpoint, ask: Callable[[], Answer]) -> bytes:
    """Return the body of an answer that says yes; raises Failed for all others."""
    try:
        answer = ask()
    except outward.NotAllowed:
        raise Failed(Trouble.OUR_NETWORK) from None
    except outward.TooLarge:
        raise Failed(Trouble.TOO_LARGE) from None
    except outward.Unreachable as error:
        raise Failed(Trouble.UNREACHABLE, str(error)) from None
    trouble = trouble_of(answer.status)
    if trouble is not None:
        said = "" if answer.is_redirect else reading.words(answer.body, endpoint.form, secret=endpoint.key)
        raise Failed(trouble, f"{answer.status} {said}".strip())
    return answer.body


def _may_be_here() -> bool:
    """Return whether a system may be on this machine, without TLS: in demo and test."""
    return offline.settings().is_demo
