"""The calls of GeoReport v2 that we make to another system. Each raises Failed with what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field
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
class Line:
    """Where a system is, what it gave us, in which form it answers."""

    base_url: str
    jurisdiction: str = ""
    form: str = JSON
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """A case as it is sent; `reference` tells a repetition."""

    reference: str
    fields: tuple[tuple[str, str], ...]


def services(line: Line) -> tuple[list[dict[str, Any]], str]:
    """Return the services of a system, and the form in which it gave them: JSON, else XML."""
    try:
        return reading.services(_got(line, "services")), line.form
    except Failed as failed:
        if failed.trouble not in {Trouble.UNREADABLE, Trouble.NOT_FOUND, Trouble.REFUSED}:
            raise
        other = Line(line.base_url, line.jurisdiction, XML if line.form == JSON else JSON)
        try:
            return reading.services(_got(other, "services")), other.form
        except Failed:
            raise failed from None


def attributes(line: Line, code: str) -> list[dict[str, Any]]:
    """Return what a service asks."""
    return reading.attributes(_got(line, f"services/{quote(code, safe='')}"))


def send(line: Line, letter: Letter) -> tuple[str, str]:
    """File a case and return its number there, or a token until it has one.

    The same letter again, within the time that the other system keeps its key, is the same case there.
    """
    named = [("jurisdiction_id", line.jurisdiction)] if line.jurisdiction else []
    fields = [("api_key", line.key), *named, *letter.fields]
    headers = {KEY_HEADER: letter.reference}
    url = f"{line.base_url}/requests.{line.form}"
    body = _judged(line, lambda: outward.post(url, fields, headers, may_be_here=_may_be_here()))
    try:
        number, token = reading.number_or_token(reading.entries(body, line.form))
    except Failed:
        number, token = "", ""
    if not (number or token):
        raise Failed(Trouble.NO_NUMBER)
    return number, token


def number_of(line: Line, token: str) -> str:
    """Return the number that a token has got, "" while it has none."""
    number, _token = reading.number_or_token(_got(line, f"tokens/{quote(token, safe='')}"))
    return number


def look(line: Line, numbers: list[str]) -> dict[str, There]:
    """Return what is said of these cases, by their numbers; about whom nothing is said has no entry."""
    if len(numbers) == 1:
        return reading.requests(_got(line, f"requests/{quote(numbers[0], safe='')}"))
    asked = [("service_request_id", ",".join(numbers))]
    return reading.requests(_got(line, "requests", asked))


def is_number(text: str) -> bool:
    """Return whether a number can stand in a list of numbers."""
    return bool(word(text, LONGEST_NUMBER)) and "," not in text


def _got(line: Line, path: str, asked: Fields | None = None) -> list[dict[str, Any]]:
    named = [("jurisdiction_id", line.jurisdiction)] if line.jurisdiction else []
    url, query = f"{line.base_url}/{path}.{line.form}", [*named, *(asked or [])]
    body = _judged(line, lambda: outward.get(url, query, may_be_here=_may_be_here()))
    return reading.entries(body, line.form)


def _judged(line: Line, ask: Callable[[], Answer]) -> bytes:
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
        said = "" if answer.is_redirect else reading.words(answer.body, line.form)
        raise Failed(trouble, f"{answer.status} {said}".strip())
    return answer.body


def _may_be_here() -> bool:
    """Return whether a system may be on this machine, without TLS: in demo and test."""
    return offline.settings().is_demo
