"""The Civic Participation System: `create_app` puts its features together."""

from contextlib import suppress
from importlib import import_module
from pathlib import Path

from flask import Flask
from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError
from whitenoise import WhiteNoise

from cps.config import Config
from cps.core import (
    assets,
    db,
    error_pages,
    http,
    i18n,
    incoming,
    logs,
    metrics,
    on_phone,
    rendering,
    schema,
)
from cps.core.errors import ConfigurationError
from cps.core.routing import CONVERTERS
from cps.core.storage import storage_from_url

PACKAGE = Path(__file__).parent
FEATURES = (
    *("accounts", "wards", "departments", "residents", "notices", "knowledge", "cases", "helpers"),
    *("complaints", "proposals", "polls", "partners"),
    *("moderation", "triage", "contact", "alerts", "insights"),
    *("notifications", "open311", "opendata", "channels", "admin", "pages"),
)
"""Features in the order of their imports, lowest first."""

PARTS = ("models", "policy", "handlers", "checks", "views")
"""What a feature may have to be imported at start."""

YEAR = 365 * 24 * 3600


def create_app(config: Config | None = None) -> Flask:
    """Make the application; without a config, from the environment.

    Raises ConfigurationError where a setting is missing or unsafe.
    """
    config = config or Config.from_environment()
    app = Flask("cps", static_folder=None, instance_path=str(config.instance))
    app.request_class = incoming.Request
    app.config.from_mapping(_flask_settings(config))
    app.extensions["cps_config"] = config
    app.url_map.converters.update(CONVERTERS)
    app.extensions["cps_storage"] = storage_from_url(config.storage_url)
    logs.init_app(app, config)
    i18n.init_app(app)
    assets.init_app(app)
    _load_features(app)
    db.init_app(app)
    http.init_app(app, config)
    rendering.init_app(app, config)
    error_pages.init_app(app)
    on_phone.init_app(app)
    app.after_request(rendering.stamp_etag)
    metrics.init_app(app)
    _serve_static(app)
    _refuse_wrong_database(app, config)
    return app


def _refuse_wrong_database(app: Flask, config: Config) -> None:
    """Raise ConfigurationError where the database is not for this program, or not for a real city.

    A database that cannot be asked now, or has no tables yet, is asked at the next start.
    """
    with app.app_context(), suppress(SQLAlchemyError):
        try:
            if _is_there(db.db.engine.url):
                schema.refuse_older_code()
                if config.is_production:
                    _refuse_demo_accounts()
        finally:
            db.db.session.remove()
            db.db.engine.dispose()  # no connection is carried into the web processes


def _is_there(url: URL) -> bool:
    """Say whether there is something to ask: SQLite would make the file that is not there."""
    return url.get_backend_name() != "sqlite" or Path(url.database or "").exists()


def _refuse_demo_accounts() -> None:
    """Raise ConfigurationError where everybody knows the password of accounts in a real city's database."""
    from cps.accounts.queries import has_demo_accounts

    if has_demo_accounts():
        raise ConfigurationError(
            "This database has accounts of the demo city (@demo.test), whose password everybody knows."
            " Begin with an empty database, or set CPS_ENV=demo."
        )


def _flask_settings(config: Config) -> dict[str, object]:
    host_cookie = "__Host-" if config.uses_https else ""
    return {
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(config),
        "MIGRATIONS": str(migrations_folder()),
        "MAX_CONTENT_LENGTH": incoming.LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": incoming.LARGEST_FIELDS,
        "MAX_FORM_PARTS": incoming.MOST_FIELDS,
        "TRUSTED_HOSTS": list(config.trusted_hosts) or None,
        "SESSION_COOKIE_NAME": f"{host_cookie}cps",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": config.uses_https,
        "SESSION_REFRESH_EACH_REQUEST": False,  # else it stands on photos and outlines that proxies keep
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "TESTING": config.env == "test",
        "PROPAGATE_EXCEPTIONS": False,
    }


def _engine_options(config: Config) -> dict[str, object]:
    if config.database_url.startswith("sqlite"):
        return {"hide_parameters": True, "connect_args": {"timeout": db.BUSY_TIMEOUT_MS / 1000}}
    pool = {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10, "pool_timeout": 10}
    return {"hide_parameters": True, **pool}


def migrations_folder() -> Path:
    """Return where the migrations stand: in the wheel inside the package, in a checkout beside it."""
    inside = PACKAGE / "migrations"
    return inside if inside.is_dir() else PACKAGE.parent / "migrations"


def _load_features(app: Flask) -> None:
    """Import each feature's parts; all register themselves, and `views` give blueprints."""
    import_module("cps.core.models")
    for feature in FEATURES:
        for part in PARTS:
            if not (PACKAGE / feature / f"{part}.py").exists() and not (PACKAGE / feature / part).is_dir():
                continue
            module = import_module(f"cps.{feature}.{part}")
            for blueprint in getattr(module, "BLUEPRINTS", ()):
                app.register_blueprint(blueprint)
    import_module("cps.accounts.login").init_app(app)


def _serve_static(app: Flask) -> None:
    """Serve the built assets: fingerprinted names for a year, compressed beside."""
    folder = PACKAGE / "static" / "dist"
    app.add_url_rule("/static/dist/<path:filename>", endpoint="static", build_only=True)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=folder if folder.is_dir() else None,
        prefix="static/dist/",
        max_age=YEAR,
        immutable_file_test=lambda _path, _url: True,
        add_headers_function=lambda sent, _path, _url: sent.add_header("X-Content-Type-Options", "nosniff"),
    )
