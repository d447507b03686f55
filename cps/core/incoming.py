"""How much of a request is read before anybody looks at it."""

from io import BytesIO
from itertools import chain
from typing import IO, Any

from flask import Request as FlaskRequest
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

LARGEST_REQUEST = 120 * 1024 * 1024
"""Bytes of a request with photos."""

LARGEST_FIELDS = 4 * 1024 * 1024
"""Characters of all fields that come with photos, together; bytes of any other request."""

MOST_FIELDS = 1_000

MOST_ESCAPES = 400_000
"""Signs like `%41` in a form without files, half a microsecond each: 100,000 signs of any script."""

WITH_FILES = "multipart/form-data"
WITHOUT_FILES = "application/x-www-form-urlencoded"


class FormParser(FormDataParser):
    """Refuses, with 413, more fields than any page has; Werkzeug bounds those of one kind of form only.

    A body without files it splits whatever the number of its fields; for twenty megabytes of `a&`
    that took ten seconds.
    """

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: Any = None
    ) -> tuple[IO[bytes], Any, Any]:
        """Return (stream, fields, files)."""
        if mimetype == WITHOUT_FILES:
            body = stream.read()
            if body.count(b"&") >= MOST_FIELDS or body.count(b"%") > MOST_ESCAPES:
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        rest, fields, files = super().parse(stream, mimetype, content_length, options)
        if sum(len(name) + len(value) for name, value in fields.items(multi=True)) > LARGEST_FIELDS:
            for file in chain(*files.listvalues()):
                file.close()
            raise RequestEntityTooLarge
        return rest, fields, files


class Request(FlaskRequest):
    """A request of which only as much is read as its kind may bring."""

    form_data_parser_class = FormParser

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.max_content_length = LARGEST_REQUEST if self.mimetype == WITH_FILES else LARGEST_FIELDS
