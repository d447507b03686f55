"""Settings: read once, refused when unsafe."""

from pathlib import Path

import pytest

from cps.config import DEMO_SECRET, Config, Env, database_url
from cps.core.errors import ConfigurationError

SECRET = "0123456789abcdef0123456789abcdef"
PRODUCTION = {"CPS_SECRET_KEY": SECRET, "CPS_BASE_URL": "https://city.test"}


def test_a_city_with_a_secret_and_an_https_address_may_start() -> None:
    config = Config.from_environment(PRODUCTION)

    assert config.env is Env.PRODUCTION
    assert config.uses_https
    assert not config.is_demo


@pytest.mark.parametrize(
    ("change", "setting"),
    [
        ({"CPS_SECRET_KEY": ""}, "CPS_SECRET_KEY"),
        ({"CPS_SECRET_KEY": DEMO_SECRET}, "CPS_SECRET_KEY"),
        ({"CPS_SECRET_KEY": "too short"}, "CPS_SECRET_KEY"),
        ({"CPS_BASE_URL": ""}, "CPS_BASE_URL"),
        ({"CPS_BASE_URL": "http://city.test"}, "CPS_BASE_URL"),
        ({"CPS_BASE_URL": "city.test"}, "CPS_BASE_URL"),
        ({"CPS_RATE_LIMITS": "off"}, "CPS_RATE_LIMITS"),
    ],
)
def test_production_refuses_what_is_unsafe_and_names_the_setting(
    change: dict[str, str], setting: str
) -> None:
    with pytest.raises(ConfigurationError, match=setting):
        Config.from_environment({**PRODUCTION, **change})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CPS_ENV", "staging"),
        ("CPS_RATE_LIMITS", "yes"),
        ("CPS_PROXY_HOPS", "-1"),
        ("CPS_PROXY_HOPS", "11"),
        ("CPS_PROXY_HOPS", "²"),
        ("PORT", "70000"),
        ("PORT", "http"),
        ("CPS_DATABASE_URL", "mysql://localhost/x"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        Config.from_environment({"CPS_ENV": "demo", name: value})


def test_a_demo_starts_without_any_other_setting() -> None:
    config = Config.from_environment({"CPS_ENV": "demo"})

    assert config.is_demo
    assert config.database_url.startswith("sqlite:///")
    assert config.storage_url == str(config.instance / "media")


def test_without_a_word_an_installation_is_for_production() -> None:
    with pytest.raises(ConfigurationError):
        Config.from_environment({})


@pytest.mark.parametrize("short", ["postgres://u@h/db", "postgresql://u@h/db", "postgresql+psycopg://u@h/db"])
def test_every_usual_spelling_of_a_postgresql_address_is_understood(short: str) -> None:
    assert database_url(short) == "postgresql+psycopg://u@h/db"


def test_shown_settings_hide_secrets_and_are_complete() -> None:
    config = Config.from_environment({**PRODUCTION, "CPS_SMTP_URL": "smtp://user:pass@mail.test"})

    rows = {name: value for name, value, _help in config.rows()}

    assert rows["CPS_SECRET_KEY"] == rows["CPS_SMTP_URL"] == "(hidden)"
    assert rows["CPS_TILE_URL"] == "(not set)"
    assert rows["CPS_BASE_URL"] == "https://city.test"
    assert all(text for _name, _value, text in config.rows())


def test_places_follow_the_instance_folder(tmp_path: Path) -> None:
    config = Config.from_environment({"CPS_ENV": "demo", "CPS_INSTANCE": str(tmp_path)})

    assert config.keys_dir == tmp_path / "keys"
    assert str(tmp_path) in config.database_url


def test_host_names_are_read_from_a_list_with_commas() -> None:
    config = Config.from_environment({"CPS_ENV": "demo", "CPS_TRUSTED_HOSTS": "city.test, www.city.test,"})

    assert config.trusted_hosts == ("city.test", "www.city.test")
