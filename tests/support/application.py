"""The application under test: made once per process and kind of database, then pointed at each test's own."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import URL, Engine, event, make_url

from cps import create_app
from cps.config import Config
from cps.core.db import db
from cps.core.storage import storage_from_url

BASE_URL = "http://localhost"
_cached: dict[str, "Application"] = {}


class Application:
    """One Flask application whose connections go to the database it was last pointed at."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.app = create_app(config)
        self.statements: list[str] = []
        self._url: URL = make_url(config.database_url)
        with self.app.app_context():
            _listen(db.engine, self)

    def point_at(self, url: str, folder: Path) -> Flask:
        """Work on this database and keep files, photos and keys in this folder; returns the application."""
        self.leave()
        self._url = make_url(url)
        config = replace(self.config, database_url=url, **_places(folder))
        self.app.extensions["cps_config"] = config
        self.app.extensions["cps_storage"] = storage_from_url(config.storage_url)
        return self.app

    def leave(self) -> None:
        """Close every connection."""
        with self.app.app_context():
            db.engine.dispose()

    def connect(self, arguments: list[Any], named: dict[str, Any]) -> None:
        """Send a new connection to the current database instead of the first one."""
        if self._url.drivername == "sqlite":
            arguments[0] = self._url.database
        else:
            named["dbname"] = self._url.database


def _listen(engine: Engine, application: Application) -> None:
    @event.listens_for(engine, "do_connect")
    def redirect(_dialect: Any, _record: Any, arguments: list[Any], named: dict[str, Any]) -> None:
        application.connect(arguments, named)

    @event.listens_for(engine, "before_cursor_execute")
    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        application.statements.append(statement)


def _places(folder: Path) -> dict[str, Any]:
    return {"instance": folder, "storage_url": str(folder / "media"), "keys_dir": folder / "keys"}


def config_for(url: str, folder: Path) -> Config:
    """Return settings for tests: no limits, the address of the page client, nothing outside the folder."""
    environment = {
        "CPS_ENV": "test",
        "CPS_BASE_URL": BASE_URL,
        "CPS_DATABASE_URL": url,
        "CPS_INSTANCE": str(folder),
        "CPS_RATE_LIMITS": "off",
    }
    return Config.from_environment(environment)


def cached(kind: str, url: str, folder: Path, **changes: Any) -> Application:
    """Return this process' application for one kind of database, with these settings changed."""
    key = f"{kind} {sorted(changes.items())}"
    if key not in _cached:
        _cached[key] = Application(replace(config_for(url, folder), **changes))
    return _cached[key]
