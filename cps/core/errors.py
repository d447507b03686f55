"""The errors that services raise and that pages turn into plain words."""

from http import HTTPStatus


class CpsError(Exception):
    """A refusal that a person can act on; `message` is a translated sentence for them."""

    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RuleViolation(CpsError):
    """What was asked is against a rule of the city or of the program; nothing was changed."""


class StaleVersion(CpsError):
    """Somebody else changed the row after the page was loaded; nothing was changed."""

    status = HTTPStatus.CONFLICT


class AlreadyDone(CpsError):
    """The same act had been done before; nothing was changed."""

    status = HTTPStatus.CONFLICT


class NotVisible(CpsError):
    """The object does not exist, or must not be known to exist by this person."""

    status = HTTPStatus.NOT_FOUND


class Hidden(CpsError):
    """The city hid the object; the message says why, and that it was here is known.

    `door` is where its author opens it, empty where there is no such page.
    """

    status = HTTPStatus.GONE

    def __init__(self, message: str, door: str = "") -> None:
        super().__init__(message)
        self.door = door


class TooMany(CpsError):
    """A limit is used up; `retry_after` says after how many seconds to come back."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ConfigurationError(Exception):
    """A setting is missing or unsafe; the message says which and what to set."""
