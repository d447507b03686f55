"""Logs as one JSON object a line, each with the id of its request; no line can be forged by a visitor."""

import json
import logging
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, has_request_context, request

from cps.config import Config

_PLAIN = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON; line breaks in values are escaped by JSON itself."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage(),
        }
        if has_request_context():
            line["request"] = g.get("request_id", "")
        line.update({k: v for k, v in vars(record).items() if k not in _PLAIN})
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def init_app(app: Flask, config: Config) -> None:
    """Log to standard error, and one line a request in production."""
    root = logging.getLogger()
    if not any(isinstance(h.formatter, JsonLines) for h in root.handlers) and config.env != "test":
        handler = logging.StreamHandler()
        handler.setFormatter(JsonLines())
        root.addHandler(handler)
        root.setLevel(logging.INFO if config.is_production else logging.WARNING)
        logging.getLogger("alembic").setLevel(logging.WARNING)
    if config.is_production:
        app.after_request(_log_request)


def _log_request(response: Response) -> Response:
    milliseconds = round((time.monotonic() - g.get("started", time.monotonic())) * 1000)
    rule = request.url_rule.rule if request.url_rule else ""
    logging.getLogger("cps.requests").info(
        "request",
        extra={"method": request.method, "rule": rule, "status": response.status_code, "ms": milliseconds},
    )
    return response
