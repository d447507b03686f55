"""Settings, read once from the environment; production refuses unsafe ones."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from cps.core.errors import ConfigurationError

DEMO_SECRET = "a secret of the demo city only; production refuses it"  # noqa: S105 - no secret at all
SHORTEST_SECRET = 32
SHORTEST_TOKEN = 20
HERE, NO_METRICS = "127.0.0.1,::1", ""
"""Who may read `/metrics` unless it is set: in demo and test this machine, in production nobody."""


class Env(StrEnum):
    """What the installation is for."""

    DEMO = "demo"
    PRODUCTION = "production"
    TEST = "test"


def _setting(name: str, help_text: str, *, secret: bool = False) -> dict[str, object]:
    return {"name": name, "help": help_text, "secret": secret}


@dataclass(frozen=True, slots=True)
class Config:
    """One installation's settings. `docs/operations.md` documents each; a test compares."""

    env: Env = field(metadata=_setting("CPS_ENV", "demo, production or test"))
    secret_key: str = field(
        metadata=_setting("CPS_SECRET_KEY", "signs cookies and links; 32 characters or more", secret=True)
    )
    base_url: str | None = field(metadata=_setting("CPS_BASE_URL", "address in mails, https in production"))
    database_url: str = field(
        metadata=_setting("CPS_DATABASE_URL", "sqlite:///… or postgresql+psycopg://…", secret=True)
    )
    replica_url: str | None = field(
        metadata=_setting("CPS_REPLICA_URL", "reserved for reads; not used yet", secret=True)
    )
    storage_url: str = field(metadata=_setting("CPS_STORAGE_URL", "folder or s3:// address of the photos"))
    redis_url: str | None = field(
        metadata=_setting("CPS_REDIS_URL", "reserved for shared rate limits; not used yet", secret=True)
    )
    smtp_url: str | None = field(
        metadata=_setting("CPS_SMTP_URL", "smtp[s]://user:password@host:port?from=…", secret=True)
    )
    sms_url: str | None = field(
        metadata=_setting("CPS_SMS_URL", "http[s]://secret@host/path?from=…", secret=True)
    )
    tile_url: str | None = field(metadata=_setting("CPS_TILE_URL", "map tiles: https://…/{z}/{x}/{y}.png"))
    tile_attribution: str = field(metadata=_setting("CPS_TILE_ATTRIBUTION", "who made the tiles"))
    trusted_hosts: tuple[str, ...] = field(
        metadata=_setting("CPS_TRUSTED_HOSTS", "host names answered, comma separated")
    )
    proxy_hops: int = field(metadata=_setting("CPS_PROXY_HOPS", "reverse proxies whose headers count"))
    keys_dir: Path = field(metadata=_setting("CPS_KEYS_DIR", "keys that never enter the database"))
    rate_limits: bool = field(metadata=_setting("CPS_RATE_LIMITS", "on, or off in demo and test"))
    offline: bool = field(
        metadata=_setting("CPS_OFFLINE", "on, or off to take the service worker off all phones")
    )
    staff_two_step: bool = field(
        metadata=_setting(
            "CPS_STAFF_TWO_STEP", "staff must sign in with a second step; off only in demo and test"
        )
    )
    keep_reporters_days: int = field(
        metadata=_setting("CPS_KEEP_REPORTERS_DAYS", "days after which a reporter is forgotten; 0 never")
    )
    metrics_from: tuple[str, ...] = field(
        metadata=_setting("CPS_METRICS_FROM", "addresses or networks that may read /metrics, comma separated")
    )
    metrics_token: str | None = field(
        metadata=_setting("CPS_METRICS_TOKEN", "whoever shows it may read /metrics too", secret=True)
    )
    port: int = field(metadata=_setting("PORT", "the port of `cps run`"))
    instance: Path = field(metadata=_setting("CPS_INSTANCE", "folder of the local database and files"))

    @property
    def is_production(self) -> bool:
        """Whether real people use this installation."""
        return self.env is Env.PRODUCTION

    @property
    def is_demo(self) -> bool:
        """Whether demo accounts and the demo mailbox may exist."""
        return self.env is not Env.PRODUCTION

    @property
    def sends_texts(self) -> bool:
        """Whether text messages reach anybody: over a gateway, or in the demo its mailbox."""
        return self.sms_url is not None or self.is_demo

    @property
    def uses_https(self) -> bool:
        """Whether the public address is https, so that cookies can be Secure."""
        return bool(self.base_url and self.base_url.startswith("https://"))

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """Read the settings; raises ConfigurationError with one line that says what to set."""
        env = os.environ if environ is None else environ
        instance = Path(env.get("CPS_INSTANCE") or "instance").resolve()
        kind = _choice(env, "CPS_ENV", Env, Env.PRODUCTION)
        config = cls(
            env=kind,
            secret_key=env.get("CPS_SECRET_KEY") or DEMO_SECRET,
            base_url=(env.get("CPS_BASE_URL") or "").rstrip("/") or None,
            database_url=database_url(env.get("CPS_DATABASE_URL") or f"sqlite:///{instance / 'cps.sqlite'}"),
            replica_url=env.get("CPS_REPLICA_URL") or None,
            storage_url=env.get("CPS_STORAGE_URL") or str(instance / "media"),
            redis_url=env.get("CPS_REDIS_URL") or None,
            smtp_url=env.get("CPS_SMTP_URL") or None,
            sms_url=env.get("CPS_SMS_URL") or None,
            tile_url=env.get("CPS_TILE_URL") or None,
            tile_attribution=env.get("CPS_TILE_ATTRIBUTION", ""),
            trusted_hosts=_listed(env.get("CPS_TRUSTED_HOSTS", "")),
            proxy_hops=_number(env, "CPS_PROXY_HOPS", 0, most=10),
            keys_dir=Path(env.get("CPS_KEYS_DIR") or instance / "keys"),
            rate_limits=_switch(env, "CPS_RATE_LIMITS", default=True),
            offline=_switch(env, "CPS_OFFLINE", default=True),
            staff_two_step=_switch(env, "CPS_STAFF_TWO_STEP", default=kind is Env.PRODUCTION),
            keep_reporters_days=_number(env, "CPS_KEEP_REPORTERS_DAYS", 365, most=36_500),
            metrics_from=_listed(env.get("CPS_METRICS_FROM", NO_METRICS if kind is Env.PRODUCTION else HERE)),
            metrics_token=env.get("CPS_METRICS_TOKEN") or None,
            port=_number(env, "PORT", 8000, most=65_535),
            instance=instance,
        )
        config.check()
        return config

    def check(self) -> None:
        """Raise ConfigurationError where the settings contradict each other or are unsafe."""
        if self.base_url and urlsplit(self.base_url).scheme not in {"http", "https"}:
            raise ConfigurationError("CPS_BASE_URL must start with https:// (or http:// in a demo).")
        _check_networks(self.metrics_from)
        if self.metrics_token and len(self.metrics_token) < SHORTEST_TOKEN:
            raise ConfigurationError(f"CPS_METRICS_TOKEN must have at least {SHORTEST_TOKEN} characters.")
        if not self.is_production:
            return
        if self.secret_key == DEMO_SECRET or len(self.secret_key) < SHORTEST_SECRET:
            raise ConfigurationError(
                f"Set CPS_SECRET_KEY to a random text of at least {SHORTEST_SECRET} characters"
                ' (python3 -c "import secrets; print(secrets.token_urlsafe(48))"),'
                " or CPS_ENV=demo to try the demo city."
            )
        if not self.uses_https:
            raise ConfigurationError("Set CPS_BASE_URL to the public https:// address of this installation.")
        if not self.rate_limits:
            raise ConfigurationError("CPS_RATE_LIMITS=off is for demo and test only.")
        if not self.staff_two_step:
            raise ConfigurationError("CPS_STAFF_TWO_STEP=off is for demo and test only.")

    def rows(self) -> list[tuple[str, str, str]]:
        """Return (setting, value with secrets hidden, help) of every setting."""
        return [
            (f.metadata["name"], self._shown(f.name, f.metadata), f.metadata["help"]) for f in fields(self)
        ]

    def _shown(self, name: str, metadata: Mapping[str, object]) -> str:
        value = getattr(self, name)
        if value in (None, (), ""):
            return "(not set)"
        return "(hidden)" if metadata["secret"] else str(value)


def database_url(text: str) -> str:
    """Return the SQLAlchemy address for the usual spellings of a database address."""
    for short in ("postgres://", "postgresql://"):
        if text.startswith(short):
            return "postgresql+psycopg://" + text.removeprefix(short)
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigurationError("CPS_DATABASE_URL must start with sqlite:/// or postgresql+psycopg://.")
    return text


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _check_networks(texts: tuple[str, ...]) -> None:
    try:
        for text in texts:
            ip_network(text)
    except ValueError:
        raise ConfigurationError(
            "CPS_METRICS_FROM must be addresses or networks such as 10.0.0.7,10.1.0.0/16."
        ) from None


def _choice(env: Mapping[str, str], name: str, enum: type[Env], default: Env) -> Env:
    try:
        return enum(env.get(name) or default)
    except ValueError:
        raise ConfigurationError(f"{name} must be one of: {', '.join(enum)}.") from None


def _number(env: Mapping[str, str], name: str, default: int, *, most: int) -> int:
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or int(text) > most:
        raise ConfigurationError(f"{name} must be a whole number from 0 to {most}.")
    return int(text)


def _switch(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = env.get(name) or ("on" if default else "off")
    if text not in {"on", "off"}:
        raise ConfigurationError(f"{name} must be on or off.")
    return text == "on"
